import { readFile } from 'node:fs/promises'
import { deflateSync } from 'node:zlib'
import type { CryptoPort, EpochSeconds, Signer } from '@wegwijzer/protocol/crypto'
import { makeStatusBitmap, makeStatusListToken, STATUS_VALUE, setStatusValue } from '@wegwijzer/protocol/status-list'
import {
  type IssuerRegistrationContent,
  makeRegistrationCertificate,
  type RegistrationContent,
} from '@wegwijzer/trust/registration'
import { Type } from 'typebox'
import { Check } from 'typebox/value'

/**
 * The demo registrar: it registers what an organisation may ask for one intended use, or what it issues, and says of each registration whether
 * it still holds.
 *
 * Its state is one file that `npm run organisation` and the wallet host both read: who was registered is not in it, only
 * which indexes were given and which were revoked.
 */
export interface Registrar {
  /** @returns A registration certificate, compact JWT, with a status index of its own. */
  register(content: RegistrationContent | IssuerRegistrationContent, now: EpochSeconds): Promise<string>
  /** @param index The certificate's status index. From the next `ttl` on wallets refuse it. */
  revoke(index: number): Promise<void>
  /** The signed list of all registrations, for `/registrar/status-list`. */
  statusListToken(now: EpochSeconds): Promise<string>
}

/** A key and its certificate chain without the anchor, base64 DER. */
export interface CertifiedSigner {
  readonly signer: Signer
  readonly x5c: readonly string[]
}

export interface RegistrarOptions {
  readonly stateFile: string
  readonly statusListUri: string
  readonly registrationSigner: CertifiedSigner
  readonly statusListSigner: CertifiedSigner
  readonly crypto: CryptoPort
  /** Replaces a file as a whole, durably. */
  readonly writeFile: (path: string, content: string) => void
}

const RegistrarState = Type.Object(
  { given: Type.Array(Type.Integer({ minimum: 0 })), revoked: Type.Array(Type.Integer({ minimum: 0 })) },
  { additionalProperties: false },
)

interface State {
  readonly given: readonly number[]
  readonly revoked: readonly number[]
}

/** Room for the registrations of a demo; an index is drawn at random, so that it tells nothing about when. */
const LIST_SIZE = 2 ** 14
/** Half a year, within the twelve months a registration may hold. */
const REGISTRATION_SECONDS = 182 * 86_400
export const REGISTRAR_TTL_SECONDS = 5
const LIST_SECONDS = 60

export function openRegistrar(options: RegistrarOptions): Registrar {
  const { stateFile, statusListUri, registrationSigner, statusListSigner } = options
  const save = (state: State) => options.writeFile(stateFile, `${JSON.stringify(state)}\n`)

  return {
    async register(content, now) {
      const state = await readState(stateFile)
      const index = drawIndex(state, options.crypto)
      // Taken before it is signed: an index is never given twice, also when the signing is cut off.
      save({ ...state, given: [...state.given, index] })
      return makeRegistrationCertificate(content, {
        issuedAt: now,
        expiresAt: now + REGISTRATION_SECONDS,
        status: { uri: statusListUri, index },
        ...registrationSigner,
      })
    },

    async revoke(index) {
      const state = await readState(stateFile)
      if (!state.given.includes(index)) throw new Error('the registrar has given no registration this index')
      if (!state.revoked.includes(index)) save({ ...state, revoked: [...state.revoked, index] })
    },

    async statusListToken(now) {
      const { revoked } = await readState(stateFile)
      const bitmap = makeStatusBitmap(1, LIST_SIZE)
      for (const index of revoked) setStatusValue({ bits: 1, bitmap }, index, STATUS_VALUE.invalid)
      return makeStatusListToken({
        subject: statusListUri,
        bits: 1,
        bitmap,
        deflate: (octets) => deflateSync(octets),
        issuedAt: now,
        expiresAt: now + LIST_SECONDS,
        ttlSeconds: REGISTRAR_TTL_SECONDS,
        ...statusListSigner,
      })
    },
  }
}

function drawIndex({ given }: State, crypto: CryptoPort): number {
  if (given.length >= LIST_SIZE / 2) throw new Error('the list of the demo registrar is full')
  for (;;) {
    const [high = 0, low = 0] = crypto.randomBytes(2)
    const index = ((high << 8) | low) % LIST_SIZE
    if (!given.includes(index)) return index
  }
}

async function readState(stateFile: string): Promise<State> {
  const text = await readFile(stateFile, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return { given: [], revoked: [] }
  const state: unknown = JSON.parse(text)
  if (!Check(RegistrarState, state)) throw new Error('the state file of the registrar is damaged')
  return state
}
