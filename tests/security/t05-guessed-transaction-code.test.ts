import { describe, expect, test } from 'vitest'
import { codeOf } from '../../issuer/src/testing/wallet.testing.ts'
import { attackWorld } from './attacked.testing.ts'
import { walletAt } from './hostile-wallet.testing.ts'

/** T5: a transaction code has five tries, whoever asks and however many at the same time. */
const world = await attackWorld()

const SCHOOL = 'roc-midden-nederland'

async function readyWallet() {
  const wallet = walletAt(world)
  await wallet.learnNonce()
  return wallet
}

describe('a transaction code', () => {
  test('that is tried wrongly five times locks the offer, for the right one too', async () => {
    const { credentialOffer, txCode, id } = await world.offer('diploma', { txCode: true })
    const wallet = await readyWallet()
    const attempt = async (code: string | undefined) =>
      wallet.send(await wallet.makeTokenRequest(codeOf(credentialOffer), code))
    const wrong = txCode === '000000' ? '111111' : '000000'
    const state = async () => (await world.issuerApi(SCHOOL).get(`/offers/${id}`)).body.state
    for (let tries = 1; tries <= 5; tries++) {
      expect(await attempt(wrong)).toMatchObject({ status: 400, error: 'invalid_grant' })
      expect(await state()).toBe(tries < 5 ? 'open' : 'locked')
    }
    expect(await attempt(txCode)).toMatchObject({ status: 400, error: 'invalid_grant' })
  })

  test('is not found by a hundred tries at the same time, and never counted past five', async () => {
    const { credentialOffer, txCode, id } = await world.offer('diploma', { txCode: true })
    const wallet = await readyWallet()
    const guesses = Array.from({ length: 100 }, (_, at) => String(at).padStart(6, '0')).filter(
      (code) => code !== txCode,
    )
    const requests = await Promise.all(guesses.map((code) => wallet.makeTokenRequest(codeOf(credentialOffer), code)))
    const answers = await Promise.all(requests.map(wallet.send))
    expect(new Set(answers.map(({ status, error }) => `${status} ${error}`))).toEqual(new Set(['400 invalid_grant']))
    expect((await world.issuerApi(SCHOOL).get(`/offers/${id}`)).body.state).toBe('locked')
  })

  test.each([['12345'], ['1234567'], ['١٢٣٤٥٦'], ['123456 '], ['-12345'], ['1e5'], ['a'.repeat(101)], ['']])(
    'in another form, as %j, opens nothing',
    async (given) => {
      const { credentialOffer } = await world.offer('diploma', { txCode: true })
      const wallet = await readyWallet()
      expect((await wallet.send(await wallet.makeTokenRequest(codeOf(credentialOffer), given))).status).toBe(400)
    },
  )
})
