/**
 * The floor: the signatures, digests, random octets and encoding that a message cannot do without, in bare node:crypto, with
 * no check whatsoever. Nothing here may be used for anything but measuring.
 */
import { createPublicKey, generateKeyPairSync, hash, type KeyObject, randomBytes, sign, verify } from 'node:crypto'
import type { PublicJwk } from '@wegwijzer/protocol/crypto'
import type { CredentialParts } from './signed-credential.ts'

const encode = (text: string | Buffer) => Buffer.from(text as string).toString('base64url')
const decode = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString())
const digest = (text: string) => hash('sha256', text, 'base64url')

export function generateKey(): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

function signJwt(header: object, claims: object, key: KeyObject): string {
  const input = `${encode(JSON.stringify({ alg: 'ES256', ...header }))}.${encode(JSON.stringify(claims))}`
  return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

function verifyJwt(jwt: string, key: KeyObject): void {
  const end = jwt.lastIndexOf('.')
  const signature = Buffer.from(jwt.slice(end + 1), 'base64url')
  const isRight = verify('sha256', Buffer.from(jwt.slice(0, end)), { key, dsaEncoding: 'ieee-p1363' }, signature)
  if (!isRight) throw new Error('the floor does not verify what it measures')
}

/** One random draw, a Disclosure and a digest per claim, one signature. */
export function issue({ header, visible, hidden }: CredentialParts, key: KeyObject): string {
  const names = Object.keys(hidden)
  const salts = randomBytes(16 * names.length)
  const disclosures = names.map((name, at) =>
    encode(JSON.stringify([salts.toString('base64url', at * 16, at * 16 + 16), name, hidden[name]])),
  )
  const claims = { ...visible, _sd: disclosures.map(digest).sort(), _sd_alg: 'sha-256' }
  return `${signJwt(header, claims, key)}~${disclosures.join('~')}~`
}

/** Every Disclosure opened, to know what it discloses; one digest, one signature. */
export function present(credential: string, names: ReadonlySet<string>, key: KeyObject, claims: object): string {
  const [jwt, ...disclosures] = credential.split('~').slice(0, -1)
  const chosen = disclosures.filter((disclosure) => names.has(decode(disclosure)[1]))
  const presentation = `${[jwt, ...chosen].join('~')}~`
  return presentation + signJwt({ typ: 'kb+jwt' }, { ...claims, sd_hash: digest(presentation) }, key)
}

/** Two signatures, the holder's key imported, a digest per Disclosure and one over all; everything decoded. */
export function verifyPresentation(presentation: string, issuerKey: KeyObject): Readonly<Record<string, unknown>> {
  const parts = presentation.split('~')
  const [jwt = ''] = parts
  const keyBinding = parts.pop() ?? ''
  verifyJwt(jwt, issuerKey)
  const [header = '', payload = ''] = jwt.split('.')
  decode(header)
  const claims = decode(payload)
  const byDigest = new Map(parts.slice(1).map((disclosure) => [digest(disclosure), decode(disclosure)]))
  for (const one of claims._sd) {
    const [, name, value] = byDigest.get(one) ?? []
    if (name !== undefined) claims[name] = value
  }
  verifyJwt(keyBinding, importKey(claims.cnf.jwk))
  const [bindingHeader = '', bindingClaims = ''] = keyBinding.split('.')
  decode(bindingHeader)
  decode(bindingClaims)
  digest(presentation.slice(0, presentation.length - keyBinding.length))
  return claims
}

export function importKey(jwk: PublicJwk): KeyObject {
  return createPublicKey({ key: { ...jwk }, format: 'jwk' })
}
