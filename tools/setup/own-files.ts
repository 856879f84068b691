import { readFileSync, statSync } from 'node:fs'
import { nodeCrypto } from '@wegwijzer/keys/node'
import { TRUST_ROLES, type TrustRole } from '@wegwijzer/keys/x509'
import { type BroughtFiles, type BroughtKey, readBroughtKey } from '@wegwijzer/organisation/brought-key'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { type RegistrationContent, verifyRegistrationSignature } from '@wegwijzer/trust/registration'
import type { TrustList } from '@wegwijzer/trust/trust-list'
import { SetupError } from './setup-error.ts'

/** Where an organisation has a key of its own, with its certificates. */
export interface KeyFiles {
  readonly key: string
  /** Absent, the key file is a JWK with `x5c`. */
  readonly certificates: string | undefined
}

/** Who the organisation is here, so what its certificates must say. */
export interface OwnParty {
  readonly identifier: string
  readonly uri: string
}

/** A key, its chains and registrations are some kilobytes. */
const MAX_FILE_BYTES = 200_000

/**
 * Reads a key that an organisation brings, and checks it against the authorities that the trust list has in its role.
 *
 * @throws {SetupError} naming the file and what is wrong, never what stands in it.
 */
export async function readKeyFiles(
  files: KeyFiles,
  role: TrustRole,
  party: OwnParty,
  { list, now }: { readonly list: TrustList; readonly now: EpochSeconds },
): Promise<BroughtKey> {
  const contents: BroughtFiles = {
    key: readOwnFile(files.key),
    certificates: files.certificates === undefined ? undefined : readOwnFile(files.certificates),
  }
  const read = (as: TrustRole) => readBroughtKey(contents, { ...party, anchors: list.trustAnchors[as], now })
  try {
    return await read(role)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    const place = error.code === 'invalid_key' ? files.key : (files.certificates ?? files.key)
    if (error.code !== 'untrusted_certificate') throw new SetupError(`${place}: ${error.message}`, { cause: error })
    throw new SetupError(`${place}: ${describeUntrusted(role, await findOtherRole(role, read))}`, { cause: error })
  }
}

/** The other role whose authorities issued a certificate, whatever else is wrong with it. */
async function findOtherRole(
  role: TrustRole,
  read: (as: TrustRole) => Promise<BroughtKey>,
): Promise<TrustRole | undefined> {
  for (const other of TRUST_ROLES.filter((candidate) => candidate !== role)) {
    const isIssuer = await read(other).then(
      () => true,
      (error: unknown) => error instanceof ProtocolError && error.code !== 'untrusted_certificate',
    )
    if (isIssuer) return other
  }
  return undefined
}

function describeUntrusted(role: TrustRole, found: TrustRole | undefined): string {
  if (found !== undefined) return `it is a certificate of the role ${found}, and this key needs one of the role ${role}`
  return `no authority that the trust list has in the role ${role} issued it; add that authority with npm run trust-list -- anchor --role ${role} --certificate <file>`
}

/** A registrar's certificates, found again by the use that each is for. */
export interface OwnRegistrations {
  /** @returns The certificate for this use; `undefined` when none was brought. */
  find(content: RegistrationContent): string | undefined
}

/**
 * Reads registration certificates that an organisation brings: signed by a registrar of the trust list, holding now, and of
 * this organisation. Whether they cover what a policy asks is checked when it is activated.
 *
 * @throws {SetupError} naming the file and what is wrong.
 */
export async function readRegistrationFiles(
  files: readonly string[],
  { identifier }: Pick<OwnParty, 'identifier'>,
  { list, now }: { readonly list: TrustList; readonly now: EpochSeconds },
): Promise<OwnRegistrations> {
  const byUse = new Map<string, string>()
  for (const file of files) {
    const compact = readOwnFile(file).trim()
    try {
      const { certificate } = await verifyRegistrationSignature(compact, { list, now, crypto: nodeCrypto })
      if (certificate.sub !== identifier) throw new SetupError('it registers another organisation')
      byUse.set(certificate.intended_use_id, compact)
    } catch (error) {
      if (!(error instanceof ProtocolError || error instanceof SetupError)) throw error
      throw new SetupError(`${file}: ${error.message}`, { cause: error })
    }
  }
  return { find: ({ intended_use_id }) => byUse.get(intended_use_id) }
}

function readOwnFile(file: string): string {
  try {
    if (statSync(file).size > MAX_FILE_BYTES) throw new SetupError(`${file}: it is too large to be what was asked for`)
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof SetupError) throw error
    throw new SetupError(`${file} cannot be read`, { cause: error })
  }
}
