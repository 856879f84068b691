import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { describe, expect, test } from 'vitest'
import { encodeBase64url, encodeUtf8, makeJwt } from '../jose/jose.ts'
import type { JsonObject, JsonValue } from '../json/json.ts'
import { digestOf } from './disclosure.ts'
import { makeHostileDisclosure, makeHostileSdJwt } from './hostile-sd-jwt.testing.ts'
import {
  type ExpectedKeyBinding,
  type KeyBindingToMake,
  makeKeyBindingJwt,
  readConfirmationKey,
  verifyKeyBinding,
} from './key-binding.ts'
import { parseSdJwt } from './parse-sd-jwt.ts'

const NOW = 1_790_812_800
const AUDIENCE = 'x509_hash:verifier'
const issuer = generateNodeSigner()
const holder = generateNodeSigner()
const holderKey = await nodeCrypto.importVerificationKey(holder.publicJwk)
const disclosure = await makeHostileDisclosure(['salt', 'given_name', 'Anna'], nodeCrypto)
const presentation = await makeHostileSdJwt({
  payload: { _sd: [disclosure.digest], cnf: { jwk: { ...holder.publicJwk } } },
  disclosures: [disclosure.encoded],
  signer: issuer,
})
const expected: ExpectedKeyBinding = {
  audience: AUDIENCE,
  nonce: 'nonce-1',
  now: NOW,
  maxAgeSeconds: 300,
  crypto: nodeCrypto,
}

function bind(change: Partial<KeyBindingToMake> = {}): Promise<string> {
  const toMake = {
    presentation,
    audience: AUDIENCE,
    nonce: 'nonce-1',
    issuedAt: NOW,
    signer: holder,
    crypto: nodeCrypto,
  }
  return makeKeyBindingJwt({ ...toMake, ...change })
}

/** A key binding of which any part may be wrong. */
async function bindHostile(header: JsonObject, claims: JsonObject, signer = holder): Promise<string> {
  const sd_hash = await digestOf(presentation, 'sha-256', nodeCrypto)
  const valid = { iat: NOW, aud: AUDIENCE, nonce: 'nonce-1', sd_hash }
  return presentation + (await makeJwt({ typ: 'kb+jwt', ...header }, { ...valid, ...claims }, signer))
}

function verify(compact: string, change: Partial<ExpectedKeyBinding> = {}) {
  return verifyKeyBinding(parseSdJwt(compact), holderKey, { ...expected, ...change })
}

describe('accepts', () => {
  test('what the holder of the key made for us, and gives its claims [RFC 9901 §7.3]', async () => {
    const claims = await verify(await bind())
    expect(claims).toMatchObject({ iat: NOW, aud: AUDIENCE, nonce: 'nonce-1' })
    expect(Object.keys(claims).sort()).toEqual(['aud', 'iat', 'nonce', 'sd_hash'])
  })

  test('further claims, and transaction data hashes [OpenID4VP 1.0 §B.3.3.1]', async () => {
    const compact = await bind({ transactionDataHashes: ['hash-1'], extraClaims: { jti: 'one', amr: [{ pin: 'x' }] } })
    expect(await verify(compact)).toMatchObject({
      transaction_data_hashes: ['hash-1'],
      jti: 'one',
      amr: [{ pin: 'x' }],
    })
  })

  test.each(['sha-384', 'sha-512'] as const)(
    'a hash by the %s of the credential [RFC 9901 §4.3.1]',
    async (_sd_alg) => {
      const other = await makeHostileSdJwt({ payload: { _sd_alg }, signer: issuer })
      expect((await verify(await bind({ presentation: other }))).sd_hash).toBe(
        await digestOf(other, _sd_alg, nodeCrypto),
      )
    },
  )

  test.each([
    ['as old as allowed', NOW - 300],
    ['as far ahead as two clocks may differ', NOW + 60],
    ['within the second', NOW + 0.5],
  ])('a key binding %s [RFC 9901 §7.3 step 5.e]', async (_name, issuedAt) => {
    await expect(verify(await bind({ issuedAt }))).resolves.toBeDefined()
  })
})

test('further claims cannot replace those that bind [RFC 9901 §4.3]', async () => {
  const extraClaims = { aud: 'other', nonce: 'other', iat: 0, sd_hash: 'other' }
  await expect(verify(await bind({ extraClaims }))).resolves.toMatchObject({
    aud: AUDIENCE,
    nonce: 'nonce-1',
    iat: NOW,
  })
})

test('a presentation is bound once [RFC 9901 §7.2]', async () => {
  for (const change of [{}, { hashAlgorithm: 'sha-256' }] as const) {
    const attempt = bind({ ...change, presentation: await bind() })
    await expect(attempt).rejects.toMatchObject({ code: 'invalid_sd_jwt' })
  }
})

test('who knows the hash algorithm of the copy need not have it read again', async () => {
  const other = await makeHostileSdJwt({ payload: { _sd_alg: 'sha-512' }, signer: issuer })
  const { sd_hash } = await verify(await bind({ presentation: other, hashAlgorithm: 'sha-512' }))
  expect(sd_hash).toBe(await digestOf(other, 'sha-512', nodeCrypto))
})

