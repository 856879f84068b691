import { expect, test } from 'vitest'
import { logStatements } from '../../packages/storage/src/statement-log.testing.ts'
import { startTestIssuer } from './testing/issuer.testing.ts'
import { organisationAt } from './testing/organisation.testing.ts'
import { makeTestWallet } from './testing/wallet.testing.ts'

const SCHOOL = 'roc-midden-nederland'

test('an issuance to a wallet takes three transactions and six statements, the offer one and two', async () => {
  const log = logStatements()
  const issuer = await startTestIssuer({ organisations: [SCHOOL] })
  const school = organisationAt(issuer, SCHOOL)
  const wallet = makeTestWallet(`${issuer.url}/${SCHOOL}`, () => issuer.clock.now)
  await wallet.learnNonce()
  const issue = async () => {
    log.take()
    const { credentialOffer } = await school.offer('diploma')
    const offer = log.take()
    const accessToken = await wallet.redeem(credentialOffer)
    const token = log.take()
    const { credentials, notificationId } = await wallet.collect(accessToken, 'diploma', 20)
    const credential = log.take()
    expect(credentials).toHaveLength(20)
    expect((await wallet.notify(accessToken, notificationId, 'credential_accepted')).status).toBe(204)
    return { offer, token, credential, notification: log.take() }
  }
  // The first one also makes a status list, and takes from it for a thousand copies.
  await issue()
  expect(await issue()).toEqual({
    offer: { transactions: 1, statements: 2 },
    token: { transactions: 1, statements: 2 },
    credential: { transactions: 1, statements: 3 },
    notification: { transactions: 1, statements: 1 },
  })
})
