import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import { asProtocolError, ProtocolError } from '../errors.ts'
import { type JsonLimits, type JsonObject, parseJsonObject } from '../json/json.ts'
import { ClaimPathSchema, claimPathKey, NEVER_DISCLOSABLE_CLAIMS } from '../sd-jwt/sd-jwt.ts'

/** A language tag: RFC 5646 §2.1, without looking the subtags up. */
const Locale = Type.String({ pattern: '^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$', maxLength: 50 })

const Text = Type.String({ maxLength: 2_000 })
const Uri = Type.String({ minLength: 1, maxLength: 100_000 })
const Integrity = Type.String({ maxLength: 1_000 })

/** What to draw when nothing better can be drawn. @see SD-JWT VC draft -13 §8.1.1 rendering-method-simple */
const SimpleRendering = Type.Object({
  logo: Type.Optional(
    Type.Object({ uri: Uri, 'uri#integrity': Type.Optional(Integrity), alt_text: Type.Optional(Text) }),
  ),
  background_image: Type.Optional(Type.Object({ uri: Uri, 'uri#integrity': Type.Optional(Integrity) })),
  background_color: Type.Optional(Type.String({ maxLength: 100 })),
  text_color: Type.Optional(Type.String({ maxLength: 100 })),
})

/** @see SD-JWT VC draft -13 §8 display-metadata */
const TypeDisplay = Type.Object({
  locale: Locale,
  name: Text,
  description: Type.Optional(Text),
  rendering: Type.Optional(Type.Object({ simple: Type.Optional(SimpleRendering) })),
})
export type TypeDisplay = Static<typeof TypeDisplay>

/** @see SD-JWT VC draft -13 §9.2 claim-display-metadata */
const ClaimDisplay = Type.Object({ locale: Locale, label: Text, description: Type.Optional(Text) })
export type ClaimDisplay = Static<typeof ClaimDisplay>

/** @see SD-JWT VC draft -13 §9 claim-metadata */
const ClaimMetadata = Type.Object({
  path: ClaimPathSchema,
  display: Type.Optional(Type.Array(ClaimDisplay, { maxItems: 100 })),
  mandatory: Type.Optional(Type.Boolean()),
  sd: Type.Optional(Type.Union([Type.Literal('always'), Type.Literal('allowed'), Type.Literal('never')])),
  svg_id: Type.Optional(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$', maxLength: 100 })),
})
export type ClaimMetadata = Static<typeof ClaimMetadata>

/**
 * What a credential type is called, which claims it has, and which of them are selectively disclosable. In wire spelling;
 * members that are not listed here stay where they are and mean nothing to us, among them `rendering.svg_templates`.
 *
 * @see SD-JWT VC draft -13 §6.2 type-metadata-format
 */
export const TypeMetadata = Type.Object({
  vct: Type.String({ minLength: 1, maxLength: 2_000 }),
  name: Type.Optional(Text),
  description: Type.Optional(Text),
  extends: Type.Optional(Type.String({ minLength: 1, maxLength: 2_000 })),
  'extends#integrity': Type.Optional(Integrity),
  display: Type.Optional(Type.Array(TypeDisplay, { maxItems: 100 })),
  claims: Type.Optional(Type.Array(ClaimMetadata, { maxItems: 1_000 })),
  /** By type identifier, as the EU technical specification TS12 §4.1 has it; the contents are the wallet's to read. */
  transaction_data_types: Type.Optional(Type.Record(Type.String(), Type.Unsafe<JsonObject>(Type.Object({})))),
})
export type TypeMetadata = Static<typeof TypeMetadata>

const TYPE_METADATA_LIMITS: JsonLimits = { maxLength: 1_000_000, maxDepth: 24 }

/**
 * Reads one Type Metadata document. Does not read the types it extends: `resolveTypeMetadata` does.
 *
 * Narrower than the specification: two entries for one `path`, and `sd: always` for a claim that may never be selectively
 * disclosable, are refused; lengths and numbers are bounded.
 *
 * @throws {ProtocolError} `invalid_type_metadata`
 * @see SD-JWT VC draft -13 §6.2 type-metadata-format
 */
export function parseTypeMetadata(text: string): TypeMetadata {
  const metadata = parseDocument(text)
  if (!Check(TypeMetadata, metadata)) throw invalidTypeMetadata('a member is missing or malformed')
  const claims = metadata.claims ?? []
  if (hasDuplicate(claims.map(({ path }) => claimPathKey(path))))
    throw invalidTypeMetadata('a claim is described twice')
  if (hasDuplicate(claims.flatMap(({ svg_id }) => svg_id ?? []))) throw invalidTypeMetadata('an svg_id is used twice')
  if (claims.some(({ sd, path: [name] }) => sd === 'always' && NEVER_DISCLOSABLE_CLAIMS.has(String(name))))
    throw invalidTypeMetadata('a claim is to be disclosable that may never be')
  return metadata
}

function parseDocument(text: string): JsonObject {
  try {
    return parseJsonObject(text, TYPE_METADATA_LIMITS)
  } catch (error) {
    throw asProtocolError('invalid_type_metadata', error)
  }
}

function hasDuplicate(values: readonly string[]): boolean {
  return new Set(values).size !== values.length
}

export function invalidTypeMetadata(message: string): ProtocolError {
  return new ProtocolError('invalid_type_metadata', message)
}
