import { describe, expect, test } from 'vitest'
import { codeOf, type WalletAnswer } from '../../issuer/src/testing/wallet.testing.ts'
import { attackWorld } from './attacked.testing.ts'
import {
  askForDiploma,
  collectDiplomas,
  encrypt,
  fetchRequest,
  post,
  present,
  walletAt,
} from './hostile-wallet.testing.ts'
import { errorOf, send } from './http.testing.ts'

/** T4: whatever counts once counts once, also for twenty at the same time. */
const world = await attackWorld()

const TWENTY = Array.from({ length: 20 }, (_, at) => at)
const SCHOOL = 'roc-midden-nederland'

const codes = (answers: readonly WalletAnswer[]) =>
  answers.map(({ status, error }) => `${status} ${error ?? ''}`.trim())

/** That one was accepted, and all others got this. */
function expectOne(outcomes: readonly string[], accepted: string, refused: string): void {
  expect(outcomes.toSorted()).toEqual([accepted, ...Array<string>(19).fill(refused)].toSorted())
}

async function readyWallet() {
  const wallet = walletAt(world)
  await wallet.learnNonce()
  return wallet
}

describe('of twenty uses at the same time one is accepted', () => {
  test('of a pre-authorized code, by twenty wallets [OpenID4VCI 1.0 §6.1]', async () => {
    const { credentialOffer, id } = await world.offer('diploma')
    const sent = TWENTY.map(async () => {
      const wallet = await readyWallet()
      return wallet.send(await wallet.makeTokenRequest(codeOf(credentialOffer)))
    })
    expectOne(codes(await Promise.all(sent)), '200', '400 invalid_grant')
    expect((await world.issuerApi(SCHOOL).get(`/offers/${id}`)).body.state).toBe('open')
  })

  test('of a pre-authorized code with the right transaction code', async () => {
    const { credentialOffer, txCode } = await world.offer('diploma', { txCode: true })
    const sent = TWENTY.map(async () => {
      const wallet = await readyWallet()
      return wallet.send(await wallet.makeTokenRequest(codeOf(credentialOffer), txCode))
    })
    expectOne(codes(await Promise.all(sent)), '200', '400 invalid_grant')
  })

  test('of a c_nonce, by two wallets with tokens of their own [OpenID4VCI 1.0 §7]', async () => {
    const wallets = await Promise.all(
      [0, 1].map(async () => {
        const wallet = await readyWallet()
        return { wallet, token: await wallet.redeem((await world.offer('diploma')).credentialOffer) }
      }),
    )
    const nonce = await wallets[0]?.wallet.requestNonce()
    const sent = TWENTY.map(async (at) => {
      const { wallet, token } = wallets[at % 2] ?? { wallet: walletAt(world), token: '' }
      await wallet.learnNonce()
      const { jwts } = await wallet.makeProofs(1, nonce ?? '')
      const body = { credential_configuration_id: 'diploma', proofs: { jwt: jwts } }
      return wallet.send(await wallet.makeRequest('/credential', token, body))
    })
    expectOne(codes(await Promise.all(sent)), '200', '400 invalid_nonce')
  })

  test('of a DPoP proof at each endpoint that takes one [RFC 9449 §11.1]', async () => {
    const wallet = await readyWallet()
    const tokenRequest = await wallet.makeTokenRequest(codeOf((await world.offer('diploma')).credentialOffer))
    const answers = await Promise.all(TWENTY.map(() => wallet.send(tokenRequest)))
    expectOne(codes(answers), '200', '400 invalid_dpop_proof')
    const token: string = JSON.parse(answers.find(({ status }) => status === 200)?.text ?? '').access_token

    const { jwts } = await wallet.makeProofs(2, await wallet.requestNonce())
    const body = { credential_configuration_id: 'diploma', proofs: { jwt: jwts } }
    const credentialRequest = await wallet.makeRequest('/credential', token, body)
    const issued = await Promise.all(TWENTY.map(() => wallet.send(credentialRequest)))
    expectOne(codes(issued), '200', '401 invalid_dpop_proof')

    const { notification_id } = JSON.parse(issued.find(({ status }) => status === 200)?.text ?? '')
    const notification = { notification_id, event: 'credential_accepted' }
    const notice = await wallet.makeRequest('/notification', token, notification)
    expectOne(codes(await Promise.all(TWENTY.map(() => wallet.send(notice)))), '204', '401 invalid_dpop_proof')
  })

  test('of a request, by different responses [OpenID4VP 1.0 §8.2]', async () => {
    const { request, result } = await askForDiploma(world)
    const copies = await collectDiplomas(world, 20)
    const bodies = await Promise.all(
      copies.map(async (copy) => encrypt(request, { diploma: [await present(world, copy, request)] })),
    )
    const before = acceptances()
    const answers = await Promise.all(bodies.map((body) => post(request, body)))
    expectOne(
      answers.map((answer) => (answer.status === 200 ? '200' : `${answer.status} ${errorOf(answer)}`)),
      '200',
      '400 invalid_request',
    )
    expect(acceptances() - before).toBe(1)
    expect((await result()).report.verdict).toBe('accepted')
  })

  test('of a response, which repeated at once is one acceptance', async () => {
    const { request, result } = await askForDiploma(world)
    const [copy] = await collectDiplomas(world, 1)
    if (copy === undefined) throw new Error('there is no copy')
    const body = await encrypt(request, { diploma: [await present(world, copy, request)] })
    const before = acceptances()
    for (const { status, text } of await Promise.all(TWENTY.map(() => post(request, body)))) {
      expect([status, text]).toEqual([200, '{}'])
    }
    expect(acceptances() - before).toBe(1)
    const first = await result()
    world.clock.advance(301)
    const late = await post(request, body)
    expect([late.status, errorOf(late)]).toEqual([400, 'invalid_request'])
    expect(await result()).toEqual(first)
  })

  test('of a response and a refusal, of which only the first is heard', async () => {
    const { request, result } = await askForDiploma(world)
    const refusal = new URLSearchParams({ error: 'access_denied', state: request.state ?? '' }).toString()
    const [copy] = await collectDiplomas(world, 1)
    if (copy === undefined) throw new Error('there is no copy')
    const body = await encrypt(request, { diploma: [await present(world, copy, request)] })
    const statuses = (await Promise.all([post(request, body), post(request, refusal)])).map(({ status }) => status)
    expect(statuses.toSorted()).toEqual([200, 400])
    expect((await result()).state).toBe(statuses[0] === 200 ? 'answered' : 'refused')
  })

  test('of a start link: one browser gets the cookie and the request', async () => {
    const { startLink } = await world.ask('uwv', 'uwv-inschrijving', { flow: 'same_device' })
    const answers = await Promise.all(TWENTY.map(() => send({ method: 'GET', url: startLink })))
    expectOne(
      answers.map(({ status }) => String(status)),
      '303',
      '409',
    )
    expect(answers.filter(({ headers }) => headers['set-cookie'] !== undefined)).toHaveLength(1)
    expect(answers.filter(({ headers }) => headers.location !== undefined)).toHaveLength(1)
  })
})

