import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import type { JsonObject } from '../json/json.ts'
import { invalidRequest } from './authorization-error.ts'
import type { DcqlQuery } from './dcql/types.ts'

/** One attestation about the Verifier, for instance its registration certificate. */
const VerifierInfoSchema = Type.Object({
  format: Type.String({ minLength: 1 }),
  /** What it is depends on `format`. */
  data: Type.Union([Type.String(), Type.Unsafe<JsonObject>(Type.Object({}))]),
  /** The Credential Queries it is about; all of them where absent. */
  credential_ids: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
})

export type VerifierInfo = Static<typeof VerifierInfoSchema>

const VerifierInfoListSchema = Type.Array(VerifierInfoSchema, { minItems: 1, maxItems: 20 })

/**
 * Reads the parameter `verifier_info`; what the attestations say and who signed them is looked at elsewhere, and a format
 * that nobody knows is to be ignored.
 *
 * @returns Nothing where the parameter is absent.
 * @throws {ProtocolError} `invalid_request`
 * @see OpenID4VP 1.0 §5.11 verifier-info
 */
export function parseVerifierInfo(value: unknown, query: DcqlQuery): readonly VerifierInfo[] {
  if (value === undefined) return []
  if (!Check(VerifierInfoListSchema, value)) throw invalidRequest('verifier_info is not a list of attestations')
  const known = new Set(query.credentials.map(({ id }) => id))
  if (!value.every(({ credential_ids = [] }) => credential_ids.every((id) => known.has(id)))) {
    throw invalidRequest('verifier_info names a Credential Query that is not there')
  }
  return value
}
