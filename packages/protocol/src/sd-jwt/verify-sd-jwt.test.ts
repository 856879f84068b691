import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { describe, expect, test } from 'vitest'
import type { DigestAlgorithm } from '../crypto.ts'
import type { JsonObject, JsonValue } from '../json/json.ts'
import { type HostileDisclosure, makeHostileDisclosure, makeHostileSdJwt } from './hostile-sd-jwt.testing.ts'
import { parseSdJwt } from './parse-sd-jwt.ts'
import { type ExpectedSdJwt, type ProcessedSdJwt, verifySdJwt } from './verify-sd-jwt.ts'

const NOW = 1_790_812_800
const signer = generateNodeSigner()
const issuerKey = await nodeCrypto.importVerificationKey(signer.publicJwk)
const VALID: JsonObject = { iss: 'https://issuer.example', iat: NOW - 60, exp: NOW + 3600, cnf: { jwk: {} } }

interface Change {
  readonly header?: JsonObject
  readonly payload?: JsonObject
  readonly disclosures?: readonly HostileDisclosure[]
}

async function verify(change: Change, expected: Partial<ExpectedSdJwt> = {}): Promise<ProcessedSdJwt> {
  const compact = await makeHostileSdJwt({
    header: change.header ?? {},
    payload: { ...VALID, ...change.payload },
    disclosures: (change.disclosures ?? []).map(({ encoded }) => encoded),
    signer,
  })
  return verifySdJwt(parseSdJwt(compact), issuerKey, {
    typ: 'example+sd-jwt',
    now: NOW,
    crypto: nodeCrypto,
    ...expected,
  })
}

function disclosure(contents: JsonValue, algorithm?: DigestAlgorithm): Promise<HostileDisclosure> {
  return makeHostileDisclosure(contents, nodeCrypto, algorithm)
}

const name = await disclosure(['salt-1', 'given_name', 'Anna'])
const element = await disclosure(['salt-2', 'NL'])
const DECOY = 'A'.repeat(43)
const otherName = await disclosure(['salt-1', 'given_name', 'Eve'])
const jwk = await disclosure(['salt', 'jwk', {}])
const entry = await disclosure(['salt', 'https://verifier.example'])
const list = await disclosure(['salt', 'status_list', { idx: 1, uri: 'https://issuer.example/status' }])
const withDecoy = await disclosure(['salt', 'inner', { _sd: [DECOY] }])
const withName = await disclosure(['salt', 'inner', { _sd: [name.digest] }])

describe('puts Disclosures in the place of their digests', () => {
  test('members and array elements; what is not disclosed leaves nothing behind [RFC 9901 §7.1 step 3]', async () => {
    const verified = await verify({
      payload: {
        _sd: [name.digest, DECOY],
        nationalities: ['FR', { '...': element.digest }, { '...': 'B'.repeat(43) }],
        address: { _sd: ['C'.repeat(43)] },
        _sd_alg: 'sha-256',
      },
      disclosures: [element, name],
    })
    expect(verified.payload).toEqual({ ...VALID, given_name: 'Anna', nationalities: ['FR', 'NL'], address: {} })
    expect(verified.disclosed.map(({ path }) => path)).toEqual([['nationalities', 1], ['given_name']])
    expect(verified.digestCount).toBe(5)
  })

  test('within each other [RFC 9901 §4.2.6]', async () => {
    const country = await disclosure(['salt-3', 'country', 'NL'])
    const place = await disclosure(['salt-4', { _sd: [country.digest, DECOY] }])
    const places = await disclosure(['salt-5', 'places', [{ '...': 'D'.repeat(43) }, { '...': place.digest }]])
    const verified = await verify({ payload: { _sd: [places.digest] }, disclosures: [country, place, places] })
    expect(verified.payload).toEqual({ ...VALID, places: [{ country: 'NL' }] })
    expect(verified.disclosed.map(({ path }) => path)).toEqual([['places'], ['places', 1], ['places', 1, 'country']])
  })

  test.each(['sha-384', 'sha-512'] as const)('by %s [RFC 9901 §4.1.1]', async (_sd_alg) => {
    const other = await disclosure(['salt', 'given_name', 'Anna'], _sd_alg)
    const verified = await verify({ payload: { _sd: [other.digest], _sd_alg }, disclosures: [other] })
    expect(verified.payload).toEqual({ ...VALID, given_name: 'Anna' })
  })

  test('into objects on which no name has a meaning of its own', async () => {
    const toText = await disclosure(['salt', 'toString', 'text'])
    const { payload } = await verify({ payload: { _sd: [toText.digest], inner: {} }, disclosures: [toText] })
    expect(payload.toString).toBe('text')
    expect(payload.constructor).toBeUndefined()
    expect(payload.inner).not.toHaveProperty('hasOwnProperty')
  })
})

