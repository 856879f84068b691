import { describe, expect, test } from 'vitest'
import { NOW, startTestIssuer } from '../testing/issuer.testing.ts'
import { organisationAt } from '../testing/organisation.testing.ts'
import { statusesOf, statusReferenceOf } from '../testing/status.testing.ts'
import { codeOf, makeTestWallet, type WalletAnswer, type WalletRequest } from '../testing/wallet.testing.ts'

const SCHOOL = 'roc-midden-nederland'
const TWENTY = Array.from({ length: 20 }, (_, at) => at)

async function startFlow(txCode = false) {
  const issuer = await startTestIssuer({ organisations: [SCHOOL] })
  const school = organisationAt(issuer, SCHOOL)
  const offer = await school.offer('diploma', { txCode })
  const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => issuer.clock.now)
  await wallet.learnNonce()
  return { issuer, school, offer, wallet }
}

/** How many were accepted, and the error codes of the others. */
function count(answers: readonly WalletAnswer[]) {
  return {
    accepted: answers.filter(({ status }) => status === 200).length,
    refused: [
      ...new Set(answers.filter(({ status }) => status !== 200).map(({ status, error }) => `${status} ${error}`)),
    ],
  }
}

describe('of twenty uses at the same time exactly one is accepted', () => {
  test('of one pre-authorized code, by twenty wallets [OpenID4VCI 1.0 §6.1]', async () => {
    const { issuer, offer, wallet } = await startFlow()
    const requests = await Promise.all(
      TWENTY.map(async () => {
        const other = makeTestWallet(wallet.issuer, () => issuer.clock.now)
        await other.learnNonce()
        return other.makeTokenRequest(codeOf(offer.credentialOffer))
      }),
    )
    const answers = await Promise.all(requests.map(wallet.send))
    expect(count(answers)).toEqual({ accepted: 1, refused: ['400 invalid_grant'] })
    expect(await issuer.db.selectFrom('offer').select('grant_state').execute()).toEqual([{ grant_state: 'issued' }])
  })

  test('of one c_nonce, in different requests with one token [OpenID4VCI 1.0 §7]', async () => {
    const { issuer, offer, wallet } = await startFlow()
    const token = await wallet.redeem(offer.credentialOffer)
    const nonce = await wallet.requestNonce()
    const requests = await Promise.all(
      TWENTY.map(async () => {
        const { jwts } = await wallet.makeProofs(2, nonce)
        return wallet.makeRequest('/credential', token, credentialRequest(jwts))
      }),
    )
    const answers = await Promise.all(requests.map(wallet.send))
    expect(count(answers)).toEqual({ accepted: 1, refused: ['400 invalid_nonce'] })
    expect(await issuer.db.selectFrom('credential_copy').select('batch').execute()).toEqual([
      { batch: 1 },
      { batch: 1 },
    ])
  })

  test.each(['/token', '/credential'])('of one DPoP jti at %s [RFC 9449 §11.1]', async (path) => {
    const { issuer, offer, wallet } = await startFlow()
    let request: WalletRequest = await wallet.makeTokenRequest(codeOf(offer.credentialOffer))
    if (path === '/credential') {
      const token = await wallet.redeem(offer.credentialOffer)
      const { jwts } = await wallet.makeProofs(2, await wallet.requestNonce())
      request = await wallet.makeRequest(path, token, credentialRequest(jwts))
    }
    const answers = await Promise.all(TWENTY.map(() => wallet.send(request)))
    const refusal = path === '/token' ? '400 invalid_dpop_proof' : '401 invalid_dpop_proof'
    expect(count(answers)).toEqual({ accepted: 1, refused: [refusal] })
    const rows = await issuer.db.selectFrom('spent_value').select('hash').execute()
    expect(new Set(rows.map(({ hash }) => hash)).size).toBe(rows.length)
  })

  test('of one DPoP jti at /notification', async () => {
    const { offer, wallet } = await startFlow()
    const token = await wallet.redeem(offer.credentialOffer)
    const { notificationId } = await wallet.collect(token, 'diploma')
    const body = { notification_id: notificationId, event: 'credential_accepted' }
    const request = await wallet.makeRequest('/notification', token, body)
    const statuses = (await Promise.all(TWENTY.map(() => wallet.send(request)))).map(({ status }) => status)
    expect(statuses.filter((status) => status === 204)).toHaveLength(1)
    expect(new Set(statuses)).toEqual(new Set([204, 401]))
  })
})

