import fc from 'fast-check'

/** What a member may be that nobody expected. */
export const nasty: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    2 ** 53,
    1e308,
    '',
    ' ',
    '\u202e',
    '\ud800',
    '../..',
    'a'.repeat(5000),
    [],
    {},
  ),
  fc.jsonValue({ maxDepth: 3 }),
)

/** A tree with one node replaced, left out (`undefined`) or renamed. */
export function mutate(value: unknown, path: readonly number[], put: unknown): unknown {
  const [first, ...rest] = path
  if (first === undefined || typeof value !== 'object' || value === null) return put
  const entries = Object.entries(value)
  if (entries.length === 0) return put
  const at = first % entries.length
  const changed = entries.flatMap(([name, member], index) => {
    if (index !== at) return [[name, member]]
    if (rest.length > 0) return [[name, mutate(member, rest, put)]]
    return put === undefined ? [] : [[name, put]]
  })
  return Array.isArray(value) ? changed.map(([, member]) => member) : Object.fromEntries(changed)
}

/** A good value with one thing wrong. */
export function nearly(...samples: readonly [unknown, ...unknown[]]): fc.Arbitrary<unknown> {
  const path = fc.array(fc.nat(), { minLength: 1, maxLength: 5 })
  const put = fc.oneof(nasty, fc.constant(undefined))
  return fc
    .tuple(fc.constantFrom(...samples), path, put)
    .map(([sample, where, what]) => mutate(structuredClone(sample), where, what))
}

/** Characters that parsers, regular expressions and encoders stumble over when there are many. */
const RUNS = [
  'a',
  ' ',
  '\t',
  '.',
  '~',
  '-',
  '_',
  '=',
  '%',
  '%2',
  '&',
  '"',
  '\\',
  '\\u',
  '[',
  '{"a":',
  '0',
  '9',
  'é',
  '\ud83d',
  '/',
  ':',
  ',',
]

/** A good text that was cut, filled, doubled or stretched; text that is nothing; and runs that make the careless slow. */
export function nearlyText(...samples: readonly [string, ...string[]]): fc.Arbitrary<string> {
  const sample = fc.constantFrom(...samples)
  const piece = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom(...RUNS))
  const spliced = fc.tuple(sample, fc.nat(), fc.nat(12), piece).map(([text, at, removed, put]) => {
    const start = at % (text.length + 1)
    return text.slice(0, start) + put + text.slice(start + removed)
  })
  const stretched = fc
    .tuple(
      sample,
      fc.nat(),
      fc.constantFrom(...RUNS),
      fc.integer({ min: 1, max: 60_000 }),
      fc.constantFrom('', '!', '\0', '"'),
    )
    .map(([text, at, run, times, end]) => {
      const start = at % (text.length + 1)
      return text.slice(0, start) + run.repeat(times) + end + text.slice(start)
    })
  const json = samples.flatMap((text) => asJson(text))
  const [first, ...others] = json
  return fc.oneof(
    { weight: 4, arbitrary: spliced },
    { weight: 1, arbitrary: stretched },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
    ...(first === undefined
      ? []
      : [{ weight: 4, arbitrary: nearly(first, ...others).map((value) => JSON.stringify(value) ?? '') }]),
  )
}

function asJson(text: string): unknown[] {
  try {
    return [JSON.parse(text)]
  } catch {
    return []
  }
}

/** Good octets with some of them other, or none. */
export function nearlyOctets(...samples: readonly [Uint8Array, ...Uint8Array[]]): fc.Arbitrary<Uint8Array> {
  const changed = fc
    .tuple(fc.constantFrom(...samples), fc.nat(), fc.nat(6), fc.uint8Array({ maxLength: 6 }))
    .map(([octets, at, removed, put]) => {
      const start = at % (octets.length + 1)
      return Uint8Array.from([...octets.subarray(0, start), ...put, ...octets.subarray(start + removed)])
    })
  return fc.oneof({ weight: 6, arbitrary: changed }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }) })
}