describe('refuses, as invalid_disclosure', () => {
  const array = { nationalities: [{ '...': element.digest }] }
  test.each<[string, Change]>([
    ['a Disclosure that no digest refers to', { disclosures: [name] }],
    ['a changed Disclosure', { payload: { _sd: [name.digest] }, disclosures: [otherName] }],
    ['a Disclosure sent twice', { payload: { _sd: [name.digest] }, disclosures: [name, name] }],
    ['an array Disclosure in an object', { payload: { _sd: [element.digest] }, disclosures: [element] }],
    ['an object Disclosure in an array', { payload: { a: [{ '...': name.digest }] }, disclosures: [name] }],
    ['a visible claim overwritten', { payload: { given_name: 'Eve', _sd: [name.digest] }, disclosures: [name] }],
    [
      'a digest by another hash than _sd_alg says',
      { payload: { ...array, _sd_alg: 'sha-512' }, disclosures: [element] },
    ],
  ])('%s [RFC 9901 §7.1 steps 3 and 5]', async (_name, change) => {
    await expect(verify(change)).rejects.toMatchObject({ code: 'invalid_disclosure' })
  })

  test('a disclosed claim overwritten by another [RFC 9901 §7.1 step 3.c]', async () => {
    await expect(
      verify({ payload: { _sd: [name.digest, otherName.digest] }, disclosures: [name, otherName] }),
    ).rejects.toMatchObject({ code: 'invalid_disclosure' })
  })

  test('a Disclosure whose parent is not disclosed [RFC 9901 §4.2.6]', async () => {
    const child = await disclosure(['salt-7', 'country', 'NL'])
    const parent = await disclosure(['salt-8', 'address', { _sd: [child.digest] }])
    const payload = { _sd: [parent.digest] }
    await expect(verify({ payload, disclosures: [parent, child] })).resolves.toBeDefined()
    await expect(verify({ payload, disclosures: [child] })).rejects.toMatchObject({ code: 'invalid_disclosure' })
  })

  test.each(['iss', 'aud', 'exp', 'nbf', 'cnf', 'vct', 'vct#integrity', 'aka_vcts', 'status'])(
    'a Disclosure of %s [RFC 9901 §9.7, SD-JWT VC draft -13 §3.2.2.2]',
    async (claim) => {
      const hidden = await disclosure(['salt', claim, NOW + 60])
      const payload = Object.fromEntries(Object.entries(VALID).filter(([other]) => other !== claim))
      const compact = await makeHostileSdJwt({
        payload: { ...payload, _sd: [hidden.digest] },
        disclosures: [hidden.encoded],
        signer,
      })
      await expect(
        verifySdJwt(parseSdJwt(compact), issuerKey, { typ: 'example+sd-jwt', now: NOW, crypto: nodeCrypto }),
      ).rejects.toMatchObject({ code: 'invalid_disclosure' })
    },
  )

  test.each<[string, Change]>([
    ['a key put into cnf', { payload: { cnf: { _sd: [jwk.digest] } }, disclosures: [jwk] }],
    ['a list put into status', { payload: { status: { _sd: [list.digest] } }, disclosures: [list] }],
    ['a list held back from status', { payload: { status: { _sd: [list.digest] } } }],
    ['a member put deep into status', { payload: { status: { a: [{ _sd: [list.digest] }] } }, disclosures: [list] }],
    ['an entry put into aud', { payload: { aud: [{ '...': entry.digest }] }, disclosures: [entry] }],
  ])('%s [RFC 9901 §9.7]', async (_name, change) => {
    await expect(verify(change, { audience: 'https://verifier.example' })).rejects.toMatchObject({
      code: 'invalid_disclosure',
    })
  })

  test('but lets the same names be disclosable further down', async () => {
    const status = await disclosure(['salt', 'status', 'married'])
    const { payload } = await verify({ payload: { civil: { _sd: [status.digest] } }, disclosures: [status] })
    expect(payload.civil).toEqual({ status: 'married' })
  })
})

