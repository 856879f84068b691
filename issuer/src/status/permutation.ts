import { createCipheriv } from 'node:crypto'

/** Feistel rounds; four suffice against who sees some of the outputs, and these are cheap. */
const ROUNDS = 8
const BLOCK_BYTES = 16
export const SEED_BYTES = 16

/**
 * Maps the numbers `from` to `from + count - 1` to as many different numbers below `size`, in an order that only the seed
 * tells: so a counter gives indexes that are never repeated and that nobody can guess or put in order.
 *
 * A Feistel network over AES on the smallest even number of bits that holds `size`; what falls outside goes round again.
 *
 * @param seed 16 octets, of this list alone.
 * @param size At most 2^30.
 */
export function permute(seed: Uint8Array, size: number, from: number, count: number): readonly number[] {
  if (from < 0 || from + count > size) throw new RangeError('there are fewer numbers than that')
  const halfBits = Math.max(1, Math.ceil(Math.log2(size) / 2))
  const results = Array.from({ length: count }, (_, at) => from + at)
  let outside = results.map((_, at) => at)
  do {
    const mapped = feistel(
      seed,
      halfBits,
      outside.map((at) => results[at] ?? 0),
    )
    outside.forEach((at, order) => {
      results[at] = mapped[order] ?? 0
    })
    outside = outside.filter((at) => (results[at] ?? 0) >= size)
  } while (outside.length > 0)
  return results
}

/** One pass for all values together, because a call of the cipher costs more than its work. */
function feistel(seed: Uint8Array, halfBits: number, values: readonly number[]): readonly number[] {
  const mask = 2 ** halfBits - 1
  const halves = values.map((value) => ({ left: value >>> halfBits, right: value & mask }))
  for (let round = 0; round < ROUNDS; round++) {
    const input = Buffer.alloc(values.length * BLOCK_BYTES)
    for (const [at, { right }] of halves.entries()) {
      input.writeUInt32BE(round, at * BLOCK_BYTES)
      input.writeUInt32BE(right, at * BLOCK_BYTES + 4)
    }
    // Every block stands for itself: AES as the pseudo-random function of one round.
    const cipher = createCipheriv('aes-128-ecb', seed, null).setAutoPadding(false)
    const output = cipher.update(input)
    for (const [at, half] of halves.entries()) {
      const mixed = (half.left ^ output.readUInt32BE(at * BLOCK_BYTES)) & mask
      half.left = half.right
      half.right = mixed
    }
  }
  return halves.map(({ left, right }) => left * 2 ** halfBits + right)
}
