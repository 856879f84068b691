import type { TrustRole } from '@wegwijzer/keys/x509'
import type { Immutable } from '@wegwijzer/protocol/json'
import { type Static, Type } from 'typebox'
import { LocalizedTextsSchema } from '../localized-text.ts'

/**
 * What a trust list says, as it travels. Names are those of ETSI TS 119 602 where it has one: `schemeOperatorName`,
 * `listIssueDateTime`, `nextUpdate`.
 *
 * Every list has an upper bound. Unknown members are left alone.
 */

const Uri = Type.String({ minLength: 1, maxLength: 2000 })

/** RFC 3339 in UTC, whole seconds or finer. */
const DateTime = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$' })

/** A credential type that an organisation may issue, and where its immutable type metadata is served. */
export const IssuableTypeSchema = Type.Object({
  vct: Uri,
  typeMetadataUri: Uri,
  /** Subresource Integrity of the type metadata document, as in `vct#integrity`. */
  typeMetadataIntegrity: Type.String({ minLength: 1, maxLength: 500 }),
})

export const TrustListEntrySchema = Type.Object({
  /** Short name, as in the organisation's addresses. */
  organisation: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }),
  /** ETSI EN 319 412-1 §5.1.4, equal to `organizationIdentifier` in the organisation's certificates. */
  identifier: Type.String({ pattern: '^[A-Z]{5}-[A-Za-z0-9.-]{1,100}$' }),
  name: LocalizedTextsSchema,
  registeredNumbers: Type.Array(
    Type.Object({
      type: Type.String({ minLength: 1, maxLength: 20 }),
      value: Type.String({ minLength: 1, maxLength: 50 }),
    }),
    { maxItems: 20 },
  ),
  roles: Type.Array(Type.String({ minLength: 1, maxLength: 50 }), { maxItems: 20 }),
  /** Credential Issuer Identifiers. */
  credentialIssuers: Type.Array(Uri, { maxItems: 50 }),
  mayIssue: Type.Array(IssuableTypeSchema, { maxItems: 200 }),
})

const Anchors = Type.Array(Type.String({ minLength: 1, maxLength: 12_000 }), { maxItems: 100 })

export const TrustListContentSchema = Type.Object({
  /** Raised by every change; an older list than one already seen is refused. */
  sequence: Type.Integer({ minimum: 1 }),
  schemeOperatorName: LocalizedTextsSchema,
  /** Certificate authorities per role, base64 DER. A role that is absent has none. */
  trustAnchors: Type.Object({
    credential_issuer: Type.Optional(Anchors),
    access_certificate: Type.Optional(Anchors),
    registration_certificate: Type.Optional(Anchors),
    status_list: Type.Optional(Anchors),
    wallet_attestation: Type.Optional(Anchors),
  } satisfies Record<TrustRole, unknown>),
  entries: Type.Array(TrustListEntrySchema, { maxItems: 10_000 }),
})

/** The claims of a trust list: its content and when it holds. */
export const TrustListClaimsSchema = Type.Intersect([
  TrustListContentSchema,
  Type.Object({
    iat: Type.Integer({ minimum: 0 }),
    exp: Type.Integer({ minimum: 0 }),
    listIssueDateTime: DateTime,
    nextUpdate: DateTime,
  }),
])

export type IssuableType = Immutable<Static<typeof IssuableTypeSchema>>
/** One organisation: who it is and what it may do. */
export type TrustListEntry = Immutable<Static<typeof TrustListEntrySchema>>
/** A trust list before it is signed: what its keeper edits. */
export type TrustListContent = Immutable<Static<typeof TrustListContentSchema>>
export type TrustListClaims = Immutable<Static<typeof TrustListClaimsSchema>>

/** What an entry's `roles` may say; other words are let pass and mean nothing here. */
export const CREDENTIAL_ISSUER_ENTRY = 'credential_issuer'
export const VERIFIER_ENTRY = 'verifier'

/**
 * Looks for what a reader could take in two ways.
 *
 * @returns What is wrong, or `undefined`. An organisation, its identifier and a Credential Issuer Identifier stand in one
 *   entry only, and one `vct` has one type metadata document, because a version of a type never changes.
 */
export function findAmbiguity({ entries }: Pick<TrustListContent, 'entries'>): string | undefined {
  if (hasDuplicates(entries.map(({ organisation }) => organisation))) return 'an organisation stands in the list twice'
  if (hasDuplicates(entries.map(({ identifier }) => identifier))) return 'an identifier stands in the list twice'
  if (hasDuplicates(entries.flatMap(({ credentialIssuers }) => credentialIssuers))) {
    return 'a credential issuer stands in the list twice'
  }
  const metadata = new Map<string, string>()
  for (const { vct, typeMetadataUri, typeMetadataIntegrity } of entries.flatMap(({ mayIssue }) => mayIssue)) {
    const document = `${typeMetadataIntegrity} ${typeMetadataUri}`
    if ((metadata.get(vct) ?? document) !== document) return 'a type has two type metadata documents'
    metadata.set(vct, document)
  }
  return undefined
}

function hasDuplicates(values: readonly string[]): boolean {
  return new Set(values).size !== values.length
}