describe('refuses, as invalid_sd_jwt', () => {
  test.each<[string, Change]>([
    ['a digest twice in one _sd', { payload: { _sd: [name.digest, name.digest] }, disclosures: [name] }],
    ['a decoy twice in one _sd', { payload: { _sd: [DECOY, DECOY] } }],
    ['a decoy twice at two levels', { payload: { _sd: [DECOY], a: { _sd: [DECOY] } } }],
    ['a decoy in _sd and in an array', { payload: { _sd: [DECOY], a: [{ '...': DECOY }] } }],
    ['a decoy twice in arrays', { payload: { a: [{ '...': DECOY }], b: [[{ '...': DECOY }]] } }],
    ['a decoy again inside a Disclosure', { payload: { _sd: [DECOY, withDecoy.digest] }, disclosures: [withDecoy] }],
    [
      'a digest again inside a Disclosure',
      { payload: { _sd: [name.digest, withName.digest] }, disclosures: [name, withName] },
    ],
  ])('%s [RFC 9901 §7.1 step 4]', async (_name, change) => {
    await expect(verify(change)).rejects.toMatchObject({ code: 'invalid_sd_jwt' })
  })

  test.each<[string, JsonObject]>([
    ['_sd that is a string', { _sd: DECOY }],
    ['_sd that is an object', { _sd: { a: DECOY } }],
    ['_sd that is null', { _sd: null }],
    ['_sd with a number', { _sd: [DECOY, 1] }],
    ['_sd that is malformed further down', { a: [{ b: { _sd: 'claim' } }] }],
    ['... with other members', { a: [{ '...': DECOY, b: 1 }] }],
    ['... that is no string', { a: [{ '...': 1 }] }],
    ['... that is null', { a: [{ '...': null }] }],
    ['... at the top', { '...': DECOY }],
    ['... in an object that is no array element', { a: { '...': DECOY } }],
    ['_sd_alg further down', { a: { _sd_alg: 'sha-256' } }],
    ['_sd_alg in an array', { a: [{ _sd_alg: 'sha-256' }] }],
  ])('%s [RFC 9901 §4.1, §4.2.4]', async (_name, payload) => {
    await expect(verify({ payload })).rejects.toMatchObject({ code: 'invalid_sd_jwt' })
  })

  test.each<[string, JsonValue]>([
    ['_sd that is no array of strings', { _sd: [1] }],
    ['... with other members', [{ '...': DECOY, b: 1 }]],
    ['_sd_alg', { _sd_alg: 'sha-256' }],
  ])('%s inside a Disclosure [RFC 9901 §4.1.1, §4.2.4]', async (_name, value) => {
    const hidden = await disclosure(['salt', 'inner', value])
    await expect(verify({ payload: { _sd: [hidden.digest] }, disclosures: [hidden] })).rejects.toMatchObject({
      code: 'invalid_sd_jwt',
    })
  })

  test('Disclosures within each other, deeper than allowed', async () => {
    const chain: HostileDisclosure[] = []
    for (let depth = 0; depth < 100; depth++) {
      const below = chain.at(-1)
      chain.push(await disclosure([`salt-${depth}`, 'a', below === undefined ? 1 : { _sd: [below.digest] }]))
    }
    const nested = (depth: number) => {
      const disclosures = chain.slice(0, depth)
      return verify({ payload: { _sd: disclosures.slice(-1).map(({ digest }) => digest) }, disclosures })
    }
    await expect(nested(24)).resolves.toBeDefined()
    await expect(nested(25)).rejects.toMatchObject({ code: 'invalid_sd_jwt' })
    await expect(nested(100)).rejects.toMatchObject({ code: 'invalid_sd_jwt' })
  })

  test.each<[string, JsonObject]>([
    ['no typ', { typ: null }],
    ['another typ', { typ: 'JWT' }],
    ['the typ of a key binding', { typ: 'kb+jwt' }],
    ['typ in capitals', { typ: 'EXAMPLE+SD-JWT' }],
  ])('%s [RFC 9901 §9.11]', async (_name, header) => {
    await expect(verify({ header })).rejects.toMatchObject({ code: 'invalid_sd_jwt' })
  })
})

