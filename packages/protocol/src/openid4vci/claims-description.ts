import { Type } from 'typebox'
import { ProtocolError } from '../errors.ts'
import type { Message } from '../oauth/oauth.ts'
import { ClaimPathSchema } from '../sd-jwt/sd-jwt.ts'

/** Unique per language (compared without case, BCP 47), which `checkLocales` checks. */
export const Locale = Type.String({ minLength: 1, maxLength: 35 })

export const MAX_DISPLAYS = 100

/** How one claim of a Credential is shown. @see OpenID4VCI 1.0 §B.2 claims-description-issuer-metadata */
export const ClaimsDescription = Type.Object({
  /** A claims path pointer. @see OpenID4VCI 1.0 §C claims_path_pointer */
  path: ClaimPathSchema,
  mandatory: Type.Optional(Type.Boolean()),
  display: Type.Optional(
    Type.Array(Type.Object({ name: Type.Optional(Type.String({ maxLength: 300 })), locale: Type.Optional(Locale) }), {
      minItems: 1,
      maxItems: MAX_DISPLAYS,
    }),
  ),
})
export type ClaimsDescription = Message<typeof ClaimsDescription>

/** What the paths so far say of one place in the Credential, by next path component. */
interface Place {
  described: boolean
  readonly next: Map<string | number | null, Place>
}

/**
 * Refuses descriptions that repeat or contradict each other: the same path twice, `null` beside an index into the same
 * array, or a place that is an array for one and an object for another. The order of descriptions is the order of display.
 *
 * @throws {ProtocolError} `invalid_claims_description`
 * @see OpenID4VCI 1.0 §B.3 claims-description-processing
 */
export function checkClaimsDescriptions(descriptions: readonly ClaimsDescription[]): void {
  const root: Place = { described: false, next: new Map() }
  for (const { path, display = [] } of descriptions) {
    let place = root
    for (const component of path) place = step(place, component)
    if (place.described) throw contradiction('two claims descriptions have the same path')
    place.described = true
    checkLocales(display)
  }
}

function step(place: Place, component: string | number | null): Place {
  const known = place.next.get(component)
  if (known !== undefined) return known
  // All components of one place are of one kind: names of an object, indexes of an array, or the whole array.
  for (const [other] of place.next) {
    if (kindOf(other) !== kindOf(component)) throw contradiction('two claims descriptions contradict each other')
    break
  }
  const next: Place = { described: false, next: new Map() }
  place.next.set(component, next)
  return next
}

function kindOf(component: string | number | null): 'name' | 'index' | 'all' {
  if (component === null) return 'all'
  return typeof component === 'string' ? 'name' : 'index'
}

/** @throws {ProtocolError} `invalid_claims_description` when two objects are for the same language. */
export function checkLocales(displays: readonly { readonly locale?: string }[]): void {
  const locales = displays.flatMap(({ locale }) => (locale === undefined ? [] : [locale.toLowerCase()]))
  if (new Set(locales).size !== locales.length) throw contradiction('two display objects are for the same language')
}

function contradiction(message: string): ProtocolError {
  return new ProtocolError('invalid_claims_description', message)
}
