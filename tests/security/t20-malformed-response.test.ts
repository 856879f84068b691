import { encodeUtf8 } from '@wegwijzer/protocol/jose'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { type AuthorizationRequest, makeDirectPostBody } from '@wegwijzer/protocol/openid4vp'
import { CompactEncrypt, importJWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { attackWorld, trapVisitors } from './attacked.testing.ts'
import { askForDiploma, type Copy, collectDiplomas, encrypt, post, present } from './hostile-wallet.testing.ts'
import { errorOf } from './http.testing.ts'

/** T20: responses that are no answer, or are not encrypted as was asked, are refused before anything in them is understood. */
const world = await attackWorld()
const trap = await trapVisitors()
const copies = await collectDiplomas(world, 20)

function takeCopy(): Copy {
  const copy = copies[0]
  if (copy === undefined) throw new Error('there are no copies left')
  return copy
}

describe('a response', () => {
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
})

test('nothing that a stranger named was visited', () => {
  expect(trap.visits).toEqual([])
})

async function encryptAs({ responseEncryption }: AuthorizationRequest, response: JsonObject): Promise<string> {
  const { key, kid, enc } = responseEncryption
  const jwe = await new CompactEncrypt(encodeUtf8(JSON.stringify(response)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc, kid })
    .encrypt(await importJWK({ ...key }, 'ECDH-ES'))
  return makeDirectPostBody({ response: jwe })
}
