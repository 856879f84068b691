import { expect, test } from 'vitest'
import { wordingIn } from '../texts/texts.ts'
import { renderUnanswerable } from './obstacles.ts'
import { sampleCard, sampleQuery, sampleRequest, textsOf } from './sample-request.testing.ts'

const DUTCH = wordingIn('nl')

test('a request that cannot be answered says who asks, what is missing and who issues it', () => {
  const unmet = {
    reason: 'claim_missing',
    labels: [textsOf('Studiepunten', 'Credits')],
    issuedBy: [textsOf('ROC Midden Nederland (demo)', 'ROC')],
  } as const
  const screen = renderUnanswerable(sampleRequest({ queries: [sampleQuery({ candidates: [], unmet })] }), DUTCH)
  expect(screen).toContain('UWV (demo) vraagt u om gegevens')
  expect(screen).toMatch(
    /Dit kan uw wallet niet geven:\n {2}Diploma: in uw bewijs staat niet alles wat er gevraagd wordt\n/,
  )
  expect(screen).toContain('Het gaat om: Studiepunten')
  expect(screen).toContain('U krijgt het van: ROC Midden Nederland (demo)')
})

test('an expired card is named, with until when it held and who issues it', () => {
  const unmet = {
    reason: 'expired',
    labels: [],
    issuedBy: [textsOf('ROC Midden Nederland (demo)', 'ROC')],
    expired: [sampleCard()],
  } as const
  const request = sampleRequest({ queries: [sampleQuery({ candidates: [], unmet })] })
  expect(renderUnanswerable(request, DUTCH)).toContain(`Dit kan uw wallet niet geven:
  Diploma: u hebt dit bewijs, maar het is verlopen; vraag de uitgever om een nieuw bewijs
    Verlopen: Diploma van ROC Midden Nederland (demo), was geldig tot 1 oktober 2027
    U krijgt het van: ROC Midden Nederland (demo)`)
  expect(renderUnanswerable(request, wordingIn('en'))).toContain(
    'Expired: Diploma from ROC Midden Nederland (demo), was valid until 1 October 2027',
  )
})

test('what may not be asked is not to be had from an issuer either', () => {
  const unmet = { reason: 'not_permitted', labels: [], issuedBy: [textsOf('ROC', 'ROC')] } as const
  const query = sampleQuery({
    candidates: [],
    unmet,
    overAsked: [{ path: ['birthdate'], label: [{ lang: 'nl-NL', value: 'Geboortedatum' }] }],
  })
  const screen = renderUnanswerable(sampleRequest({ queries: [query], overAsking: true }), DUTCH)
  expect(screen).toContain('Diploma: wie dit vraagt, mag dit niet aan u vragen')
  expect(screen).not.toContain('U krijgt het van')
  expect(screen).toContain('Diploma: Geboortedatum')
})
