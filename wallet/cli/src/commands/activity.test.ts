import { expect, test } from 'vitest'
import { openWorld } from '../../../core/src/testing/world.ts'
import { activity } from './activity.ts'
import { makeContext } from './command-context.testing.ts'

test('looking back asks nobody anything, and names types as the cards do', async () => {
  const { school, registry, fillWallet } = await openWorld()
  const wallet = await fillWallet()
  const asked = [school.received.length, registry.received.length]
  const { text } = await activity(makeContext(wallet))
  expect(text).toContain('Bewijs: Diploma')
  expect([school.received.length, registry.received.length]).toEqual(asked)
})

test('what did not come is there too, with why', async () => {
  const { school, openWallet } = await openWorld()
  const wallet = openWallet()
  const receipt = await wallet.beginReceipt(school.offer({ txCode: '493536' }))
  await expect(wallet.acceptReceipt(receipt, { txCode: '000000' })).rejects.toThrow()
  const { text } = await activity(makeContext(wallet))
  expect(text).toContain('Niet ontvangen van ROC Midden-Nederland (demo) (NTRNL-90009992)')
  expect(text).toContain('De code klopt niet, of het aanbod is al gebruikt, verlopen of geblokkeerd.')
})
