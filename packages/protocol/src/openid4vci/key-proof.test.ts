import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Signer } from '../crypto.ts'
import { encodeBase64url, encodeUtf8, makeJwt } from '../jose/jose.ts'
import type { JsonObject } from '../json/json.ts'
import { didJwkOf } from '../w3c/w3c.ts'
import { type ExpectedJwtProof, makeJwtProof, verifyBatchProofs, verifyJwtProof } from './openid4vci.ts'

const NOW = 1_790_812_800
const AUDIENCE = 'https://issuer.example/roc-midden-nederland'
const signer = generateNodeSigner()
const request = { audience: AUDIENCE, nonce: 'LarRGSbmUPYtRYO6BQ4yn8', issuedAt: NOW, signer }
const expected: ExpectedJwtProof = { audience: AUDIENCE, now: NOW, crypto: nodeCrypto }

/** A proof that is right for `expected` but for the change; `undefined` leaves a member out. */
function proofWith(change: { header?: object; payload?: object; signedBy?: Signer }): Promise<string> {
  const header = { typ: 'openid4vci-proof+jwt', jwk: { ...signer.publicJwk }, ...change.header }
  const payload = { aud: AUDIENCE, iat: NOW, nonce: 'LarRGSbmUPYtRYO6BQ4yn8', ...change.payload }
  return makeJwt(withoutUndefined(header), withoutUndefined(payload), change.signedBy ?? signer)
}

function withoutUndefined(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject
}

describe('accepts', () => {
  test('the proof the wallet makes, and returns its key and its nonce [OpenID4VCI 1.0 §F.4]', async () => {
    expect(await verifyJwtProof(await makeJwtProof(request), expected)).toEqual({
      publicJwk: signer.publicJwk,
      nonce: 'LarRGSbmUPYtRYO6BQ4yn8',
    })
  })

  test('a proof that names its client, when the token was issued to that client [OpenID4VCI 1.0 §F.1]', async () => {
    const proof = await makeJwtProof({ ...request, clientId: 'wallet-1' })
    await expect(verifyJwtProof(proof, { ...expected, clientId: 'wallet-1' })).resolves.toBeDefined()
    await expect(
      verifyJwtProof(await makeJwtProof(request), { ...expected, clientId: 'wallet-1' }),
    ).resolves.toBeDefined()
  })

  test.each([
    ['the oldest allowed', { payload: { iat: NOW - 300 } }],
    ['as far ahead as clocks may differ', { payload: { iat: NOW + 60 } }],
    ['the type with its prefix', { header: { typ: 'application/openid4vci-proof+jwt' } }],
    ['claims that are not known', { payload: { jti: 'x', extra: [1] } }],
    ['a key attestation, which is not read', { header: { key_attestation: 'x' } }],
  ])('a proof with %s', async (_name, change) => {
    await expect(verifyJwtProof(await proofWith(change), expected)).resolves.toBeDefined()
  })

  test('a window of the caller’s', async () => {
    const old = await proofWith({ payload: { iat: NOW - 30 } })
    await expect(verifyJwtProof(old, { ...expected, maxAgeSeconds: 29 })).rejects.toThrow('too old')
    const early = await proofWith({ payload: { iat: NOW + 6 } })
    await expect(verifyJwtProof(early, { ...expected, clockSkewSeconds: 5 })).rejects.toThrow('future')
  })
})