test('twenty collections at the same time with one token leave one valid batch', async () => {
  const { issuer, offer, wallet } = await startFlow()
  const token = await wallet.redeem(offer.credentialOffer)
  const batches = await Promise.all(TWENTY.map(() => wallet.collect(token, 'diploma', 2)))
  const statuses = await statusesOf(
    issuer,
    batches.flatMap(({ credentials }) => credentials),
  )
  expect(statuses.filter((status) => status === 'valid')).toHaveLength(2)
  expect(statuses.filter((status) => status === 'invalid')).toHaveLength(38)
  expect(await issuer.db.selectFrom('credential').select('id').execute()).toHaveLength(1)
})

test('many wallets at the same time never get one status index twice, also when lists fill up', async () => {
  const issuer = await startTestIssuer({ organisations: [SCHOOL], statusListSize: 64 })
  const school = organisationAt(issuer, SCHOOL)
  const credentials = await Promise.all(
    TWENTY.map(async (at) => {
      const { credentialOffer } = await school.offer('diploma')
      const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => NOW)
      return (await wallet.collect(await wallet.redeem(credentialOffer), 'diploma', 1 + (at % 20))).credentials
    }),
  )
  const references = credentials.flat().map(statusReferenceOf)
  expect(references).toHaveLength(210)
  expect(new Set(references.map(({ uri, index }) => `${uri} ${index}`)).size).toBe(210)
  expect(references.every(({ index }) => index < 64)).toBe(true)
  const lists = await issuer.db.selectFrom('status_list').select(['allocated', 'size']).execute()
  expect(lists.length).toBeGreaterThan(3)
  expect(lists.every(({ allocated, size }) => allocated <= size)).toBe(true)
})

describe('the transaction code', () => {
  let flow: Awaited<ReturnType<typeof startFlow>>
  const attempt = async (txCode: string | undefined) =>
    flow.wallet.send(await flow.wallet.makeTokenRequest(codeOf(flow.offer.credentialOffer), txCode))
  const wrong = () => (flow.offer.txCode === '000000' ? '111111' : '000000')
  const state = async () => (await flow.school.call('GET', `/offers/${flow.offer.id}`)).body.state

  test('is six digits, and four wrong tries leave the offer open', async () => {
    flow = await startFlow(true)
    expect(flow.offer.txCode).toMatch(/^\d{6}$/)
    for (let tries = 0; tries < 4; tries++) {
      expect(await attempt(wrong())).toMatchObject({ status: 400, error: 'invalid_grant' })
    }
    expect(await state()).toBe('open')
    expect((await attempt(flow.offer.txCode)).status).toBe(200)
  })

  test('locks the offer at the fifth wrong try, for the right code too, and its claims are gone', async () => {
    flow = await startFlow(true)
    for (let tries = 0; tries < 5; tries++) expect((await attempt(wrong())).error).toBe('invalid_grant')
    expect(await state()).toBe('locked')
    expect(await attempt(flow.offer.txCode)).toMatchObject({ status: 400, error: 'invalid_grant' })
    const row = await flow.issuer.db.selectFrom('offer').select('claims').executeTakeFirstOrThrow()
    expect(row.claims).toBeNull()
  })

  test('is tried five times at most, also by twenty requests at the same time', async () => {
    flow = await startFlow(true)
    const answers = await Promise.all(TWENTY.map(() => attempt(wrong())))
    expect(answers.every(({ error }) => error === 'invalid_grant')).toBe(true)
    expect(await state()).toBe('locked')
    const row = await flow.issuer.db.selectFrom('offer').select('tx_code_tries').executeTakeFirstOrThrow()
    expect(row.tx_code_tries).toBe(5)
  })

  test('that is missing is invalid_request and no try [OpenID4VCI 1.0 §6.3]', async () => {
    flow = await startFlow(true)
    for (let tries = 0; tries < 6; tries++) {
      expect(await attempt(undefined)).toMatchObject({ status: 400, error: 'invalid_request' })
    }
    expect((await attempt(flow.offer.txCode)).status).toBe(200)
  })

  test('that nobody asked for is invalid_request, and the code stays good [OpenID4VCI 1.0 §6.3]', async () => {
    flow = await startFlow(false)
    expect(await attempt('123456')).toMatchObject({ status: 400, error: 'invalid_request' })
    expect((await attempt(undefined)).status).toBe(200)
  })

  test('of one offer does not open another', async () => {
    flow = await startFlow(true)
    const other = await flow.school.offer('diploma', { txCode: true })
    if (other.txCode !== flow.offer.txCode) expect((await attempt(other.txCode)).error).toBe('invalid_grant')
    expect((await attempt(flow.offer.txCode)).status).toBe(200)
  })
})

function credentialRequest(jwts: readonly string[]) {
  return { credential_configuration_id: 'diploma', proofs: { jwt: jwts } }
}
