import { expect, test } from 'vitest'
import { readProfile, startTestIssuer } from '../testing/issuer.testing.ts'
import { organisationAt } from '../testing/organisation.testing.ts'
import { makeTestWallet } from '../testing/wallet.testing.ts'

const SCHOOL = 'roc-midden-nederland'

async function startFlow() {
  const issuer = await startTestIssuer({ organisations: [] })
  await issuer.enrol({
    ...(await readProfile(SCHOOL)),
    credentials: [
      { type: 'diploma', validDays: 90, batchSize: 1, status: true },
      { type: 'vakcertificaat', validDays: 90, batchSize: 5, status: true },
    ],
  })
  const school = organisationAt(issuer, SCHOOL)
  const { id, credentialOffer } = await school.offer('diploma')
  const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => issuer.clock.now)
  const token = await wallet.redeem(credentialOffer)
  /** Asks with one key proof for each nonce. */
  const collect = async (...nonces: readonly string[]) => {
    const proofs = await Promise.all(nonces.map((nonce) => wallet.makeProofs(1, nonce)))
    const body = { credential_configuration_id: 'diploma', proofs: { jwt: proofs.flatMap(({ jwts }) => jwts) } }
    return wallet.send(await wallet.makeRequest('/credential', token, body))
  }
  return { issuer, school, id, wallet, token, collect }
}

test('more nonces than the batch has copies are refused, and none of them is used up', async () => {
  const { wallet, collect } = await startFlow()
  const nonces = [await wallet.requestNonce(), await wallet.requestNonce()] as const
  expect(await collect(...nonces)).toMatchObject({ status: 400, error: 'invalid_nonce' })
  expect((await collect(nonces[1])).status).toBe(200)
})

test('a nonce that another token used up is refused, and what came with it is not', async () => {
  const { school, wallet, collect, issuer } = await startFlow()
  const nonce = await wallet.requestNonce()
  expect((await collect(nonce)).status).toBe(200)
  const other = makeTestWallet(wallet.issuer, () => issuer.clock.now)
  const token = await other.redeem((await school.offer('diploma')).credentialOffer)
  const { jwts } = await other.makeProofs(1, nonce)
  const body = { credential_configuration_id: 'diploma', proofs: { jwt: jwts } }
  const request = await other.makeRequest('/credential', token, body)
  expect(await other.send(request)).toMatchObject({ status: 400, error: 'invalid_nonce' })
  expect((await other.collect(token, 'diploma', 1)).credentials).toHaveLength(1)
})

test('an access token is good for a hundred requests', async () => {
  const { issuer, id, wallet, collect } = await startFlow()
  const use = (times: number) =>
    issuer.db
      .updateTable('offer')
      .set({ proofs: 'x'.repeat(43 * times) })
      .where('id', '=', id)
      .execute()
  await use(100)
  expect(await collect(await wallet.requestNonce())).toMatchObject({ status: 401, error: 'invalid_token' })
  await use(99)
  expect((await collect(await wallet.requestNonce())).status).toBe(200)
})
