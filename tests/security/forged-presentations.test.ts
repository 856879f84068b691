import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { makeDevelopmentCa, makeLeafCertificate, makeX5c, parseX5c } from '@wegwijzer/keys/x509'
import type { PublicJwk } from '@wegwijzer/protocol/crypto'
import { encodeBase64url, encodeUtf8, makeJwt, parseJws, readClaims } from '@wegwijzer/protocol/jose'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { type AuthorizationRequest, makeDirectPostBody } from '@wegwijzer/protocol/openid4vp'
import { type KeyBindingToMake, makeKeyBindingJwt, selectDisclosures } from '@wegwijzer/protocol/sd-jwt'
import { CompactEncrypt, importJWK } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWorld, type World } from '../support/world.ts'
import { type Forgery, forgeries } from './forged-jwt.testing.ts'
import { askForDiploma, type Copy, collectDiplomas, encrypt, post, present } from './hostile-wallet.testing.ts'
import { errorOf, send } from './http.testing.ts'
import { setTrap, type Trap } from './trap.testing.ts'

/** Presentations that are forged, stolen, replayed or for somebody else: nothing is accepted, nothing is fetched. */
let world: World
let trap: Trap
let copies: Copy[]

beforeAll(async () => {
  world = await startWorld()
  trap = await setTrap()
  copies = [...(await collectDiplomas(world, 20)), ...(await collectDiplomas(world, 20))]
})
afterAll(async () => {
  await trap.close()
  await world.close()
})

function takeCopy(): Copy {
  const copy = copies[0]
  if (copy === undefined) throw new Error('there are no copies left')
  return copy
}

/** Answers a fresh request and says what the organisation reads of it. */
async function judge(make: (request: AuthorizationRequest) => Promise<string>, state?: string | null) {
  const { request, result } = await askForDiploma(world)
  const answer = await post(request, await encrypt(request, { diploma: [await make(request)] }, state))
  expect(answer.status).toBe(200)
  expect(answer.headers['cache-control']).toBe('no-store')
  const { report, claims } = await result()
  const failed = report.checks.filter(({ outcome }: { outcome: string }) => outcome === 'failed')
  return { verdict: report.verdict, claims, failed: failed.map(({ check }: { check: string }) => check) }
}

function expectRejected(judged: Awaited<ReturnType<typeof judge>>, ...checks: readonly string[]): void {
  expect(judged).toMatchObject({ verdict: 'rejected', claims: undefined })
  expect(judged.failed).toEqual(expect.arrayContaining([...checks]))
}

test('the presentation that is broken below is accepted as it is', async () => {
  expect((await judge((request) => present(world, takeCopy(), request))).verdict).toBe('accepted')
})

const names = forgeries(generateNodeSigner(), generateNodeSigner().publicJwk, 'http://x').map(({ name }) => [name])

function find(all: readonly Forgery[], name: string): Forgery['forge'] {
  const found = all.find((forgery) => forgery.name === name)
  if (found === undefined) throw new Error('there is no such forgery')
  return found.forge
}

describe('a key binding', () => {
  // Header parameters that name no key and are not looked at change nothing: the key is the one in the credential.
  const HARMLESS = /JWK Set|certificate to fetch|key identifier|in the header|no point|at infinity/

  test.each(names.filter(([name = '']) => !HARMLESS.test(name)))('with %s proves nothing', async (name) => {
    const { held, holder } = takeCopy()
    const forge = find(forgeries(holder, holder.publicJwk, trap.url), name ?? '')
    const judged = await judge(async (request) => {
      const bound = await present(world, { held, holder }, request)
      const at = bound.lastIndexOf('~') + 1
      return `${bound.slice(0, at)}${await forge(bound.slice(at))}`
    })
    expectRejected(judged)
  })

  test.each(names.filter(([name = '']) => HARMLESS.test(name)))(
    'with %s is judged by the credential’s key',
    async (name) => {
      const { held, holder } = takeCopy()
      const thief = generateNodeSigner()
      const forge = find(forgeries(thief, thief.publicJwk, trap.url), name ?? '')
      const judged = await judge(async (request) => {
        const bound = await present(world, { held, holder }, request)
        const at = bound.lastIndexOf('~') + 1
        return `${bound.slice(0, at)}${await forge(bound.slice(at))}`
      })
      expectRejected(judged)
    },
  )

  test.each<[string, (request: AuthorizationRequest) => Partial<KeyBindingToMake>]>([
    ['for another verifier', () => ({ audience: 'x509_hash:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' })],
    ['for our address', (request) => ({ audience: request.responseUri })],
    ['with another nonce', () => ({ nonce: 'A'.repeat(43) })],
    ['with the state as its nonce', (request) => ({ nonce: request.state ?? '' })],
    ['by a thief of the credential', () => ({ signer: generateNodeSigner() })],
    ['from an hour ago', () => ({ issuedAt: world.clock.now() - 3600 })],
    ['from the future', () => ({ issuedAt: world.clock.now() + 3600 })],
    ['that has expired', () => ({ extraClaims: { exp: world.clock.now() - 3600 } })],
  ])('%s proves nothing', async (_name, change) => {
    expectRejected(await judge((request) => present(world, takeCopy(), request, change(request))), 'holder_binding')
  })

  test('that is absent, of other disclosures, or of another request proves nothing', async () => {
    const { held, holder } = takeCopy()
    const bare = selectDisclosures(held, [['qualification_name'], ['institution_name'], ['completion_date']])
    expectRejected(await judge(async () => bare))
    expectRejected(
      await judge(async (request) => (await present(world, { held, holder }, request)).replace(/~[^~]+~/, '~')),
    )
    const { request: other } = await askForDiploma(world)
    expectRejected(await judge(() => present(world, { held, holder }, other)), 'holder_binding')
  })
})

