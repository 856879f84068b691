import { createHmac } from 'node:crypto'
import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { calculateJwkThumbprint, compactVerify, importJWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { decodeBase64url, encodeBase64url, encodeUtf8 } from './base64url.ts'
import { jwkThumbprint, parsePublicJwk } from './jwk.ts'
import { makeJws, makeJwt, parseJws, verifyJwt } from './jws.ts'

const signer = generateNodeSigner()
const key = await nodeCrypto.importVerificationKey(signer.publicJwk)
const valid = await makeJwt({ typ: 'example+jwt' }, { sub: 'someone' }, signer)
const [header = '', payload = '', signature = ''] = valid.split('.')

const encode = (value: unknown) => encodeBase64url(encodeUtf8(JSON.stringify(value)))

test('what we sign we verify, and so does jose', async () => {
  expect(await verifyJwt(valid, 'example+jwt', key)).toEqual({
    header: { alg: 'ES256', typ: 'example+jwt' },
    payload: { sub: 'someone' },
  })
  const { protectedHeader } = await compactVerify(valid, await importJWK({ ...signer.publicJwk }, 'ES256'))
  expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'example+jwt' })
})

test('typ is compared without case and without application/ [RFC 7515 §4.1.9]', async () => {
  const jwt = await makeJwt({ typ: 'application/Example+JWT' }, {}, signer)
  await expect(verifyJwt(jwt, 'example+jwt', key)).resolves.toBeDefined()
})

const hmacHeader = encode({ alg: 'HS256', typ: 'example+jwt' })
const hmac = createHmac('sha256', JSON.stringify(signer.publicJwk))
  .update(`${hmacHeader}.${payload}`)
  .digest('base64url')

const broken = [
  ['alg none [RFC 8725 §3.2]', `${encode({ alg: 'none', typ: 'example+jwt' })}.${payload}.`, 'invalid_jws'],
  [
    'alg none with a signature',
    `${encode({ alg: 'none', typ: 'example+jwt' })}.${payload}.${signature}`,
    'invalid_signature',
  ],
  ['HMAC with the public key [RFC 8725 §2.1]', `${hmacHeader}.${payload}.${hmac}`, 'invalid_signature'],
  [
    'another algorithm than that of the key, well signed [RFC 8725 §3.1]',
    await makeJwt({ alg: 'ES384', typ: 'example+jwt' }, {}, signer),
    'invalid_signature',
  ],
  [
    'a header of more than eight levels',
    await makeJwt({ typ: 'example+jwt', deep: [[[[[[[[1]]]]]]]] }, {}, signer),
    'invalid_jws',
  ],
  ['a type that has application/ within', await makeJwt({ typ: 'exampleapplication/+jwt' }, {}, signer), 'invalid_jws'],
  ['another type', await makeJwt({ typ: 'other+jwt' }, {}, signer), 'invalid_jws'],
  ['no type', await makeJwt({}, {}, signer), 'invalid_jws'],
  [
    'a critical extension [RFC 7515 §4.1.11]',
    await makeJwt({ typ: 'example+jwt', crit: ['exp'] }, {}, signer),
    'invalid_jws',
  ],
  ['an unencoded payload [RFC 7797]', await makeJwt({ typ: 'example+jwt', b64: false }, {}, signer), 'invalid_jws'],
  ['another signer', await makeJwt({ typ: 'example+jwt' }, {}, generateNodeSigner()), 'invalid_signature'],
  ['another payload', `${header}.${encode({ sub: 'another' })}.${signature}`, 'invalid_signature'],
  [
    'another header',
    `${encode({ alg: 'ES256', typ: 'example+jwt', kid: '1' })}.${payload}.${signature}`,
    'invalid_signature',
  ],
  ['a signature cut short', `${header}.${payload}.${signature.slice(4)}`, 'invalid_signature'],
  ['a signature of another length', `${header}.${payload}.${encodeBase64url(new Uint8Array(71))}`, 'invalid_signature'],
  ['an all-zero signature', `${header}.${payload}.${encodeBase64url(new Uint8Array(64))}`, 'invalid_signature'],
  ['a header that is not JSON', `${encodeBase64url(encodeUtf8('{'))}.${payload}.${signature}`, 'invalid_jws'],
  ['two parts', `${header}.${payload}`, 'invalid_jws'],
  ['four parts', `${valid}.${signature}`, 'invalid_jws'],
  ['a respelled signature', `${valid}=`, 'invalid_jws'],
  ['a payload that is not UTF-8', await makeJws({ typ: 'example+jwt' }, Uint8Array.of(0xff), signer), 'invalid_json'],
  ['a payload that is not an object', await makeJws({ typ: 'example+jwt' }, encodeUtf8('[]'), signer), 'invalid_json'],
] as const

describe('refuses', () => {
  test.each(broken)('%s', async (_name, jwt, code) => {
    await expect(verifyJwt(jwt, 'example+jwt', key)).rejects.toMatchObject({ name: 'ProtocolError', code })
  })
})

describe('a public key', () => {
  const { x, y } = signer.publicJwk

  test('is read without what stands beside it', () => {
    expect(parsePublicJwk({ ...signer.publicJwk, kid: '1', alg: 'ES256', use: 'sig' })).toEqual(signer.publicJwk)
  })

  test.each([
    ['a private key', { kty: 'EC', crv: 'P-256', x, y, d: x }],
    ['a symmetric key', { kty: 'oct', k: x }],
    ['another curve', { kty: 'EC', crv: 'P-384', x, y }],
    ['a coordinate too short', { kty: 'EC', crv: 'P-256', x: encodeBase64url(decodeBase64url(x).subarray(1)), y }],
    ['a coordinate that is a number', { kty: 'EC', crv: 'P-256', x: 1, y }],
    ['a coordinate that is not base64url', { kty: 'EC', crv: 'P-256', x: `${x.slice(1)}=`, y }],
    ['no object', 'key'],
  ])('is refused when it is %s', (_name, jwk) => {
    expect(() => parsePublicJwk(jwk)).toThrow(expect.objectContaining({ name: 'ProtocolError', code: 'invalid_key' }))
  })

  test('is refused when it is no point on the curve', () => {
    const nowhere = { kty: 'EC', crv: 'P-256', x, y: x } as const
    expect(() => nodeCrypto.importVerificationKey(nowhere)).toThrow(expect.objectContaining({ code: 'invalid_key' }))
  })

  test('has the thumbprint of RFC 7638 §3', async () => {
    expect(await jwkThumbprint(signer.publicJwk, nodeCrypto)).toBe(
      await calculateJwkThumbprint({ ...signer.publicJwk }),
    )
  })
})

test('taking a JWS apart believes nothing', () => {
  expect(parseJws(valid).header).toEqual({ alg: 'ES256', typ: 'example+jwt' })
})
