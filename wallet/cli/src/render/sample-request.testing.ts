import type { Card, ClaimRow, PresentationPreview, QueryView, Texts } from '@wegwijzer/wallet-core'
import type { RequestView } from './asker.ts'

/** What `wallet/core` gives, valid by default; a test changes one thing. */
export function textsOf(nl: string, en: string): Texts {
  return [
    { lang: 'nl-NL', value: nl },
    { lang: 'en', value: en },
  ]
}

const row = (name: string, nl: string, en: string, value: ClaimRow['value']): ClaimRow => ({
  path: [name],
  label: textsOf(nl, en),
  value,
})

const QUALIFICATION = row('qualification_name', 'Naam van de opleiding', 'Qualification', 'Logistiek teamleider')
const COMPLETED = row('completion_date', 'Datum', 'Date', '2022-07-01')
const FAMILY_NAME = row('family_name', 'Achternaam', 'Family name', 'van Dijk')
const GRADE: ClaimRow = { path: ['grades', 0, 'grade'], label: textsOf('Cijfer', 'Grade'), value: '7' }

/** 2026-10-01T10:00:00Z. */
export const RECEIVED_AT = 1_790_848_800

export function sampleCard(change: Partial<Card> = {}): Card {
  return {
    id: 'abcdefghjk',
    vct: 'https://wegwijzer.example/types/diploma/1',
    issuer: {
      organisation: 'roc-midden-nederland',
      identifier: 'NTRNL-90009992',
      name: textsOf('ROC Midden Nederland (demo)', 'ROC Midden Nederland (demo)'),
      credentialIssuer: 'http://localhost:4100/roc-midden-nederland',
    },
    claims: {
      qualification_name: 'Logistiek teamleider',
      completion_date: '2022-07-01',
      family_name: 'van Dijk',
      grades: [{ grade: '7' }, { grade: '8' }],
    },
    receivedAt: RECEIVED_AT,
    expiresAt: RECEIVED_AT + 365 * 86_400,
    authorityKeyIds: [],
    display: { name: textsOf('Diploma', 'Diploma'), claims: [] },
    copiesLeft: 20,
    liveStatus: 'valid',
    rows: [QUALIFICATION, COMPLETED, FAMILY_NAME, GRADE, { ...GRADE, path: ['grades', 1, 'grade'], value: '8' }],
    ...change,
  }
}

export function sampleQuery(change: Partial<QueryView> = {}): QueryView {
  return {
    id: 'diploma',
    typeName: textsOf('Diploma', 'Diploma'),
    required: true,
    candidates: [{ credentialId: 'abcdefghjk', claimSets: [{ option: 0, rows: [QUALIFICATION, COMPLETED] }] }],
    overAsked: [],
    ...change,
  }
}

export function sampleRequest(change: Partial<RequestView> = {}): RequestView {
  return {
    verifier: {
      name: 'UWV (demo)',
      identifier: 'NTRNL-90009991',
      organisationName: textsOf('UWV (demo)', 'UWV (demo)'),
      isPublicBody: true,
      privacyPolicy: 'http://localhost:4200/uwv/privacy',
      supportUri: 'http://localhost:4200/uwv/verwijderen',
    },
    service: textsOf('Werk zoeken', 'Looking for work'),
    purpose: textsOf('UWV schrijft u in als werkzoekende.', 'UWV registers you as a jobseeker.'),
    queries: [sampleQuery()],
    overAsking: false,
    ...change,
  }
}

export function samplePreview(): PresentationPreview {
  const keptBack = [FAMILY_NAME, GRADE, { ...GRADE, path: ['grades', 1, 'grade'] }]
  return {
    items: [
      {
        queryId: 'diploma',
        credential: sampleCard(),
        shared: [QUALIFICATION, COMPLETED],
        keptBack: keptBack.map(({ path, label }) => ({ path, label })),
      },
    ],
  }
}
