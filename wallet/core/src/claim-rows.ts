import { isJsonObject, type JsonValue } from '@wegwijzer/protocol/json'
import type { ConcreteClaimPath } from '@wegwijzer/protocol/sd-jwt'
import { findLabel, type HeldCredential, type Texts } from './holdings/held-credential.ts'
import type { ClaimRow } from './present/prepared.ts'

/** Every single value of a credential, or of one part of it, with its label, in the order of the type's metadata. */
export function claimRows(credential: HeldCredential, below: ConcreteClaimPath = []): readonly ClaimRow[] {
  const value = valueAt(credential.claims, below)
  if (value === undefined) return []
  const rows = [...leaves(value, below)].map(({ path, leaf }) => ({
    path,
    label: labelOf(credential, path),
    value: leaf,
  }))
  return rows.sort((one, other) => compare(credential, one.path, other.path))
}

/** What someone sees who is shown these parts of a credential: of a W3C credential always all of it. */
export function sharedRows(credential: HeldCredential, paths: readonly ConcreteClaimPath[]): readonly ClaimRow[] {
  if (credential.format !== undefined) return claimRows(credential)
  return paths.flatMap((path) => claimRows(credential, path))
}

/** The label of a claim, or of the nearest claim around it; its own name where the type has no label. */
export function labelOf({ display }: HeldCredential, path: ConcreteClaimPath): Texts {
  for (let length = path.length; length > 0; length--) {
    const label = findLabel(display, path.slice(0, length))
    if (label !== undefined) return label
  }
  return [{ lang: 'en', value: path.join('.') }]
}

/** An empty array or object is a value too: that there is nothing in it is told by sharing it. */
function* leaves(value: JsonValue, path: ConcreteClaimPath): Generator<{ path: ConcreteClaimPath; leaf: JsonValue }> {
  if (Array.isArray(value) && value.length > 0) {
    for (const [at, element] of value.entries()) yield* leaves(element, [...path, at])
  } else if (isJsonObject(value) && Object.keys(value).length > 0) {
    for (const [name, member] of Object.entries(value)) yield* leaves(member, [...path, name])
  } else {
    yield { path, leaf: value }
  }
}

function valueAt(value: JsonValue, path: ConcreteClaimPath): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((found, component) => {
    if (Array.isArray(found)) return typeof component === 'number' ? found[component] : undefined
    return isJsonObject(found) && Object.hasOwn(found, component) ? found[component] : undefined
  }, value)
}

/** Decided where two paths part: elements by their position, members by where the type first speaks of them. */
function compare(credential: HeldCredential, one: ConcreteClaimPath, other: ConcreteClaimPath): number {
  const parting = one.findIndex((component, at) => component !== other[at])
  const [left, right] = [one[parting], other[parting]]
  if (typeof left === 'number' && typeof right === 'number') return left - right
  return rank(credential, one.slice(0, parting + 1)) - rank(credential, other.slice(0, parting + 1))
}

function rank({ display }: HeldCredential, path: ConcreteClaimPath): number {
  const at = display.claims.findIndex((claim) =>
    path.every((component, index) => component === claim.path[index] || claim.path[index] === null),
  )
  return at === -1 ? display.claims.length : at
}
