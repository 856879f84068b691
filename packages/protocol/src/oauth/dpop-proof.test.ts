import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import fc from 'fast-check'
import { EmbeddedJWK, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import type { Signer } from '../crypto.ts'
import { ProtocolError } from '../errors.ts'
import { encodeBase64url, encodeUtf8, jwkThumbprint, makeJwt } from '../jose/jose.ts'
import type { JsonObject } from '../json/json.ts'
import { type ExpectedDpopProof, makeDpopProof, verifyDpopProof } from './oauth.ts'

const NOW = 1_790_812_800
const signer = generateNodeSigner()
const request = {
  method: 'POST',
  url: 'https://issuer.example/roc/credential',
  accessToken: 'token-1',
  issuedAt: NOW,
  signer,
  crypto: nodeCrypto,
}
const expected: ExpectedDpopProof = {
  method: 'POST',
  url: 'https://issuer.example/roc/credential',
  accessToken: 'token-1',
  now: NOW,
  maxAgeSeconds: 300,
  crypto: nodeCrypto,
}

/** SHA-256 of `token-1`. */
const ATH = encodeBase64url(await nodeCrypto.digest('sha-256', encodeUtf8('token-1')))

/** A proof that is right for `expected` but for the change; `undefined` leaves a member out. */
function proofWith(change: { header?: object; payload?: object; signedBy?: Signer }): Promise<string> {
  const header = { typ: 'dpop+jwt', jwk: { ...signer.publicJwk }, ...change.header }
  const payload = { jti: 'a', htm: 'POST', htu: expected.url, iat: NOW, ath: ATH, ...change.payload }
  return makeJwt(withoutUndefined(header), withoutUndefined(payload), change.signedBy ?? signer)
}

function withoutUndefined(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject
}

describe('accepts', () => {
  test('the proof the wallet makes, and returns the key that must stand in cnf.jkt [RFC 9449 §4.3]', async () => {
    const proof = await makeDpopProof({ ...request, nonce: 'server-nonce' })
    expect(await verifyDpopProof(proof, expected)).toEqual({
      thumbprint: await jwkThumbprint(signer.publicJwk, nodeCrypto),
      publicJwk: signer.publicJwk,
      jti: expect.stringMatching(/^[\w-]{22}$/),
      nonce: 'server-nonce',
      issuedAt: NOW,
    })
  })

  test('what jose signs, as jose accepts what is made here', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const claims = { jti: 'a', htm: 'POST', htu: expected.url, iat: NOW, ath: ATH }
    const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(publicKey) }
    await expect(
      verifyDpopProof(await new SignJWT(claims).setProtectedHeader(header).sign(privateKey), expected),
    ).resolves.toMatchObject({ jti: 'a' })
    const { payload } = await jwtVerify(await makeDpopProof(request), EmbeddedJWK, { typ: 'dpop+jwt' })
    expect(payload).toMatchObject({ htm: 'POST', htu: expected.url, ath: ATH, iat: NOW })
  })

  test('a proof without access token and nonce at a token endpoint [RFC 9449 §5]', async () => {
    const proof = await makeDpopProof({ method: 'POST', url: expected.url, issuedAt: NOW, signer, crypto: nodeCrypto })
    const { accessToken: _, ...atTokenEndpoint } = expected
    expect(await verifyDpopProof(proof, atTokenEndpoint)).not.toHaveProperty('nonce')
  })

  test('two proofs of one request under two identifiers, so that one use each can be told apart [RFC 9449 §4.2]', async () => {
    const [one, other] = await Promise.all([makeDpopProof(request), makeDpopProof(request)])
    expect((await verifyDpopProof(one, expected)).jti).not.toBe((await verifyDpopProof(other, expected)).jti)
  })

  test.each([
    ['with query and fragment left out on either side', 'https://issuer.example/roc/credential?a=1#b'],
    ['with another case in scheme and host', 'HTTPS://Issuer.EXAMPLE/roc/credential'],
    ['with the default port', 'https://issuer.example:443/roc/credential'],
    ['with dot segments', 'https://issuer.example/x/../roc/./credential'],
    ['with an unreserved character escaped', 'https://issuer.example/%72oc/credential'],
  ])('a target URI %s [RFC 9449 §4.3, RFC 3986 §6.2]', async (_name, htu) => {
    await expect(verifyDpopProof(await proofWith({ payload: { htu } }), expected)).resolves.toBeDefined()
    const proof = await makeDpopProof(request)
    await expect(verifyDpopProof(proof, { ...expected, url: htu })).resolves.toBeDefined()
  })

  test('escapes of either case, which stay escapes [RFC 3986 §6.2.2.1]', async () => {
    const proof = await proofWith({ payload: { htu: 'https://issuer.example/a%2fb' } })
    await expect(verifyDpopProof(proof, { ...expected, url: 'https://issuer.example/a%2Fb' })).resolves.toBeDefined()
    await expect(verifyDpopProof(proof, { ...expected, url: 'https://issuer.example/a/b' })).rejects.toThrow(
      'another URI',
    )
  })

  test.each([
    ['the oldest allowed', NOW - 300],
    ['as far ahead as clocks may differ', NOW + 60],
  ])('a time of issue: %s [RFC 9449 §11.1]', async (_name, iat) => {
    await expect(verifyDpopProof(await proofWith({ payload: { iat } }), expected)).resolves.toMatchObject({
      issuedAt: iat,
    })
  })
})

