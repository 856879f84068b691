import type { Change, RecordObject, RecordValue } from './wallet-records.ts'

const MAX_NAME_LENGTH = 512
/** Arrays and objects within each other. */
const MAX_DEPTH = 64
/** Characters of JSON; a credential with twenty copies has some hundred thousand. */
const MAX_RECORD_LENGTH = 4_000_000

/**
 * Refuses what no implementation could keep, before anything is written.
 *
 * @throws {TypeError} for a name or a value that is none, and for two changes of one record.
 */
export function checkChanges(changes: readonly Change[]): void {
  const seen = new Set<string>()
  for (const { collection, id, value } of changes) {
    if (!isRecordName(collection) || !isRecordName(id)) throw new TypeError('a record has a collection and an id')
    const name = JSON.stringify([collection, id])
    if (seen.has(name)) throw new TypeError('one write may change a record once')
    seen.add(name)
    if (value !== undefined && !isRecordValue(value)) throw new TypeError('a record holds JSON')
    if (value !== undefined && JSON.stringify(value).length > MAX_RECORD_LENGTH)
      throw new TypeError('the record is too long')
  }
}

/** A text that is itself again after it was encoded, which one half of a surrogate pair is not. */
export function isRecordName(name: unknown): name is string {
  return typeof name === 'string' && name.length > 0 && name.length <= MAX_NAME_LENGTH && name.isWellFormed()
}

/** JSON that is not too deep, without a member `__proto__`, which reaches the prototype of an object it is copied to. */
export function isRecordValue(value: unknown, depth = 0): value is RecordValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || depth === MAX_DEPTH) return false
  if (Array.isArray(value)) return value.every((item) => isRecordValue(item, depth + 1))
  return Object.entries(value).every(
    ([name, member]) => name !== '__proto__' && (member === undefined || isRecordValue(member, depth + 1)),
  )
}

/** Whether two values are the same JSON, whatever the order of their members. */
export function isSameValue(one: RecordValue | undefined, other: RecordValue | undefined): boolean {
  if (one === other) return true
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, at) => isSameValue(item, other[at]))
  }
  if (!isRecordObject(one) || !isRecordObject(other)) return false
  const names = presentMembers(one)
  return (
    names.length === presentMembers(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSameValue(one[name], other[name]))
  )
}

function isRecordObject(value: RecordValue | undefined): value is RecordObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** JSON has no `undefined`: such a member is not written. */
function presentMembers(value: RecordObject): readonly string[] {
  return Object.keys(value).filter((name) => value[name] !== undefined)
}
