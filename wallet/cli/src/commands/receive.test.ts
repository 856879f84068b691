import { describe, expect, test } from 'vitest'
import { openWorld } from '../../../core/src/testing/world.ts'
import { describeFailure } from '../failure.ts'
import { wordingIn } from '../texts/texts.ts'
import { makeContext } from './command-context.testing.ts'
import { receive } from './receive.ts'

/** What the worker reads when it does not succeed. */
function messageOf(receiving: Promise<unknown>): Promise<string> {
  return receiving.then(
    () => '',
    (error: unknown) => describeFailure(error, wordingIn('nl').words).message,
  )
}

describe('an issuer that refuses', () => {
  test('a code may mean that the code is wrong, and from the fifth time that the offer is locked', async () => {
    const { school, openWallet } = await openWorld()
    const context = makeContext(openWallet())
    const offer = school.offer({ txCode: '493536' })
    const tryWrong = () => messageOf(receive({ offers: [offer], txCodes: ['000000'] }, context))
    for (let tried = 1; tried <= 4; tried++) expect(await tryWrong()).toContain('De code klopt niet, of het aanbod')
    for (let tried = 5; tried <= 6; tried++) expect(await tryWrong()).toContain('misschien geblokkeerd')
    const { text } = await receive({ offers: [offer], txCodes: ['493536'] }, context)
    expect(text).toContain('Ontvangen: Diploma')
  })

  test('an offer without a code does not make the worker look for one', async () => {
    const { school, openWallet } = await openWorld()
    const context = makeContext(openWallet())
    const offer = school.offer()
    await receive({ offers: [offer], txCodes: [] }, context)
    const message = await messageOf(receive({ offers: [offer], txCodes: [] }, context))
    expect(message).toContain('Het is al gebruikt, ingetrokken of verlopen.')
    expect(message).not.toContain('code')
  })
})
