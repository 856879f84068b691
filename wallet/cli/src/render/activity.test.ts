import type { PresentationTransaction, Transaction } from '@wegwijzer/wallet-core'
import { expect, test } from 'vitest'
import { wordingIn } from '../texts/texts.ts'
import { type KnownTypes, renderActivity } from './activity.ts'
import { textsOf } from './sample-request.testing.ts'

const DUTCH = wordingIn('nl')
const NO_TYPES: KnownTypes = new Map()
const FRAME = {
  transactionIdentifier: '001790848800-abc',
  time: '2026-10-01T10:00:00Z',
  transactionResult: 'Completed',
  interactingPartyIdentifier: { type: 'http://data.europa.eu/eudi/id/EUID', identifier: 'NTRNL-90009991' },
  interactingPartyName: [{ lang: 'nl', content: 'UWV (demo)' }],
} as const

const RECEIVED: Transaction = {
  ...FRAME,
  transactionType: 'CredentialIssuance',
  interactingPartyType: 'NonQEAAProvider',
  interactingPartyContact: [],
  isUserTriggered: true,
  credentialNumberRequested: 20,
  credentialNumberIssued: 20,
  credentialIdentifier: ['https://wegwijzer.example/types/ww-registratie/1'],
}

const SHARED: PresentationTransaction = {
  ...FRAME,
  transactionType: 'Presentation',
  interactingPartyType: 'ServiceProvider',
  interactingPartyContact: [],
  isIntermediary: false,
  registrarURL: 'https://register.example',
  purpose: [
    { lang: 'nl', content: 'Inschrijven' },
    { lang: 'en', content: 'Registering' },
  ],
  privacyPolicy: { type: 'http://data.europa.eu/eudi/policy/privacy-policy', policyURI: 'https://uwv.example/privacy' },
  dpaName: 'Autoriteit Persoonsgegevens',
  dpaCountry: 'NL',
  dpaContact: [],
  listOfClaimsRequested: [{ credentialIdentifier: 'urn:eudi:pid:nl:1', claims: ['bsn', 'family_name'] }],
  listOfClaimsPresented: [{ credentialIdentifier: 'urn:eudi:pid:nl:1', claims: ['bsn'] }],
}

test('what was received and shared, with whom, why and which claims', () => {
  expect(
    renderActivity([SHARED, RECEIVED], NO_TYPES, DUTCH),
  ).toBe(`1 oktober 2026, 12:00  Gedeeld met UWV (demo) (NTRNL-90009991)
  Waarvoor: Inschrijven
  Gevraagd: pid: bsn, family_name
  Gedeeld: pid: bsn

1 oktober 2026, 12:00  Ontvangen van UWV (demo) (NTRNL-90009991)
  Bewijs: ww-registratie`)
})

const PID = 'urn:eudi:pid:nl:1'
const PID_TEXTS = {
  name: textsOf('Identiteit', 'Identity'),
  claims: [
    { path: ['bsn'], label: textsOf('Burgerservicenummer', 'Citizen service number') },
    { path: ['nationalities'], label: textsOf('Nationaliteiten', 'Nationalities') },
    { path: ['skills', null, 'label_nl'], label: textsOf('Vaardigheid', 'Skill') },
  ],
}

test('types and claims of which the worker holds a card are called as on that card', () => {
  const claims = ['bsn', 'nationalities', 'skills.label_nl', 'family_name']
  const shared = { ...SHARED, listOfClaimsPresented: [{ credentialIdentifier: PID, claims }] }
  const types: KnownTypes = new Map([[PID, PID_TEXTS]])
  expect(renderActivity([shared], types, DUTCH)).toContain(
    'Gedeeld: Identiteit: Burgerservicenummer, Nationaliteiten, Vaardigheid, family_name',
  )
  const received = { ...RECEIVED, credentialIdentifier: [PID] }
  expect(renderActivity([received], types, wordingIn('en'))).toContain('Credential: Identity')
})

test('of a request for one of two types the known one is called as on its card', () => {
  const claims = [{ credentialIdentifier: `https://other.example/types/kaart/1 ${PID}`, claims: ['bsn'] }]
  const text = renderActivity([{ ...SHARED, listOfClaimsRequested: claims }], new Map([[PID, PID_TEXTS]]), DUTCH)
  expect(text).toContain('Gevraagd: kaart, Identiteit: Burgerservicenummer')
})

test('a name that a stranger chose obeys nobody', () => {
  const claims = [{ credentialIdentifier: PID, claims: ['\u001b[2Jname'] }]
  expect(renderActivity([{ ...SHARED, listOfClaimsRequested: claims }], NO_TYPES, DUTCH)).toContain('pid: [2Jname')
})

test('a refusal is told as one', () => {
  const refused = { ...SHARED, transactionResult: 'NotCompleted', reasonOfNoncompletion: 'access_denied' } as const
  const text = renderActivity([{ ...refused, listOfClaimsPresented: [] }], NO_TYPES, DUTCH)
  expect(text).toContain('Niet gedeeld met UWV (demo)')
  expect(text).toContain('Reden: u wilde niet delen')
})

test('what was sent and not answered may have arrived', () => {
  const unanswered = { ...SHARED, transactionResult: 'NotCompleted', reasonOfNoncompletion: 'no_answer' } as const
  expect(renderActivity([unanswered], NO_TYPES, DUTCH)).toContain('Misschien gedeeld met UWV (demo)')
})

test('a reason without a sentence is told as the word it is', () => {
  const failed = { ...SHARED, transactionResult: 'NotCompleted', reasonOfNoncompletion: 'some\u001b[0m_code' } as const
  expect(renderActivity([failed], NO_TYPES, wordingIn('en'))).toContain('Reason: some[0m_code')
})

test('an empty log says so', () => {
  expect(renderActivity([], NO_TYPES, DUTCH)).toBe('Er is nog niets gebeurd in uw wallet.')
})