describe('where a Credential is bound to a DID', () => {
  const did = didJwkOf(signer.publicJwk)
  const bound: ExpectedJwtProof = { ...expected, allowsDidJwk: true }

  test('the key may be named by the DID URL of a did:jwk, and the DID is told [OpenID4VCI 1.0 §F.1]', async () => {
    const { publicJwk } = signer
    expect(await verifyJwtProof(await makeJwtProof({ ...request, did }), bound)).toMatchObject({ publicJwk, did })
    const proofs = [await makeJwtProof({ ...request, did })]
    expect(await verifyBatchProofs(proofs, bound)).toMatchObject({ publicJwks: [publicJwk], dids: [did] })
  })

  test('the DID is the one that was named, however its JWK is written', async () => {
    const written = `did:jwk:${encodeBase64url(encodeUtf8(JSON.stringify({ alg: 'ES256', ...signer.publicJwk })))}`
    const proof = await proofWith({ header: { jwk: undefined, kid: `${written}#0` } })
    expect(await verifyJwtProof(proof, bound)).toMatchObject({ did: written, publicJwk: signer.publicJwk })
  })

  test('the key itself may stand there all the same', async () => {
    expect(await verifyJwtProof(await makeJwtProof(request), bound)).not.toHaveProperty('did')
  })

  test.each<[string, object]>([
    ['another key', { kid: `${didJwkOf(generateNodeSigner().publicJwk)}#0` }],
    ['a DID without its key', { kid: did }],
    ['another key of the DID', { kid: `${did}#1` }],
    ['another method', { kid: 'did:web:holder.example#0' }],
    ['a name that is no DID', { kid: 'key-1' }],
    ['a DID beside the key', { kid: `${did}#0`, jwk: { ...signer.publicJwk } }],
    ['a DID beside a certificate', { kid: `${did}#0`, x5c: ['AAAA'] }],
    ['a DID that is too long', { kid: `did:jwk:${'A'.repeat(2_000)}#0` }],
    ['a name that is a number', { kid: 1 }],
  ])('not %s', async (_name, header) => {
    const proof = await proofWith({ header: { jwk: undefined, ...header } })
    await expect(verifyJwtProof(proof, bound)).rejects.toMatchObject({ code: 'invalid_proof' })
  })

  test('nowhere else is a DID taken', async () => {
    await expect(verifyJwtProof(await makeJwtProof({ ...request, did }), expected)).rejects.toMatchObject({
      code: 'invalid_proof',
    })
  })
})

describe('refuses, as invalid_proof', () => {
  test.each([
    ['an untyped JWT', { header: { typ: 'JWT' } }],
    ['no type', { header: { typ: undefined } }],
    ['a DPoP proof', { header: { typ: 'dpop+jwt' } }],
    ['no key', { header: { jwk: undefined } }],
    ['a key that is only named', { header: { jwk: undefined, kid: 'did:example:a#0' } }],
    ['a key that is only in a certificate', { header: { jwk: undefined, x5c: ['AAAA'] } }],
    ['a key named twice', { header: { kid: 'key-1' } }],
    ['a key and a certificate', { header: { x5c: ['AAAA'] } }],
    ['a key said to be elsewhere by jku', { header: { jku: 'https://attacker.example/jwks' } }],
    ['a key said to be elsewhere by x5u', { header: { x5u: 'https://attacker.example/x5u' } }],
    ['a private key in the header', { header: { jwk: { ...signer.publicJwk, d: 'AAAA' } } }],
    ['a key that is declared for encryption', { header: { jwk: { ...signer.publicJwk, use: 'enc' } } }],
    ['a symmetric key in the header', { header: { jwk: { kty: 'oct', k: 'AAAA' } } }],
    ['a key of another curve', { header: { jwk: { ...signer.publicJwk, crv: 'P-384' } } }],
    ['a key that is no point of the curve', { header: { jwk: { ...signer.publicJwk, y: signer.publicJwk.x } } }],
    ['the key of another', { header: { jwk: { ...generateNodeSigner().publicJwk } } }],
    ['a critical extension', { header: { crit: ['b64'], b64: false } }],
    ['alg none', { header: { alg: 'none' } }],
    ['an HMAC with the public key', { header: { alg: 'HS256' } }],
    ['an algorithm that the key is not for', { header: { alg: 'ES512' } }],
    ['a signature of another key', { signedBy: generateNodeSigner() }],
    ['a proof for another issuer', { payload: { aud: 'https://other.example' } }],
    ['a proof for the issuer with a slash more', { payload: { aud: `${AUDIENCE}/` } }],
    ['an audience in a list', { payload: { aud: [AUDIENCE] } }],
    ['no audience', { payload: { aud: undefined } }],
    ['a client, although the wallet was anonymous', { payload: { iss: 'wallet-1' } }],
    ['an empty client, although the wallet was anonymous', { payload: { iss: '' } }],
    ['a proof older than the window', { payload: { iat: NOW - 301 } }],
    ['a proof from 1970', { payload: { iat: 0 } }],
    ['a proof of the future', { payload: { iat: NOW + 61 } }],
    ['a time that is a string', { payload: { iat: '2018-09-14T21:19:10Z' } }],
    ['no time', { payload: { iat: undefined } }],
    ['a proof past its own end', { payload: { exp: NOW - 100 } }],
    ['a proof that is not valid yet', { payload: { nbf: NOW + 100 } }],
    ['no nonce', { payload: { nonce: undefined } }],
    ['an empty nonce', { payload: { nonce: '' } }],
    ['a nonce that is a number', { payload: { nonce: 1 } }],
    ['a nonce too long to be one', { payload: { nonce: 'a'.repeat(1025) } }],
    ['a proof that is too long', { payload: { filler: 'a'.repeat(8000) } }],
  ])('%s [OpenID4VCI 1.0 §F.4]', async (_name, change) => {
    await expect(verifyJwtProof(await proofWith(change), expected)).rejects.toMatchObject({
      name: 'ProtocolError',
      code: 'invalid_proof',
    })
  })

  test('a proof of another client [OpenID4VCI 1.0 §F.1]', async () => {
    const proof = await makeJwtProof({ ...request, clientId: 'wallet-2' })
    await expect(verifyJwtProof(proof, { ...expected, clientId: 'wallet-1' })).rejects.toMatchObject({
      code: 'invalid_proof',
    })
  })

  test('any proof of which one character was changed', async () => {
    const proof = await makeJwtProof(request)
    await fc.assert(
      fc.asyncProperty(fc.nat(proof.length - 1), fc.base64String({ minLength: 1 }), async (at, [character = 'A']) => {
        fc.pre(proof[at] !== character)
        const changed = proof.slice(0, at) + character + proof.slice(at + 1)
        await expect(verifyJwtProof(changed, expected)).rejects.toMatchObject({ code: 'invalid_proof' })
      }),
    )
  })

  test('whatever is no proof', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json().map((json) => `${btoa(encodeURI(json))}.e30.AA`),
        ),
        async (text) => {
          await expect(verifyJwtProof(text, expected)).rejects.toMatchObject({ code: 'invalid_proof' })
        },
      ),
    )
  })
})

