import { expect, test } from 'vitest'
import { wordingIn } from '../texts/texts.ts'
import { renderCards, renderLabel, renderWholeCard } from './card.ts'
import { sampleCard, textsOf } from './sample-request.testing.ts'

const DUTCH = wordingIn('nl')

test('a list shows each card without its values', () => {
  const text = renderCards(
    [sampleCard(), sampleCard({ id: 'zyxwvutsrq', liveStatus: 'invalid', copiesLeft: 1 })],
    DUTCH,
  )
  expect(text).toBe(`Diploma
  Uitgever: ROC Midden Nederland (demo)
  Ontvangen op: 1 oktober 2026
  Geldig tot: 1 oktober 2027
  Status: geldig
  Delen: nog 20 keer te delen
  Id: abcdefghjk

Diploma
  Uitgever: ROC Midden Nederland (demo)
  Ontvangen op: 1 oktober 2026
  Geldig tot: 1 oktober 2027
  Status: ingetrokken
  Delen: nog 1 keer te delen
  Id: zyxwvutsrq`)
})

test('a W3C credential says that it always shows everything', () => {
  const text = renderCards([sampleCard({ format: 'jwt_vc_json' })], DUTCH)
  expect(text).toContain('  Vorm: W3C-bewijs: wie het ziet, ziet altijd alles wat erop staat')
  expect(renderCards([sampleCard()], DUTCH)).not.toContain('Vorm')
})

test('an empty wallet says so', () => {
  expect(renderCards([], DUTCH)).toBe('U hebt nog geen bewijzen.')
})

test('a type without a status shows none', () => {
  expect(renderCards([sampleCard({ liveStatus: 'none' })], DUTCH)).not.toContain('Status')
})

test('one card shows every value with its label, elements of an array numbered', () => {
  const [, values] = renderWholeCard(sampleCard(), DUTCH).split('\n\n')
  expect(values).toBe(`Gegevens:
  Naam van de opleiding: Logistiek teamleider
  Datum: 1 juli 2022
  Achternaam: van Dijk
  Cijfer (1): 7
  Cijfer (2): 8`)
})

test('an amount finds its currency in the same card, and is then not called one in cents', () => {
  const row = { path: ['balance_minor'], label: textsOf('Saldo in centen', 'Balance in cents'), value: 125_000 }
  const card = sampleCard({ claims: { balance_minor: 125_000, currency: 'EUR' }, rows: [row] })
  expect(renderWholeCard(card, DUTCH)).toContain('  Saldo: € 1.250,00')
  expect(renderWholeCard(card, wordingIn('en'))).toContain('  Balance: €1,250.00')
})

test('a bare number is in cents where its label says so', () => {
  const row = { path: ['price_minor'], label: textsOf('Prijs in centen', 'Price in cents'), value: 85_000 }
  expect(renderWholeCard(sampleCard({ claims: { price_minor: 85_000 }, rows: [row] }), DUTCH)).toContain(
    '  Prijs in centen: 85000',
  )
})

test('a claim without a label has its own name', () => {
  expect(renderLabel({ path: ['grades', 1, 'grade'], label: [] }, DUTCH)).toBe('grades.grade (2)')
})
