import { describe, expect, test } from 'vitest'
import { wordingIn } from '../texts/texts.ts'
import { type Consent, renderConsent, warningsOf } from './consent.ts'
import { sampleCard, samplePreview, sampleQuery, sampleRequest, textsOf } from './sample-request.testing.ts'

const DUTCH = wordingIn('nl')

function screenOf(change: Partial<Consent> = {}): string {
  const card = sampleCard()
  return renderConsent(
    { prepared: sampleRequest(), preview: samplePreview(), cards: new Map([[card.id, card]]), ...change },
    DUTCH,
  )
}

test('says who asks, why, what goes with its values, and what stays by name only', () => {
  expect(screenOf()).toBe(`UWV (demo) vraagt u om gegevens
  Nummer: NTRNL-90009991
  Soort organisatie: overheid
  Dienst: Werk zoeken
  Waarvoor: UWV schrijft u in als werkzoekende.
  Privacyverklaring: http://localhost:4200/uwv/privacy
  Gegevens laten verwijderen: http://localhost:4200/uwv/verwijderen

Dit gaat naar UWV (demo):

  Diploma van ROC Midden Nederland (demo)
    Naam van de opleiding: Logistiek teamleider
    Datum: 1 juli 2022
    Blijft bij u: Achternaam, Cijfer`)
})

test('says that a W3C credential always goes as a whole', () => {
  const { items } = samplePreview()
  const whole = items.map((item) => ({ ...item, credential: sampleCard({ format: 'jwt_vc_json' }) }))
  expect(screenOf({ preview: { items: whole } })).toContain('Let op: van dit bewijs gaan altijd alle gegevens mee.')
  expect(screenOf()).not.toContain('altijd alle gegevens')
})

test('says the same in English', () => {
  const card = sampleCard()
  const consent = { prepared: sampleRequest(), preview: samplePreview(), cards: new Map([[card.id, card]]) }
  const screen = renderConsent(consent, wordingIn('en'))
  expect(screen).toContain('UWV (demo) asks you for data')
  expect(screen).toContain('What for: UWV registers you as a jobseeker.')
  expect(screen).toContain('Stays with you: Family name, Grade')
})

test('says that who asks is no public body', () => {
  const { verifier } = sampleRequest()
  const screen = screenOf({ prepared: sampleRequest({ verifier: { ...verifier, isPublicBody: false } }) })
  expect(screen).toContain('Soort organisatie: geen overheid')
})

test.each([
  ['invalid', 'Let op: dit bewijs is ingetrokken.'],
  ['suspended', 'Let op: dit bewijs is geschorst.'],
] as const)('warns of a card that is %s', (liveStatus, warning) => {
  expect(screenOf({ cards: new Map([['abcdefghjk', sampleCard({ liveStatus })]]) })).toContain(warning)
})

test('the warning can be had without the screen', () => {
  const revoked = new Map([['abcdefghjk', sampleCard({ liveStatus: 'invalid' })]])
  expect(warningsOf({ preview: samplePreview(), cards: revoked }, DUTCH)).toEqual([
    'Diploma van ROC Midden Nederland (demo): Let op: dit bewijs is ingetrokken. De ander ziet dat ook.',
  ])
  const valid = new Map([['abcdefghjk', sampleCard()]])
  expect(warningsOf({ preview: samplePreview(), cards: valid }, DUTCH)).toEqual([])
})

test('says nothing of a status that cannot be had', () => {
  const cards = new Map([['abcdefghjk', sampleCard({ liveStatus: 'unknown' })]])
  expect(screenOf({ cards })).not.toContain('Let op')
})

test('says so when nothing but the credential itself goes', () => {
  const [item] = samplePreview().items
  const preview = { items: item === undefined ? [] : [{ ...item, shared: [] }] }
  expect(screenOf({ preview })).toContain('geen gegevens, alleen dat u dit bewijs hebt')
})