describe('a credential', () => {
  /** The presentation of a copy whose issuer JWT was forged, bound as it should be. */
  const withIssuerJwt = (forge: (jwt: string) => Promise<string>, { held, holder } = takeCopy()) =>
    judge(async ({ clientId, nonce }) => {
      const presentation = selectDisclosures(held, [['qualification_name'], ['institution_name'], ['completion_date']])
      const [jwt = '', ...disclosures] = presentation.split('~')
      const forged = [await forge(jwt), ...disclosures].join('~')
      return bind(forged, { audience: clientId, nonce, issuedAt: world.clock.now(), signer: holder })
    })

  test.each(names)('with %s is not believed', async (name) => {
    const stranger = generateNodeSigner()
    const judged = await withIssuerJwt(find(forgeries(stranger, issuerKeyOf(takeCopy()), trap.url), name ?? ''))
    expectRejected(judged)
  })

  test('by a stranger with certificates of his own, in the name of the school, is not believed and not looked up', async () => {
    const now = world.clock.now()
    const caSigner = generateNodeSigner()
    const ca = await makeDevelopmentCa({ commonName: 'Evil', now, signer: caSigner, crypto: nodeCrypto })
    const signer = generateNodeSigner()
    const { iss } = takeCopy().held.sdJwt.issuerClaims
    const leaf = await makeLeafCertificate({
      ca,
      subject: {
        commonName: 'ROC Midden-Nederland (demo)',
        organizationName: 'ROC Midden-Nederland (demo)',
        organizationIdentifier: 'NTRNL-90001354',
        countryName: 'NL',
      },
      sanUris: [String(iss)],
      sanDnsNames: [],
      publicJwk: signer.publicJwk,
      notBefore: now - 60,
      notAfter: now + 86_400,
      crypto: nodeCrypto,
    })
    const evil: JsonObject = {
      status: { status_list: { idx: 0, uri: `${trap.url}/status` } },
      vct: `${trap.url}/type`,
    }
    const x5c = makeX5c([leaf])
    for (const change of [{}, { status: evil.status ?? null }, evil]) {
      expectRejected(await withIssuerJwt((jwt) => forgeAs(jwt, x5c, change)), 'issuer_trusted')
    }
    expectRejected(await withIssuerJwt((jwt) => forgeAs(jwt, makeX5c([leaf, ca.certificate]), {})))

    async function forgeAs(jwt: string, chain: readonly string[], change: JsonObject) {
      const jws = parseJws(jwt)
      return makeJwt({ typ: 'dc+sd-jwt', x5c: [...chain] }, { ...readClaims(jws), ...change }, signer)
    }
  })
})

