import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json.ts'
import { type ClaimPath, type ConcreteClaimPath, claimPathKey } from '../../sd-jwt/sd-jwt.ts'
import type { ClaimsQuery } from './types.ts'

/** One element that a claims path pointer selects, and where it stands. */
export interface SelectedElement {
  readonly path: ConcreteClaimPath
  readonly value: JsonValue
}

/**
 * Processes a claims path pointer against a JSON-based credential.
 *
 * @param root The payload with its disclosures filled in. An array keeps the positions it was issued with: where an element
 *   was not disclosed there is a hole (or `undefined`), which nothing selects, so that Wallet and Verifier count alike.
 * @returns The selected elements in their own order; none where the specification says "abort and return an error", so that
 *   a pointer into something of another shape and a pointer to nothing are the same: the claim is not there.
 * @see OpenID4VP 1.0 §7.1.1 processing
 */
export function selectByPath(root: JsonObject, path: ClaimPath): readonly SelectedElement[] {
  return isNames(path) ? selectMember(root, path) : selectElements(root, path)
}

function isNames(path: ClaimPath): path is readonly string[] {
  return path.every((component) => typeof component === 'string')
}

/** Names alone point at one element, which stands where they say. */
function selectMember(root: JsonObject, names: readonly string[]): readonly SelectedElement[] {
  let value: JsonValue | undefined = root
  for (const name of names) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return []
    value = value[name]
  }
  return value === undefined ? [] : [{ path: names, value }]
}

/** As `selectByPath`, for every path. */
export function selectElements(root: JsonObject, path: ClaimPath): readonly SelectedElement[] {
  let selected: readonly SelectedElement[] = [{ path: [], value: root }]
  for (const component of path) {
    const next: SelectedElement[] = []
    for (const element of selected) {
      const parts = partsOf(element.value, component)
      if (parts === undefined) return []
      for (const [name, value] of parts) {
        if (value !== undefined) next.push({ path: [...element.path, name], value })
      }
    }
    selected = next
  }
  return selected
}

type Part = readonly [name: string | number, value: JsonValue | undefined]

/** What one component selects below one element; `undefined` when the element is not of the kind the component needs. */
function partsOf(value: JsonValue, component: string | number | null): Iterable<Part> | undefined {
  if (typeof component === 'string') {
    if (!isJsonObject(value)) return undefined
    return Object.hasOwn(value, component) ? [[component, value[component]]] : []
  }
  if (!Array.isArray(value)) return undefined
  const elements: readonly JsonValue[] = value
  return component === null ? elements.entries() : [[component, elements[component]]]
}

/**
 * The elements that answer a Claims Query: those its path selects and, where it has `values`, whose type and value match
 * one exactly. An element that does not match is treated as if it were not there.
 *
 * @see OpenID4VP 1.0 §6.4.1 selecting_claims
 */
export function selectClaim(root: JsonObject, { path, values }: ClaimsQuery): readonly SelectedElement[] {
  const selected = selectByPath(root, path)
  if (values === undefined) return selected
  return selected.filter(({ value }) => values.some((expected) => expected === value))
}

/** The keys of everything that `path` stands inside of, from the outside in, without the path itself. */
export function enclosingKeys(path: ConcreteClaimPath): readonly string[] {
  return path.slice(1).map((_component, index) => claimPathKey(path.slice(0, index + 1)))
}

/** How many values that are neither object nor array someone sees who sees `value`; an empty one counts as one. */
export function countValues(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 1
  const parts: readonly (JsonValue | undefined)[] = Object.values(value)
  return Math.max(
    1,
    parts.reduce((sum: number, part) => sum + (part === undefined ? 0 : countValues(part)), 0),
  )
}
