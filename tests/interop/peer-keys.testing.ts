import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKeyInput,
  type KeyObject,
  sign,
  verify,
  X509Certificate,
} from 'node:crypto'
import type { PublicJwk } from '@wegwijzer/protocol/crypto'

/**
 * The keys of other people's software. Nothing of ours signs, verifies or reads a certificate here, so that an error of ours
 * does not agree with itself.
 */
export interface PeerKey {
  readonly privateKey: KeyObject
  readonly publicJwk: PublicJwk
  /** @returns base64url of r || s. */
  sign(data: string): string
}

export function makePeerKey(): PeerKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    privateKey,
    publicJwk: publicJwkOf(privateKey),
    sign: (data) =>
      sign('sha256', Buffer.from(data), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
  }
}

export function publicJwkOf(key: KeyObject): PublicJwk {
  const { x, y } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  if (x === undefined || y === undefined) throw new Error('the key is no EC key')
  return { kty: 'EC', crv: 'P-256', x, y }
}

/** @param jwk A public key, or a private one. */
export function readJwk(jwk: object): KeyObject {
  const key: JsonWebKeyInput['key'] = { ...jwk }
  return key.d !== undefined ? createPrivateKey({ key, format: 'jwk' }) : createPublicKey({ key, format: 'jwk' })
}

/** @param signature base64url of r || s. */
export function isSignedBy(data: string, signature: string, key: KeyObject): boolean {
  return verify('sha256', Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
}

/**
 * The key in an `x5c`, by Node's own reader: each certificate must be issued by the next one and the last by the anchor,
 * which must not be there itself (HAIP 1.0 §6.1.1 issuer-key-resolution).
 */
export function readX5cKey(x5c: unknown, anchorDer: Uint8Array): KeyObject {
  if (!Array.isArray(x5c) || x5c.length === 0) throw new Error('x5c is no chain')
  const chain = x5c.map((der) => new X509Certificate(Buffer.from(String(der), 'base64')))
  const anchor = new X509Certificate(anchorDer)
  const now = Date.now()
  for (const [at, certificate] of chain.entries()) {
    const issuer = chain[at + 1] ?? anchor
    if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey))
      throw new Error('the chain is broken')
    if (now < Date.parse(certificate.validFrom) || now > Date.parse(certificate.validTo))
      throw new Error('it has ended')
    if (certificate.fingerprint256 === anchor.fingerprint256) throw new Error('the anchor stands in the chain')
  }
  const [leaf] = chain
  if (leaf === undefined) throw new Error('x5c is no chain')
  return leaf.publicKey
}

/** Header and payload of a compact JWT, believed by nobody. */
export function decodeJwtParts(jwt: string): {
  readonly header: Record<string, unknown>
  readonly payload: Record<string, unknown>
} {
  const [header = '', payload = ''] = jwt.split('.')
  const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
  return { header: decode(header), payload: decode(payload) }
}
