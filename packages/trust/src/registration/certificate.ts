import type { EpochSeconds, Signer } from '@wegwijzer/protocol/crypto'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { makeJwt } from '@wegwijzer/protocol/jose'
import type { Immutable } from '@wegwijzer/protocol/json'
import { ClaimPathSchema } from '@wegwijzer/protocol/sd-jwt'
import type { StatusReference } from '@wegwijzer/protocol/status-list'
import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import { type LocalizedText, LocalizedTextsSchema } from '../localized-text.ts'

/** `typ` of a registration certificate (ETSI TS 119 475 V1.2.1, WRPRC). */
export const REGISTRATION_TYPE = 'rc-wrp+jwt'

/** Twelve months, in a leap year too. */
export const MAX_REGISTRATION_SECONDS = 366 * 86_400

/** The policy under which a registration certificate of this form is issued. */
export const REGISTRATION_POLICY_ID = '0.4.0.19475.3.1'

const ENTITLEMENT = 'https://uri.etsi.org/19475/Entitlement'
/** What a party is registered to do with wallets. */
export const ENTITLEMENTS = {
  serviceProvider: `${ENTITLEMENT}/Service_Provider`,
  nonQualifiedIssuer: `${ENTITLEMENT}/Non_Q_EAA_Provider`,
  publicIssuer: `${ENTITLEMENT}/PUB_EAA_Provider`,
} as const

const Text = Type.String({ minLength: 1, maxLength: 500 })
const Uri = Type.String({ minLength: 1, maxLength: 2000 })

/** One type of credential that may be asked for, and what of it. */
export const RegisteredCredentialSchema = Type.Object({
  format: Text,
  meta: Type.Object({
    vct_values: Type.Optional(Type.Array(Uri, { minItems: 1, maxItems: 50 })),
    /** Of W3C credentials: each is a list of types that one credential has together. */
    type_values: Type.Optional(
      Type.Array(Type.Array(Uri, { minItems: 1, maxItems: 20 }), { minItems: 1, maxItems: 50 }),
    ),
  }),
  /** In the singular. Absent registers no claim, never all. */
  claim: Type.Optional(Type.Array(Type.Object({ path: ClaimPathSchema }), { maxItems: 200 })),
})

export const SupervisoryAuthoritySchema = Type.Object({
  email: Type.Optional(Text),
  phone: Type.Optional(Text),
  uri: Type.Optional(Uri),
})

/** Of every party. */
const party = {
  /** What the worker is shown. */
  name: Text,
  /** Organisation identifier, equal to `organizationIdentifier` of the party's own certificate. */
  sub: Text,
  /** Legal name. */
  sub_ln: Type.Optional(Text),
  country: Type.String({ pattern: '^[A-Z]{2}$' }),
  registry_uri: Uri,
  entitlements: Type.Array(Uri, { minItems: 1, maxItems: 20 }),
  info_uri: Type.Optional(Uri),
  supervisory_authority: Type.Optional(SupervisoryAuthoritySchema),
  policy_id: Type.Optional(Type.Array(Text, { minItems: 1, maxItems: 20 })),
  certificate_policy: Type.Optional(Uri),
  /** Absent means no. */
  public_body: Type.Optional(Type.Boolean()),
} as const

const shape = {
  ...party,
  privacy_policy: Uri,
  /** Where a worker asks for deletion: a website, a mail address or a telephone number. */
  support_uri: Uri,
  purpose: LocalizedTextsSchema,
  credentials: Type.Optional(Type.Array(RegisteredCredentialSchema, { maxItems: 50 })),
  /** The one use that this certificate is about. */
  intended_use_id: Text,
  provides_attestations: Type.Optional(Type.Array(RegisteredCredentialSchema, { maxItems: 50 })),
} as const

/** What a registrar certifies of one intended use, before it is dated and signed. */
export const RegistrationContentSchema = Type.Object({ ...shape, srv_description: LocalizedTextsSchema })

/** What only the payload has, beside the content. */
const dated = {
  // One description, or one per service: sources differ.
  srv_description: Type.Union([LocalizedTextsSchema, Type.Array(LocalizedTextsSchema, { minItems: 1, maxItems: 30 })]),
  iat: Type.Integer({ minimum: 0 }),
  exp: Type.Integer({ minimum: 0 }),
  status: Type.Object({}),
} as const