describe('a response', () => {
  test('with another state, or none, is rejected', async () => {
    for (const state of ['A'.repeat(43), null]) {
      expectRejected(await judge((request) => present(world, takeCopy(), request), state), 'replay')
    }
  })

  test.each<[string, (request: AuthorizationRequest) => JsonObject]>([
    ['a query that was not asked', () => ({ vp_token: { pid: ['a~'] } })],
    ['no list', () => ({ vp_token: { diploma: 'a~' } })],
    ['an empty list', () => ({ vp_token: { diploma: [] } })],
    ['a list of fifty-one', () => ({ vp_token: { diploma: Array<string>(51).fill('a~') } })],
    ['lists within lists', () => ({ vp_token: { diploma: [['a~']] } })],
    ['both presentations and an error', () => ({ vp_token: { diploma: ['a~'] }, error: 'access_denied' })],
    ['an error with a foreign state', () => ({ error: 'access_denied', state: 'A'.repeat(43) })],
    ['an error without state', () => ({ error: 'access_denied', state: null })],
    ['an error over two lines', ({ state }) => ({ error: 'a\nb', state: state ?? '' })],
    ['a presentation without end', () => ({ vp_token: { diploma: ['~'.repeat(100_000)] } })],
    ['ten thousand disclosures', () => ({ vp_token: { diploma: [`a.b.c~${'WyJhIiwiYiIsMV0~'.repeat(10_000)}`] } })],
    ['nothing', () => ({})],
  ])('with %s is refused or rejected, and shows nothing', async (_name, make) => {
    const { request, result } = await askForDiploma(world)
    const members = Object.entries({ state: request.state ?? '', ...make(request) }).filter(
      ([, value]) => value !== null,
    )
    const answer = await post(request, await encryptAs(request, Object.fromEntries(members)))
    const { state, report, claims } = await result()
    if (answer.status === 400) expect([errorOf(answer), state]).toEqual(['invalid_request', 'retrieved'])
    else expect([answer.status, report.verdict]).toEqual([200, 'rejected'])
    expect(claims).toBeUndefined()
  })

  test.each<[string, (request: AuthorizationRequest) => JsonObject]>([
    ['to another key', () => ({ kid: 'another' })],
    ['with no key named', () => ({ kid: null })],
    ['with compression', () => ({ zip: 'DEF' })],
    ['with a critical extension', () => ({ crit: ['x'], x: 1 })],
    ['directly', () => ({ alg: 'dir' })],
    ['with a password tried ten million times', () => ({ alg: 'PBES2-HS512+A256KW', p2c: 10_000_000, p2s: 'AAAA' })],
    ['by RSA', () => ({ alg: 'RSA1_5' })],
    ['with a key to fetch', () => ({ jku: `${trap.url}/keys`, x5u: `${trap.url}/x5u`, enc: 'A128CBC-HS256' })],
    ['to a point off the curve', () => ({ epk: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } })],
    ['to another curve', () => ({ epk: { kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) } })],
  ])('encrypted %s is invalid_request and leaves the request open', async (_name, change) => {
    const { request, result } = await askForDiploma(world)
    const bound = await present(world, takeCopy(), request)
    const body = await encrypt(request, { diploma: [bound] })
    const [header = '', ...rest] = (new URLSearchParams(body).get('response') ?? '').split('.')
    const changed = { ...JSON.parse(Buffer.from(header, 'base64url').toString()), ...change(request) }
    const response = [Buffer.from(JSON.stringify(changed)).toString('base64url'), ...rest].join('.')
    const answer = await post(request, makeDirectPostBody({ response }))
    expect([answer.status, errorOf(answer)]).toEqual([400, 'invalid_request'])
    expect((await result()).state).toBe('retrieved')
    expect((await post(request, body)).status).toBe(200)
  })

  test('that is not encrypted, or is to the key of another request, is invalid_request', async () => {
    const { request, result } = await askForDiploma(world)
    const { request: other } = await askForDiploma(world)
    const bound = await present(world, takeCopy(), request)
    for (const body of [
      new URLSearchParams({ vp_token: JSON.stringify({ diploma: [bound] }), state: request.state ?? '' }).toString(),
      await encrypt(other, { diploma: [bound] }, request.state),
      makeDirectPostBody({ response: 'a.b.c.d.e' }),
      makeDirectPostBody({ response: '....' }),
      'error=access_denied',
      `error=access_denied&state=${other.state}`,
    ]) {
      const answer = await post(request, body)
      expect([answer.status, errorOf(answer)]).toEqual([400, 'invalid_request'])
    }
    expect((await result()).state).toBe('retrieved')
  })

  test('after the request has expired is refused, as is fetching it', async () => {
    const { request, result, authorizationRequest } = await askForDiploma(world)
    const body = await encrypt(request, { diploma: [await present(world, takeCopy(), request)] })
    world.clock.advance(601)
    const answer = await post(request, body)
    expect([answer.status, errorOf(answer)]).toEqual([400, 'invalid_request'])
    const requestUri = new URL(authorizationRequest).searchParams.get('request_uri') ?? ''
    const fetched = await send({ method: 'GET', url: requestUri })
    expect([fetched.status, errorOf(fetched)]).toEqual([400, 'invalid_request'])
    expect(await result()).toMatchObject({ state: 'expired' })
  })
})

test('nothing that a stranger named was visited', () => {
  expect(trap.visits).toEqual([])
})

/** The key in the leaf certificate that the credential came with: what a verifier uses, and everybody knows. */
function issuerKeyOf({ held }: Copy): PublicJwk {
  const [leaf] = parseX5c(held.sdJwt.issuerJws.header.x5c)
  if (leaf === undefined) throw new Error('the credential has no certificate')
  return leaf.publicJwk
}

async function bind(presentation: string, binding: Omit<KeyBindingToMake, 'presentation' | 'crypto'>): Promise<string> {
  try {
    return await makeKeyBindingJwt({ presentation, crypto: nodeCrypto, ...binding })
  } catch {
    // What our own functions will not bind is bound by hand.
    const sd_hash = encodeBase64url(await nodeCrypto.digest('sha-256', encodeUtf8(presentation)))
    const { audience: aud, nonce, issuedAt: iat, signer } = binding
    return presentation + (await makeJwt({ typ: 'kb+jwt' }, { aud, nonce, iat, sd_hash }, signer))
  }
}

async function encryptAs({ responseEncryption }: AuthorizationRequest, response: JsonObject): Promise<string> {
  const { key, kid, enc } = responseEncryption
  const jwe = await new CompactEncrypt(encodeUtf8(JSON.stringify(response)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc, kid })
    .encrypt(await importJWK({ ...key }, 'ECDH-ES'))
  return makeDirectPostBody({ response: jwe })
}
