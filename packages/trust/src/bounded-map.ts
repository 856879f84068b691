/** A map that forgets what was used longest ago when it becomes too large: what a stranger can fill has an end. */
export interface BoundedMap<V> {
  get(key: string): V | undefined
  set(key: string, value: V): void
  delete(key: string): void
}

export interface Bounds<V> {
  readonly maxEntries: number
  /** What all values together may weigh; a value that is heavier alone is not kept. */
  readonly maxWeight?: number
  readonly weigh?: (value: V) => number
}

export function makeBoundedMap<V>({
  maxEntries,
  maxWeight = Number.POSITIVE_INFINITY,
  weigh = () => 0,
}: Bounds<V>): BoundedMap<V> {
  const entries = new Map<string, V>()
  let weight = 0
  const remove = (key: string): void => {
    const value = entries.get(key)
    if (value === undefined) return
    weight -= weigh(value)
    entries.delete(key)
  }
  return {
    get(key) {
      const value = entries.get(key)
      if (value !== undefined) {
        // A map keeps the order of insertion, so what was used last stands last.
        entries.delete(key)
        entries.set(key, value)
      }
      return value
    },
    set(key, value) {
      remove(key)
      entries.set(key, value)
      weight += weigh(value)
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries && weight <= maxWeight) break
        remove(oldest)
      }
    },
    delete: remove,
  }
}
