import { IDENTITY_MEMBERS, InBothLanguages } from '@wegwijzer/organisation/profile'
import { JWT_VC_JSON_FORMAT } from '@wegwijzer/protocol/openid4vci'
import { CREDENTIAL_TYPE_NAMES } from '@wegwijzer/schemas'
import { type Static, Type } from 'typebox'
import { Check, Errors } from 'typebox/value'

/** What the keys of an issuing organisation sign; each has its own certificate, under its own anchor. */
export const ISSUER_KEY_PURPOSES = ['credential', 'status_list'] as const
export type IssuerKeyPurpose = (typeof ISSUER_KEY_PURPOSES)[number]

const CredentialTerms = Type.Object(
  {
    /** Name of the type in `@wegwijzer/schemas`; also the credential configuration id and the scope. */
    type: Type.Enum([...CREDENTIAL_TYPE_NAMES]),
    validDays: Type.Integer({ minimum: 1, maximum: 3660 }),
    /** Copies in one batch. */
    batchSize: Type.Integer({ minimum: 1, maximum: 20 }),
    /** Whether copies have a status index, and so can be revoked. */
    status: Type.Boolean(),
    /** Formats beside `dc+sd-jwt` in which it is issued, each as a configuration of its own. */
    alsoAs: Type.Optional(Type.Array(Type.Literal(JWT_VC_JSON_FORMAT), { minItems: 1, maxItems: 1 })),
  },
  { additionalProperties: false },
)
/** How an organisation issues one type. */
export type CredentialTerms = Readonly<Static<typeof CredentialTerms>>

/** An issuing organisation as data: who it is, and what it issues. */
export const IssuerProfile = Type.Object(
  {
    ...IDENTITY_MEMBERS,
    /** How the organisation knew who it issued to: a sentence for people. */
    identification: InBothLanguages,
    /** Registered as a body of public law; absent means no. */
    publicBody: Type.Optional(Type.Boolean()),
    /** Wallets must encrypt requests and have responses encrypted; absent means that they may. */
    encryptionRequired: Type.Optional(Type.Boolean()),
    credentials: Type.Array(CredentialTerms, { minItems: 1, maxItems: 50 }),
  },
  { additionalProperties: false },
)
export type IssuerProfile = Readonly<Static<typeof IssuerProfile>>

/**
 * Reads a profile, as its file or its row has it.
 *
 * @throws {TypeError} with the first mistake.
 */
export function parseIssuerProfile(value: unknown): IssuerProfile {
  if (!Check(IssuerProfile, value)) {
    const [first] = Errors(IssuerProfile, value)
    throw new TypeError(`the profile of an issuer is malformed at ${first?.instancePath || 'its root'}`)
  }
  const types = value.credentials.map(({ type }) => type)
  if (new Set(types).size !== types.length) throw new TypeError('the profile of an issuer has a type twice')
  // Its bits would flip with every payment and so link what the worker buys.
  if (value.credentials.some(({ type, status }) => type === 'leerrekening' && status)) {
    throw new TypeError('a leerrekening has no status')
  }
  // A W3C credential always shows everything: a BSN, or the balance.
  if (value.credentials.some(({ type, alsoAs }) => NEVER_WHOLE.includes(type) && alsoAs !== undefined)) {
    throw new TypeError('a pid and a leerrekening are never shown as a whole')
  }
  return value
}

const NEVER_WHOLE: readonly string[] = ['pid', 'leerrekening']

/** The Credential Issuer Identifier of an organisation. @param issuerUrl The public base URL of this program. */
export function credentialIssuerOf(issuerUrl: string, organisation: string): string {
  return `${issuerUrl}/${organisation}`
}