const RegistrationClaimsSchema = Type.Object({ ...shape, ...dated })

const issuerShape = {
  ...party,
  privacy_policy: Type.Optional(Uri),
  support_uri: Type.Optional(Uri),
  /** The types that this party issues. */
  provides_attestations: Type.Array(RegisteredCredentialSchema, { minItems: 1, maxItems: 50 }),
} as const

/** What a registrar certifies of a party that issues, before it is dated and signed. */
export const IssuerRegistrationContentSchema = Type.Object({ ...issuerShape, srv_description: LocalizedTextsSchema })

const IssuerRegistrationClaimsSchema = Type.Object({ ...issuerShape, ...dated })

export type RegisteredCredential = Immutable<Static<typeof RegisteredCredentialSchema>>
export type SupervisoryAuthority = Immutable<Static<typeof SupervisoryAuthoritySchema>>
export type RegistrationContent = Immutable<Static<typeof RegistrationContentSchema>>

export type IssuerRegistrationContent = Immutable<Static<typeof IssuerRegistrationContentSchema>>

interface Dated {
  readonly iat: EpochSeconds
  readonly exp: EpochSeconds
  /** As it came: `parseStatusReference` reads it. */
  readonly status: unknown
}

/** The payload of a registration certificate, its descriptions in one list. */
export type RegistrationCertificate = RegistrationContent & Dated

/** The same of a party that issues. */
export type IssuerRegistrationCertificate = IssuerRegistrationContent & Dated

export interface RegistrationSigning {
  readonly issuedAt: EpochSeconds
  /** At most twelve months later. */
  readonly expiresAt: EpochSeconds
  readonly status: StatusReference
  /** The registrar's. */
  readonly signer: Signer
  /** The registrar's chain, leaf first, without the anchor: base64 DER. */
  readonly x5c: readonly string[]
}

/**
 * Makes the registration certificate of one intended use, or of a party that issues.
 *
 * @throws {ProtocolError} `invalid_registration` when no wallet would accept it.
 */
export async function makeRegistrationCertificate(
  content: RegistrationContent | IssuerRegistrationContent,
  { issuedAt, expiresAt, status, signer, x5c }: RegistrationSigning,
): Promise<string> {
  const claims = {
    ...content,
    iat: issuedAt,
    exp: expiresAt,
    status: { status_list: { idx: status.index, uri: status.uri } },
  }
  if ('intended_use_id' in content) parseRegistrationClaims(claims)
  else parseIssuerRegistrationClaims(claims)
  return makeJwt({ typ: REGISTRATION_TYPE, x5c }, claims, signer)
}

/**
 * Reads the payload of a registration certificate whose signature is verified; decides nothing about today.
 *
 * Narrower than ETSI TS 119 475: what a worker must be told (name, purpose, privacy policy, where to ask for deletion) has
 * to be there, and so have the intended use and the status.
 *
 * @throws {ProtocolError} `invalid_registration`
 */
export function parseRegistrationClaims(claims: unknown): RegistrationCertificate {
  if (!Check(RegistrationClaimsSchema, claims)) throw invalid('the claims are not those of a registration certificate')
  checkTerm(claims)
  return { ...claims, srv_description: inOneList(claims.srv_description) }
}

/**
 * The same of a party that issues: what it issues has to be there, an intended use and a purpose need not.
 *
 * @throws {ProtocolError} `invalid_registration`
 */
export function parseIssuerRegistrationClaims(claims: unknown): IssuerRegistrationCertificate {
  if (!Check(IssuerRegistrationClaimsSchema, claims)) {
    throw invalid('the claims are not those of a registration certificate of an issuer')
  }
  checkTerm(claims)
  return { ...claims, srv_description: inOneList(claims.srv_description) }
}

function checkTerm({ iat, exp }: { readonly iat: EpochSeconds; readonly exp: EpochSeconds }): void {
  if (exp <= iat || exp - iat > MAX_REGISTRATION_SECONDS) {
    throw invalid('a registration certificate holds for at most twelve months')
  }
}

function inOneList(descriptions: readonly (LocalizedText | readonly LocalizedText[])[]): readonly LocalizedText[] {
  return descriptions.flat()
}

function invalid(message: string): ProtocolError {
  return new ProtocolError('invalid_registration', message)
}
