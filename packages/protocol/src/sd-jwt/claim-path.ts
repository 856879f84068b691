import { Type } from 'typebox'
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts'

/**
 * Points at one or more claims of a credential: a string is a member's name, a number an array position, `null` every
 * element of an array.
 *
 * Positions count the array as it was issued, also the elements that were not disclosed, so that issuer, wallet and
 * verifier mean the same element.
 *
 * @see OpenID4VP 1.0 §7 claims_path_pointer
 * @see SD-JWT VC draft -13 §9.1 claim-path
 */
export type ClaimPath = readonly (string | number | null)[]

/** A claim path as it travels. Narrower than the specifications: at most 16 components of at most 200 characters. */
export const ClaimPathSchema = Type.Array(
  Type.Union([Type.String({ maxLength: 200 }), Type.Integer({ minimum: 0 }), Type.Null()]),
  { minItems: 1, maxItems: 16 },
)

/** A claim path without `null`: it points at exactly one claim. */
export type ConcreteClaimPath = readonly (string | number)[]

/** One spelling per path, to compare paths by and to find them in a map. */
export function claimPathKey(path: ClaimPath): string {
  return JSON.stringify(path)
}

/** The claims a path points at in claims that hide nothing yet; none when it does not fit them. */
export function expandClaimPath(claims: JsonObject, path: ClaimPath): readonly ConcreteClaimPath[] {
  return path.length === 0 ? [] : expandFrom(claims, path, [])
}

function expandFrom(value: JsonValue, path: ClaimPath, walked: ConcreteClaimPath): readonly ConcreteClaimPath[] {
  const component = path[walked.length]
  if (component === undefined) return [walked]
  if (typeof component === 'string') {
    const member = isJsonObject(value) && Object.hasOwn(value, component) ? value[component] : undefined
    return member === undefined ? [] : expandFrom(member, path, [...walked, component])
  }
  if (!Array.isArray(value)) return []
  return value.flatMap((element: JsonValue, index) =>
    component === null || component === index ? expandFrom(element, path, [...walked, index]) : [],
  )
}
