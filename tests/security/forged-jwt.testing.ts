import { createHmac, createPublicKey } from 'node:crypto'
import { generateNodeSigner } from '@wegwijzer/keys/node'
import type { PublicJwk, Signer } from '@wegwijzer/protocol/crypto'
import { encodeBase64url, encodeUtf8, makeJwt, parseJws, readClaims } from '@wegwijzer/protocol/jose'
import type { JsonObject } from '@wegwijzer/protocol/json'

export interface Forgery {
  readonly name: string
  readonly forge: (jwt: string) => Promise<string>
}

/** The same JWT, signed anew with another header or other claims. */
export async function remake(
  jwt: string,
  signer: Signer,
  change: { readonly header?: JsonObject; readonly claims?: JsonObject },
): Promise<string> {
  const jws = parseJws(jwt)
  const { alg: _alg, ...header } = jws.header
  return makeJwt({ ...header, ...change.header }, { ...readClaims(jws), ...change.claims }, signer)
}

/**
 * Every known way to make a JWT pass that its key did not sign, or to have its reader take another key or fetch one.
 *
 * @param signer The right key, for forgeries whose signature holds and whose header is the trick.
 * @param keyOf Which public key the reader has for this JWT.
 * @param trapUrl Where what is fetched would be noticed.
 */
export function forgeries(signer: Signer, publicJwk: PublicJwk, trapUrl: string): readonly Forgery[] {
  const own = (name: string, header: JsonObject): Forgery => ({ name, forge: (jwt) => remake(jwt, signer, { header }) })
  const jwk: JsonObject = { ...publicJwk }
  const pem = createPublicKey({ key: { ...publicJwk }, format: 'jwk' }).export({ format: 'pem', type: 'spki' })
  return [
    { name: 'alg none', forge: async (jwt) => `${head(jwt, { alg: 'none' })}.` },
    { name: 'alg None with a signature', forge: async (jwt) => `${head(jwt, { alg: 'None' })}.AAAA` },
    { name: 'HMAC with the public JWK', forge: async (jwt) => hmac(head(jwt, { alg: 'HS256' }), JSON.stringify(jwk)) },
    { name: 'HMAC with the public PEM', forge: async (jwt) => hmac(head(jwt, { alg: 'HS256' }), pem) },
    { name: 'HMAC with nothing', forge: async (jwt) => hmac(head(jwt, { alg: 'HS256' }), '') },
    { name: 'an empty signature', forge: async (jwt) => `${jwt.split('.').slice(0, 2).join('.')}.` },
    { name: 'a signature of zeros', forge: async (jwt) => `${head(jwt, {})}.${'A'.repeat(86)}` },
    { name: 'a signature of another', forge: (jwt) => remake(jwt, generateNodeSigner(), {}) },
    { name: 'other claims under the old signature', forge: async (jwt) => swapped(jwt) },
    { name: 'a fourth part', forge: async (jwt) => `${jwt}.${jwt.split('.')[2]}` },
    { name: 'padding', forge: async (jwt) => `${jwt}==` },
    { name: 'the JSON serialization', forge: async (jwt) => jsonSerialization(jwt) },
    own('alg ES384', { alg: 'ES384' }),
    own('alg in small letters', { alg: 'es256' }),
    own('another typ', { typ: 'JWT' }),
    own('a critical extension', { crit: ['b64'], b64: false }),
    own('a private key in the header', { jwk: { ...jwk, d: jwk.x ?? '' } }),
    own('a symmetric key in the header', { jwk: { kty: 'oct', k: 'AAAA' } }),
    own('a key that is no point', { jwk: { ...jwk, y: jwk.x ?? '' } }),
    own('a key at infinity', { jwk: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } }),
    own('a JWK Set to fetch', { jku: `${trapUrl}/jwks.json` }),
    own('a certificate to fetch', { x5u: `${trapUrl}/certificate.pem` }),
    own('a key identifier that is a URL', { kid: `${trapUrl}/key` }),
    own('a key identifier that is a path', { kid: '../../../../dev/null' }),
    own('a key identifier that is SQL', { kid: "' UNION SELECT 'AA'--" }),
  ]
}

function head(jwt: string, header: JsonObject): string {
  return `${encode({ ...parseJws(jwt).header, ...header })}.${jwt.split('.')[1]}`
}

function hmac(input: string, key: string | Buffer): string {
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`
}

function swapped(jwt: string): string {
  const [header, , signature] = jwt.split('.')
  return `${header}.${encode({ ...readClaims(parseJws(jwt)), sub: 'somebody-else' })}.${signature}`
}

function jsonSerialization(jwt: string): string {
  const [header, payload, signature] = jwt.split('.')
  return JSON.stringify({ protected: header, payload, signature })
}

function encode(value: JsonObject): string {
  return encodeBase64url(encodeUtf8(JSON.stringify(value)))
}