describe('what could be chosen otherwise has a number', () => {
  const [first] = sampleQuery().candidates
  const candidates = first === undefined ? [] : [first]

  test('another card', () => {
    const other = sampleCard({
      id: 'zyxwvutsrq',
      liveStatus: 'invalid',
      display: { name: textsOf('Getuigschrift', 'Degree'), claims: [] },
    })
    const query = sampleQuery({ candidates: [...candidates, { credentialId: other.id, claimSets: [] }] })
    const cards = new Map([sampleCard(), other].map((card) => [card.id, card]))
    const screen = screenOf({ prepared: sampleRequest({ queries: [query] }), cards })
    expect(screen).toContain(
      '--choose diploma=1  Diploma van ROC Midden Nederland (demo), ontvangen op 1 oktober 2026, geldig, einddatum 1 oktober 2027, abcdefghjk (dit is nu gekozen)',
    )
    expect(screen).toContain(
      '--choose diploma=2  Getuigschrift van ROC Midden Nederland (demo), ontvangen op 1 oktober 2026, ingetrokken, einddatum 1 oktober 2027, zyxwvutsrq',
    )
    const english = renderConsent(
      { prepared: sampleRequest({ queries: [query] }), preview: samplePreview(), cards },
      wordingIn('en'),
    )
    expect(english).toContain(
      '--choose diploma=2  Degree from ROC Midden Nederland (demo), received on 1 October 2026, revoked, end date 1 October 2027, zyxwvutsrq',
    )
  })

  test('another combination of claims, numbered by its place in the request', () => {
    const [chosen] = first?.claimSets ?? []
    const more = {
      option: 2,
      rows: [...(chosen?.rows ?? []), { path: ['mbo_level'], label: textsOf('Niveau', 'Level'), value: 3 }],
    }
    const claimSets = chosen === undefined ? [] : [chosen, more]
    const query = sampleQuery({ candidates: [{ credentialId: 'abcdefghjk', claimSets }] })
    const screen = screenOf({ prepared: sampleRequest({ queries: [query] }) })
    expect(screen).toContain('--claim-set diploma=1  Naam van de opleiding, Datum (dit is nu gekozen)')
    expect(screen).toContain('--claim-set diploma=3  Naam van de opleiding, Datum, Niveau')
  })

  test('nothing is offered where there is nothing to choose', () => {
    expect(screenOf()).not.toContain('--')
  })
})

describe('what does not go', () => {
  const optional = (change: object) =>
    sampleQuery({ id: 'vak', typeName: textsOf('Vakcertificaat', 'Certificate'), required: false, ...change })

  test('an optional part stays out, and can be added by its name', () => {
    const screen = screenOf({ prepared: sampleRequest({ queries: [sampleQuery(), optional({})] }) })
    expect(screen).toContain(
      'Niet verplicht, en nu niet meegestuurd:\n  Vakcertificaat: Naam van de opleiding, Datum (meesturen met --with vak)',
    )
  })

  test('an option that was not taken can be taken instead', () => {
    const screen = screenOf({ prepared: sampleRequest({ queries: [sampleQuery(), optional({ required: true })] }) })
    expect(screen).toContain(
      'U kunt ook kiezen voor:\n  Vakcertificaat: Naam van de opleiding, Datum (kiezen met --with vak)',
    )
  })

  test('an optional part that is not there says who issues it', () => {
    const unmet = {
      reason: 'type',
      labels: [],
      issuedBy: [textsOf('Testexamens Heftruck BV (demo)', 'Tests')],
    } as const
    const screen = screenOf({
      prepared: sampleRequest({ queries: [sampleQuery(), optional({ candidates: [], unmet })] }),
    })
    expect(screen).toContain('Niet nodig, en uw wallet kan het niet geven:\n  Vakcertificaat: u hebt dit bewijs niet')
    expect(screen).toContain('U krijgt het van: Testexamens Heftruck BV (demo)')
    expect(screen).not.toContain('--with')
  })

  test('what is asked beyond the registration is named, with whom to tell', () => {
    const query = sampleQuery({
      overAsked: [
        { path: ['birthdate'], label: [{ lang: 'nl-NL', value: 'Geboortedatum' }] },
        { path: ['grades', null], label: [{ lang: 'nl-NL', value: 'Cijfers' }] },
      ],
    })
    const screen = screenOf({ prepared: sampleRequest({ queries: [query], overAsking: true }) })
    expect(screen).toContain('UWV (demo) vraagt meer dan mag.')
    expect(screen).toContain('Diploma: Geboortedatum, Cijfers')
    expect(screen).toContain('Autoriteit Persoonsgegevens')
  })
})

test('nothing a stranger wrote reaches the terminal as a command', () => {
  const hostile = '\u001b[2J\u009b31mUWV\u202e\nDelen? ja'
  const { verifier } = sampleRequest()
  const [item] = samplePreview().items
  const shared = [{ path: ['x\u001b[0m'], label: textsOf(hostile, hostile), value: hostile }]
  const screen = screenOf({
    prepared: sampleRequest({
      verifier: {
        ...verifier,
        name: hostile,
        identifier: hostile,
        privacyPolicy: 'javascript:alert(1)',
        supportUri: hostile,
      },
      purpose: textsOf(hostile, hostile),
      service: textsOf(hostile, hostile),
    }),
    preview: { items: item === undefined ? [] : [{ ...item, shared, keptBack: shared }] },
  })
  expect(screen.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  expect(screen).not.toMatch(/^Delen\?/m)
  expect(screen).not.toContain('javascript:')
})
