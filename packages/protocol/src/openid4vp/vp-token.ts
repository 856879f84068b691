import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import { invalidRequest } from './authorization-error.ts'

/**
 * Presentations by the id of the Credential Query they answer.
 *
 * Narrower than the specification: a presentation is a string (as in every format but `ldp_vc`); at most 50 queries of at
 * most 50 presentations each.
 *
 * @see OpenID4VP 1.0 §8.1 response-parameters
 */
const VpTokenSchema = Type.Record(
  Type.String({ pattern: '^[A-Za-z0-9_-]{1,100}$' }),
  Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 50 }),
  { additionalProperties: false, maxProperties: 50 },
)

export type VpToken = Readonly<{ [QueryId in keyof Static<typeof VpTokenSchema>]: readonly string[] }>

/**
 * Reads the structure of a VP Token; whether it answers the query is judged by `evaluateVpToken`.
 *
 * @throws {ProtocolError} `invalid_request`
 */
export function parseVpToken(value: unknown): VpToken {
  if (!Check(VpTokenSchema, value)) throw invalidRequest('vp_token is not an object of lists of presentations')
  return value
}
