/** Chance that can be had again: the same seed makes the same choices. */
export interface Random {
  /** From 0 up to and not including `below`. */
  integer(below: number): number
  pick<T>(values: readonly [T, ...T[]]): T
}

/** Xorshift, 32 bits: good enough to choose moments. */
export function makeRandom(seed: number): Random {
  // Zero would stay zero.
  let state = seed >>> 0 || 1
  const random: Random = {
    integer(below) {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      return (state >>> 0) % below
    },
    pick: (values) => values[random.integer(values.length)] ?? values[0],
  }
  // Neighbouring seeds begin alike.
  for (let warmUp = 0; warmUp < 8; warmUp++) random.integer(2)
  return random
}