describe('refuses, as invalid_key_binding', () => {
  test('a presentation without one [RFC 9901 §7.3 step 2]', async () => {
    await expect(verify(presentation)).rejects.toMatchObject({ code: 'invalid_key_binding' })
  })

  test.each<[string, JsonObject]>([
    ['no typ', { typ: null }],
    ['another typ', { typ: 'JWT' }],
    ['the typ of a credential', { typ: 'dc+sd-jwt' }],
    ['alg none', { alg: 'none' }],
    ['HMAC', { alg: 'HS256' }],
    ['a demand for an extension', { crit: ['exp'] }],
  ])('a header with %s [RFC 9901 §4.3, §7.3 step 5]', async (_name, header) => {
    await expect(verify(await bindHostile(header, {}))).rejects.toMatchObject({ code: 'invalid_key_binding' })
  })

  test.each<[string, JsonObject]>([
    ['no iat', { iat: null }],
    ['iat in a string', { iat: String(NOW) }],
    ['no aud', { aud: null }],
    ['aud in a list', { aud: [AUDIENCE] }],
    ['no nonce', { nonce: null }],
    ['a nonce that is no string', { nonce: 1 }],
    ['no sd_hash', { sd_hash: null }],
    ['another sd_hash', { sd_hash: 'A'.repeat(43) }],
    ['exp in a string', { exp: String(NOW + 60) }],
    ['transaction_data_hashes that are no list', { transaction_data_hashes: 'hash' }],
    ['transaction_data_hashes that are empty', { transaction_data_hashes: [] }],
    ['transaction_data_hashes that are no strings', { transaction_data_hashes: [1] }],
  ])('%s [RFC 9901 §4.3, §7.3 step 5]', async (_name, claims) => {
    await expect(verify(await bindHostile({}, claims))).rejects.toMatchObject({ code: 'invalid_key_binding' })
  })

  test('the signature of another key, the issuer included [RFC 9901 §7.3 step 5.c]', async () => {
    for (const other of [generateNodeSigner(), issuer]) {
      await expect(verify(await bindHostile({}, {}, other))).rejects.toMatchObject({ code: 'invalid_key_binding' })
    }
  })

  test('a Disclosure left out, added or moved after binding [RFC 9901 §7.3 step 5.g]', async () => {
    const [issuerJwt, , keyBindingJwt] = (await bind()).split('~')
    const other = await makeHostileDisclosure(['salt', 'family_name', 'de Vries'], nodeCrypto)
    const changes = [[], [disclosure.encoded, other.encoded], [other.encoded, disclosure.encoded]]
    for (const disclosures of changes) {
      const changed = [issuerJwt, ...disclosures, keyBindingJwt].join('~')
      await expect(verify(changed)).rejects.toMatchObject({ code: 'invalid_key_binding' })
    }
  })

  test('a key binding moved to another copy of the credential [RFC 9901 §7.3 step 5.g]', async () => {
    const keyBindingJwt = (await bind()).split('~').at(-1)
    const copy = await makeHostileSdJwt({ payload: { cnf: { jwk: { ...holder.publicJwk } } }, signer: issuer })
    await expect(verify(copy + keyBindingJwt)).rejects.toMatchObject({ code: 'invalid_key_binding' })
  })

  test.each([
    ['of two parts', 'e30.e30'],
    ['of one part', 'AAAA'],
    ['that is no base64url', '*.e30.AA'],
    ['whose payload is no JSON', `${encodeBase64url(encodeUtf8('{"alg":"ES256","typ":"kb+jwt"}'))}.AAAA.AAAA`],
  ])('a JWT %s [RFC 9901 §4.3]', async (_name, keyBindingJwt) => {
    await expect(verify(presentation + keyBindingJwt)).rejects.toMatchObject({ code: 'invalid_key_binding' })
  })
})

describe('refuses, as key_binding_mismatch', () => {
  test.each<[string, Partial<KeyBindingToMake>]>([
    ['for another verifier', { audience: 'x509_hash:other' }],
    ['for no verifier', { audience: '' }],
    ['for our name in capitals', { audience: AUDIENCE.toUpperCase() }],
    ['for another transaction', { nonce: 'nonce-2' }],
    ['that is too old', { issuedAt: NOW - 301 }],
    ['of long ago', { issuedAt: 0 }],
    ['from the future', { issuedAt: NOW + 61 }],
    ['that has expired', { extraClaims: { exp: NOW - 61 } }],
    ['that is not valid yet', { extraClaims: { nbf: NOW + 61 } }],
  ])('a key binding %s [RFC 9901 §7.3 steps 5.e, 5.f and 5.h]', async (_name, change) => {
    await expect(verify(await bind(change))).rejects.toMatchObject({ code: 'key_binding_mismatch' })
  })
})

describe('the holder key', () => {
  const jwk: JsonObject = { ...holder.publicJwk }

  test('is the jwk in cnf [RFC 9901 §4.1.2]', () => {
    expect(readConfirmationKey({ cnf: { jwk: { ...jwk, kid: 'one', use: 'sig' } } })).toEqual(holder.publicJwk)
  })

  test.each<[string, JsonValue]>([
    ['cnf is null', null],
    ['cnf is a string', 'key'],
    ['cnf is a list', [{ jwk }]],
    ['cnf names a key by its identifier', { kid: 'one' }],
    ['cnf names a second key', { jwk, jku: 'https://holder.example/keys' }],
    ['cnf names a key that is declared for encryption', { jwk: { ...jwk, use: 'enc' } }],
    ['the key is of another type', { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' } }],
    ['the key is private', { jwk: { ...jwk, d: jwk.x ?? '' } }],
    ['a coordinate is short', { jwk: { ...jwk, x: 'AAAA' } }],
  ])('is refused when %s [RFC 7800 §3]', (_name, cnf) => {
    expect(() => readConfirmationKey({ cnf })).toThrow(expect.objectContaining({ code: 'invalid_key_binding' }))
  })

  test('is refused when it is not there [RFC 9901 §7.3 step 5.a]', () => {
    expect(() => readConfirmationKey({})).toThrow(expect.objectContaining({ code: 'invalid_key_binding' }))
  })
})
