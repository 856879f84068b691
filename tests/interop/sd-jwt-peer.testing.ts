import { createHash, randomBytes } from 'node:crypto'
import { SDJwtVcInstance, type SdJwtVcPayload } from '@sd-jwt/sd-jwt-vc'
import type { World } from '../support/world.ts'
import { decodeJwtParts, isSignedBy, type PeerKey, readJwk, readX5cKey } from './peer-keys.testing.ts'
import { anchorOf, type CertifiedPeerKey } from './peer-organisation.testing.ts'

/** @sd-jwt as issuer, holder and verifier. */

const BASE = {
  hasher: (data: string | ArrayBuffer, algorithm: string) =>
    new Uint8Array(
      createHash(algorithm.replace('-', ''))
        .update(typeof data === 'string' ? data : new Uint8Array(data))
        .digest(),
    ),
  hashAlg: 'sha-256',
  saltGenerator: (length: number) => randomBytes(length).toString('base64url'),
} as const

/** @param alwaysVisible Names at the top level that get no Disclosure; everything else has one, at each level. */
export function issueAsPeer(
  { key, x5c }: CertifiedPeerKey,
  payload: SdJwtVcPayload,
  alwaysVisible: readonly string[],
): Promise<string> {
  const issuer = new SDJwtVcInstance({ ...BASE, signer: (data) => key.sign(data), signAlg: 'ES256' })
  const hidden = Object.entries(payload).filter(([name]) => !alwaysVisible.includes(name))
  const frame = { ...hideAll(Object.fromEntries(hidden)), _sd_decoy: 2 }
  return issuer.issue(payload, frame as never, { header: { x5c: [...x5c] } })
}

/** The library's description of "every claim on its own". */
function hideAll(value: unknown): Record<string, unknown> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  const below = entries
    .filter(([, member]) => typeof member === 'object' && member !== null)
    .map(([name, member]) => [name, hideAll(member)])
  const names = entries.map(([name]) => (Array.isArray(value) ? Number(name) : name))
  return { ...Object.fromEntries(below), ...(names.length > 0 && { _sd: names }) }
}

export interface PeerPresentation {
  /** What goes, as the library's frame: `{ grades: true }`. */
  readonly frame: Record<string, unknown>
  readonly audience: string
  readonly nonce: string
  readonly key: PeerKey
}

export function presentAsPeer(sdJwt: string, { frame, audience, nonce, key }: PeerPresentation): Promise<string> {
  const holder = new SDJwtVcInstance({ ...BASE, kbSigner: (data) => key.sign(data), kbSignAlg: 'ES256' })
  const kb = { payload: { iat: Math.floor(Date.now() / 1000), aud: audience, nonce } }
  return holder.present(sdJwt, frame as never, { kb })
}

/** What the library found, with the issuer's chain and the status list verified by Node alone. */
export function verifyAsPeer(world: World, sdJwt: string, { nonce }: { readonly nonce?: string } = {}) {
  return makeVerifier(world).verify(sdJwt, nonce === undefined ? {} : { keyBindingNonce: nonce })
}

export function makeVerifier(
  world: World,
  more: ConstructorParameters<typeof SDJwtVcInstance>[0] = {},
): SDJwtVcInstance {
  const [credentialIssuer, statusList] = [anchorOf(world, 'credential_issuer'), anchorOf(world, 'status_list')]
  return new SDJwtVcInstance({
    ...BASE,
    ...more,
    verifier: (data, signature) => isSignedUnder(credentialIssuer, data, signature),
    statusVerifier: (data, signature) => isSignedUnder(statusList, data, signature),
    kbVerifier(data, signature, { cnf }) {
      return (
        typeof cnf === 'object' && cnf !== null && 'jwk' in cnf && isSignedBy(data, signature, readJwk(Object(cnf.jwk)))
      )
    },
  })
}

function isSignedUnder(anchor: Uint8Array, data: string, signature: string): boolean {
  const { header } = decodeJwtParts(data)
  return header.alg === 'ES256' && isSignedBy(data, signature, readX5cKey(header.x5c, anchor))
}
