import { ProtocolError } from '../../errors.ts'
import type { JsonObject, JsonValue } from '../../json/json.ts'
import type { ClaimNode, ConcreteClaimPath, ObjectClaim, ProcessedSdJwt } from '../../sd-jwt/sd-jwt.ts'
import { SD_JWT_VC_FORMAT } from './types.ts'

/** What of an SD-JWT VC itself DCQL looks at; key binding and certificates the caller knows. */
export interface SdJwtVcDescription {
  readonly format: typeof SD_JWT_VC_FORMAT
  readonly vct: string
  readonly claims: JsonObject
  readonly disclosedPaths: readonly ConcreteClaimPath[]
}

/**
 * Describes a held or a presented SD-JWT VC in the terms of a query.
 *
 * The claims have holes where an array element was not disclosed, or is a decoy: they are for matching and are not written
 * out as JSON, which would make `null` of them.
 *
 * @throws {ProtocolError} `invalid_claims` when there is no `vct`.
 */
export function describeSdJwtVc({ claims, payload, disclosed }: ProcessedSdJwt): SdJwtVcDescription {
  const { vct } = payload
  if (typeof vct !== 'string') throw new ProtocolError('invalid_claims', 'the credential has no vct')
  return {
    format: SD_JWT_VC_FORMAT,
    vct,
    claims: claimsInPlace(claims),
    disclosedPaths: disclosed.map(({ path }) => path),
  }
}

function claimsInPlace({ members }: ObjectClaim): JsonObject {
  const claims: Record<string, JsonValue> = Object.create(null)
  for (const [name, member] of members) claims[name] = valueInPlace(member)
  return claims
}

function valueInPlace(claim: ClaimNode): JsonValue {
  if (claim.kind === 'scalar') return claim.value
  if (claim.kind === 'object') return claimsInPlace(claim)
  const elements: JsonValue[] = []
  elements.length = claim.elements.length
  for (const [index, element] of claim.elements.entries()) {
    if (element !== undefined) elements[index] = valueInPlace(element)
  }
  return elements
}