describe('refuses, as invalid_dpop_proof', () => {
  test.each([
    ['an untyped JWT', { header: { typ: 'JWT' } }],
    ['no type', { header: { typ: undefined } }],
    ['no key', { header: { jwk: undefined } }],
    ['a private key in the header', { header: { jwk: { ...signer.publicJwk, d: 'AAAA' } } }],
    ['a symmetric key in the header', { header: { jwk: { kty: 'oct', k: 'AAAA' } } }],
    ['a key that is no point of the curve', { header: { jwk: { ...signer.publicJwk, y: signer.publicJwk.x } } }],
    ['the key of another', { header: { jwk: { ...generateNodeSigner().publicJwk } } }],
    ['a key named again by kid', { header: { kid: 'key-1' } }],
    ['a key said to be elsewhere by jku', { header: { jku: 'https://attacker.example/jwks' } }],
    ['a key said to be elsewhere by x5u', { header: { x5u: 'https://attacker.example/x5u' } }],
    ['a certificate beside the key', { header: { x5c: ['AAAA'] } }],
    ['a critical extension', { header: { crit: ['exp'] } }],
    ['alg none', { header: { alg: 'none' } }],
    ['an HMAC', { header: { alg: 'HS256' } }],
    ['an algorithm that the key is not for', { header: { alg: 'ES384' } }],
    ['a signature of another key', { signedBy: generateNodeSigner() }],
    ['another method', { payload: { htm: 'GET' } }],
    ['the method in lower case', { payload: { htm: 'post' } }],
    ['no method', { payload: { htm: undefined } }],
    ['another path', { payload: { htu: 'https://issuer.example/roc/token' } }],
    ['another host', { payload: { htu: 'https://attacker.example/roc/credential' } }],
    ['another scheme', { payload: { htu: 'http://issuer.example/roc/credential' } }],
    ['another port', { payload: { htu: 'https://issuer.example:8443/roc/credential' } }],
    ['another case in the path', { payload: { htu: 'https://issuer.example/ROC/credential' } }],
    ['a URI with credentials', { payload: { htu: 'https://a:b@issuer.example/roc/credential' } }],
    ['a relative URI', { payload: { htu: '/roc/credential' } }],
    ['a URI that is no string', { payload: { htu: 1 } }],
    ['no URI', { payload: { htu: undefined } }],
    ['a proof from 1970', { payload: { iat: 0 } }],
    ['a proof older than the window', { payload: { iat: NOW - 301 } }],
    ['a proof of the future', { payload: { iat: NOW + 61 } }],
    ['a time that is a string', { payload: { iat: String(NOW) } }],
    ['no time', { payload: { iat: undefined } }],
    ['a proof past its own end', { payload: { exp: NOW - 100 } }],
    ['no identifier', { payload: { jti: undefined } }],
    ['an empty identifier', { payload: { jti: '' } }],
    ['an identifier that is a number', { payload: { jti: 1 } }],
    ['an identifier too long to remember', { payload: { jti: 'a'.repeat(257) } }],
    ['a nonce that is no string', { payload: { nonce: 1 } }],
    ['a nonce too long to be one', { payload: { nonce: 'a'.repeat(1025) } }],
    ['no access token hash', { payload: { ath: undefined } }],
    ['the hash of another access token', { payload: { ath: ATH.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')) } }],
    ['a proof that is too long', { payload: { filler: 'a'.repeat(8000) } }],
  ])('%s [RFC 9449 §4.3]', async (_name, change) => {
    await expect(verifyDpopProof(await proofWith(change), expected)).rejects.toMatchObject({
      name: 'ProtocolError',
      code: 'invalid_dpop_proof',
    })
  })

  test.each(['', 'a', 'a.b.c', '..', 'e30.e30.', 'e30.e30.AAAA', 'null', 'e30.e30.AAAA.AAAA'])(
    'what is no JWT: %j',
    async (proof) => {
      await expect(verifyDpopProof(proof, expected)).rejects.toMatchObject({ code: 'invalid_dpop_proof' })
    },
  )

  test('two proofs in one header, as proxies join them [RFC 9449 §4.3]', async () => {
    const two = `${await makeDpopProof(request)}, ${await makeDpopProof(request)}`
    await expect(verifyDpopProof(two, expected)).rejects.toMatchObject({ code: 'invalid_dpop_proof' })
  })

  test('any proof of which one character was changed', async () => {
    const proof = await makeDpopProof(request)
    await fc.assert(
      fc.asyncProperty(fc.nat(proof.length - 1), fc.base64String({ minLength: 1 }), async (at, [character = 'A']) => {
        fc.pre(proof[at] !== character)
        const changed = proof.slice(0, at) + character + proof.slice(at + 1)
        await expect(verifyDpopProof(changed, expected)).rejects.toMatchObject({ code: 'invalid_dpop_proof' })
      }),
    )
  })
})

test('a proof is made for http(s) only, without query and fragment', async () => {
  const proof = await makeDpopProof({ ...request, url: 'https://issuer.example/roc/credential?secret=1' })
  expect(atob(proof.split('.')[1] ?? '')).not.toContain('secret')
  await expect(makeDpopProof({ ...request, url: 'openid4vp://x' })).rejects.toBeInstanceOf(ProtocolError)
})