describe('refuses, as invalid_signature', () => {
  test.each<[string, JsonObject]>([
    ['alg none', { alg: 'none' }],
    ['HMAC', { alg: 'HS256' }],
    ['another signature algorithm', { alg: 'RS256' }],
    ['no alg', { alg: null }],
  ])('%s [RFC 9901 §7.1 step 2.a]', async (_name, header) => {
    await expect(verify({ header })).rejects.toMatchObject({ code: 'invalid_signature' })
  })

  test('the signature of another key [RFC 9901 §7.1 step 2.b]', async () => {
    const sdJwt = parseSdJwt(await makeHostileSdJwt({ payload: VALID, signer: generateNodeSigner() }))
    await expect(
      verifySdJwt(sdJwt, issuerKey, { typ: 'example+sd-jwt', now: NOW, crypto: nodeCrypto }),
    ).rejects.toMatchObject({ code: 'invalid_signature' })
  })

  test('a changed payload [RFC 9901 §7.1 step 2.b]', async () => {
    const [header, , signature] = (await makeHostileSdJwt({ payload: VALID, signer })).split('.')
    const [, payload] = (await makeHostileSdJwt({ payload: { ...VALID, iss: 'https://other.example' }, signer })).split(
      '.',
    )
    await expect(
      verifySdJwt(parseSdJwt(`${header}.${payload}.${signature}`), issuerKey, {
        typ: 'example+sd-jwt',
        now: NOW,
        crypto: nodeCrypto,
      }),
    ).rejects.toMatchObject({ code: 'invalid_signature' })
  })
})

describe('judges the processed payload', () => {
  test.each<[string, string, JsonObject]>([
    ['an expired one', 'expired', { exp: NOW - 61 }],
    ['one that is not valid yet', 'not_yet_valid', { nbf: NOW + 61 }],
    ['one issued in the future', 'not_yet_valid', { iat: NOW + 61 }],
    ['exp in a string', 'invalid_claims', { exp: String(NOW + 3600) }],
    ['nbf that is null', 'invalid_claims', { nbf: null }],
    ['iat in an array', 'invalid_claims', { iat: [NOW] }],
    ['exp in milliseconds', 'invalid_claims', { exp: NOW * 1000 }],
    ['an audience when we have no name', 'invalid_claims', { aud: 'https://verifier.example' }],
  ])('and refuses %s, as %s [RFC 9901 §7.1 step 6]', async (_name, code, payload) => {
    await expect(verify({ payload })).rejects.toMatchObject({ code })
  })

  test('where a date was disclosed too [RFC 9901 §7.1 step 6]', async () => {
    const payload: JsonObject = { iss: 'https://issuer.example' }
    const issuedAt = await disclosure(['salt', 'iat', NOW + 3600])
    const compact = await makeHostileSdJwt({
      payload: { ...payload, _sd: [issuedAt.digest] },
      disclosures: [issuedAt.encoded],
      signer,
    })
    await expect(
      verifySdJwt(parseSdJwt(compact), issuerKey, { typ: 'example+sd-jwt', now: NOW, crypto: nodeCrypto }),
    ).rejects.toMatchObject({ code: 'not_yet_valid' })
  })

  test.each<[JsonValue, string | undefined]>([
    ['https://verifier.example', undefined],
    [['https://other.example', 'https://verifier.example'], undefined],
    ['https://other.example', 'invalid_claims'],
    [['https://other.example'], 'invalid_claims'],
    [{ 'https://verifier.example': true }, 'invalid_claims'],
  ])('for an audience, %j [RFC 7519 §4.1.3]', async (aud, code) => {
    const verified = verify({ payload: { aud } }, { audience: 'https://verifier.example' })
    if (code === undefined) await expect(verified).resolves.toBeDefined()
    else await expect(verified).rejects.toMatchObject({ code })
  })
})
