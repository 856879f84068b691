import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { LocalizedText } from '@wegwijzer/trust/trust-list'
import { Type } from 'typebox'
import { Check } from 'typebox/value'

/**
 * What happened in the wallet, in the names of the EU technical specification TS10 §3. It holds the names of claims and
 * never a value: what went is shown from the credential that is still held (ARF DASH_03a).
 */
export type Transaction = PresentationTransaction | CredentialIssuanceTransaction

interface TransactionFrame {
  readonly transactionIdentifier: string
  /** ISO 8601, UTC, whole seconds. */
  readonly time: string
  readonly transactionResult: 'Completed' | 'NotCompleted'
  readonly interactingPartyIdentifier: { readonly type: string; readonly identifier: string }
  readonly interactingPartyName: readonly MultiLangString[]
  readonly reasonOfNoncompletion?: string
}

/** TS10 §3.2 Presentation. */
export interface PresentationTransaction extends TransactionFrame {
  readonly transactionType: 'Presentation'
  readonly interactingPartyType: 'ServiceProvider'
  readonly interactingPartyContact: readonly string[]
  readonly isIntermediary: false
  readonly registrarURL: string
  readonly purpose: readonly MultiLangString[]
  readonly privacyPolicy: { readonly type: string; readonly policyURI: string }
  readonly dpaName: string
  readonly dpaCountry: string
  readonly dpaContact: readonly string[]
  readonly listOfClaimsRequested: readonly ClaimInfo[]
  readonly listOfClaimsPresented: readonly ClaimInfo[]
}

/** TS10 §3.5 CredentialIssuance. */
export interface CredentialIssuanceTransaction extends TransactionFrame {
  readonly transactionType: 'CredentialIssuance'
  readonly interactingPartyType: 'NonQEAAProvider'
  readonly interactingPartyContact: readonly string[]
  readonly isUserTriggered: true
  readonly credentialNumberRequested: number
  readonly credentialNumberIssued: number
  readonly credentialIdentifier: readonly string[]
}

/** TS10 §3.19.10. */
export interface MultiLangString {
  readonly lang: string
  readonly content: string
}

/** TS10 §3.19.2: the claims of one credential, by name. */
export interface ClaimInfo {
  /** `vct`. */
  readonly credentialIdentifier: string
  readonly claims: readonly string[]
}

/** What an identifier such as `NTRNL-90001354` is called by the EU data model (TS5): a number of a national register. */
export const REGISTER_IDENTIFIER_TYPE = 'http://data.europa.eu/eudi/id/EUID'
export const PRIVACY_POLICY_TYPE = 'http://data.europa.eu/eudi/policy/privacy-policy'

/** Whom a worker turns to when a certificate names no authority of its own. */
export const DUTCH_AUTHORITY = {
  dpaName: 'Autoriteit Persoonsgegevens',
  dpaCountry: 'NL',
  dpaContact: ['https://www.autoriteitpersoonsgegevens.nl/'],
} as const

export function formatTime(at: EpochSeconds): string {
  return `${new Date(at * 1000).toISOString().slice(0, 19)}Z`
}

export function multiLang(texts: readonly LocalizedText[]): readonly MultiLangString[] {
  return texts.map(({ lang, value }) => ({ lang, content: value }))
}

const Text = Type.String({ maxLength: 2000 })
const Texts = Type.Array(Type.Object({ lang: Text, content: Text }), { maxItems: 50 })
const Claims = Type.Array(Type.Object({ credentialIdentifier: Text, claims: Type.Array(Text, { maxItems: 500 }) }), {
  maxItems: 100,
})
const Frame = {
  transactionIdentifier: Type.String({ pattern: '^[0-9A-Za-z_-]{1,64}$' }),
  time: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$' }),
  transactionResult: Type.Union([Type.Literal('Completed'), Type.Literal('NotCompleted')]),
  interactingPartyIdentifier: Type.Object({ type: Text, identifier: Text }),
  interactingPartyName: Texts,
  reasonOfNoncompletion: Type.Optional(Text),
}
const TransactionSchema = Type.Union([
  Type.Object({
    ...Frame,
    transactionType: Type.Literal('Presentation'),
    interactingPartyType: Type.Literal('ServiceProvider'),
    interactingPartyContact: Type.Array(Text, { maxItems: 20 }),
    isIntermediary: Type.Literal(false),
    registrarURL: Text,
    purpose: Texts,
    privacyPolicy: Type.Object({ type: Text, policyURI: Text }),
    dpaName: Text,
    dpaCountry: Text,
    dpaContact: Type.Array(Text, { maxItems: 20 }),
    listOfClaimsRequested: Claims,
    listOfClaimsPresented: Claims,
  }),
  Type.Object({
    ...Frame,
    transactionType: Type.Literal('CredentialIssuance'),
    interactingPartyType: Type.Literal('NonQEAAProvider'),
    interactingPartyContact: Type.Array(Text, { maxItems: 20 }),
    isUserTriggered: Type.Literal(true),
    credentialNumberRequested: Type.Integer({ minimum: 1 }),
    credentialNumberIssued: Type.Integer({ minimum: 0 }),
    credentialIdentifier: Type.Array(Text, { maxItems: 50 }),
  }),
])

/** Whether a value out of a file is an entry of a log as this wallet writes it. */
export function isTransaction(value: unknown): value is Transaction {
  return Check(TransactionSchema, value)
}