describe('a batch', () => {
  const signers = [generateNodeSigner(), generateNodeSigner(), generateNodeSigner()]

  function prove(nonces: readonly string[]): Promise<string[]> {
    return Promise.all(
      signers.map((key, at) => makeJwtProof({ ...request, signer: key, nonce: nonces[at % nonces.length] ?? '' })),
    )
  }

  test('proves many keys with one nonce, in the order of the request [OpenID4VCI 1.0 §8.2]', async () => {
    expect(await verifyBatchProofs(await prove(['n-1']), expected)).toEqual({
      publicJwks: signers.map(({ publicJwk }) => publicJwk),
      dids: signers.map(() => undefined),
      nonces: ['n-1'],
    })
  })

  test('may use several nonces, and gives each back once', async () => {
    expect((await verifyBatchProofs(await prove(['n-1', 'n-2']), expected)).nonces).toEqual(['n-1', 'n-2'])
  })

  test('is refused when one proof is wrong, however many are right [OpenID4VCI 1.0 §8.3.1.2]', async () => {
    const proofs = [...(await prove(['n-1'])), await proofWith({ payload: { aud: 'https://other.example' } })]
    await expect(verifyBatchProofs(proofs, expected)).rejects.toMatchObject({ code: 'invalid_proof' })
  })

  test('is refused when a key is proved twice, also by two different proofs', async () => {
    const [first = '', ...rest] = await prove(['n-1'])
    const again = await makeJwtProof({ ...request, signer: signers[0] ?? signer, issuedAt: NOW - 1 })
    await expect(verifyBatchProofs([first, ...rest, first], expected)).rejects.toMatchObject({ code: 'invalid_proof' })
    await expect(verifyBatchProofs([first, ...rest, again], expected)).rejects.toMatchObject({ code: 'invalid_proof' })
  })

  test('is refused when it is empty', async () => {
    await expect(verifyBatchProofs([], expected)).rejects.toMatchObject({ code: 'invalid_proof' })
  })
})