test('an offer that is cancelled while twenty wallets redeem it leaves a token or an end, never both', async () => {
  const { credentialOffer, id } = await world.offer('diploma')
  const wallets = await Promise.all(TWENTY.map(readyWallet))
  const requests = await Promise.all(wallets.map((wallet) => wallet.makeTokenRequest(codeOf(credentialOffer))))
  const [cancelled, ...answers] = await Promise.all([
    world.issuerApi(SCHOOL).delete(`/offers/${id}`),
    ...requests.map(async (request, at) => ({ wallet: wallets[at], answer: await wallets[at]?.send(request) })),
  ])
  expect(cancelled.status).toBe(204)
  expect((await world.issuerApi(SCHOOL).get(`/offers/${id}`)).body.state).toBe('cancelled')
  for (const { wallet, answer } of answers) {
    if (wallet === undefined || answer?.status !== 200) continue
    const token: string = JSON.parse(answer.text).access_token
    const refused = await wallet.send(await wallet.makeRequest('/credential', token, {}))
    expect([refused.status, refused.error]).toEqual([401, 'invalid_token'])
  }
})

describe('an answer in a same-device flow', () => {
  test('is confirmed once, however often the browser comes back at the same time', async () => {
    const made = await world.ask('grand-contex', 'werkgever-diploma', { flow: 'same_device' })
    const started = await send({ method: 'GET', url: made.startLink })
    const request = await fetchRequest(world, String(started.headers.location))
    const [copy] = await collectDiplomas(world, 1)
    if (copy === undefined) throw new Error('there is no copy')
    const body = await encrypt(request, { diploma: [await present(world, copy, request)] })
    const back: string = JSON.parse((await post(request, body)).text).redirect_uri
    const cookie = String(started.headers['set-cookie']).split(';')[0]
    const pages = await Promise.all(TWENTY.map(() => send({ method: 'GET', url: back, headers: { cookie } })))
    expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200]))
    expect(world.logs.filter((line) => line.includes('"presentation.confirmed"'))).toHaveLength(1)
    expect((await made.result()).state).toBe('confirmed')
  })
})

function acceptances(): number {
  return world.logs.filter((line) => line.includes('"presentation.answered"')).length
}
