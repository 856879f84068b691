/** For tests: whether a text may be accepted, by the grammar of RFC 8259 and our rules, step by step and slowly. */
export function isAcceptable(text: string, maxDepth: number): boolean {
  try {
    const reading = { tokens: tokensOf(text), at: 0, maxDepth }
    readValue(reading, 0)
    return reading.at === reading.tokens.length
  } catch (error) {
    if (error instanceof RefusedError) return false
    throw error
  }
}

class RefusedError extends Error {}

interface Reading {
  readonly tokens: readonly string[]
  at: number
  readonly maxDepth: number
}

const STRING = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/
const TOKEN = new RegExp(
  `[ \\t\\n\\r]*([{}[\\]:,]|${STRING.source}|${NUMBER.source}|true|false|null)[ \\t\\n\\r]*`,
  'y',
)

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const [, token] = TOKEN.exec(text) ?? []
    if (token === undefined) throw new RefusedError('no token')
    tokens.push(token)
  }
  return tokens
}

function readValue(reading: Reading, depth: number): void {
  const token = next(reading)
  if (token === '{') readMembers(reading, depth + 1)
  else if (token === '[') readElements(reading, depth + 1)
  else if (/^[-0-9]/.test(token) && !Number.isFinite(Number(token))) throw new RefusedError('too large')
  else if ('}]:,'.includes(token)) throw new RefusedError('no value')
}

function readMembers(reading: Reading, depth: number): void {
  if (depth > reading.maxDepth) throw new RefusedError('too deep')
  if (reading.tokens[reading.at] === '}') {
    reading.at++
    return
  }
  const names = new Set<unknown>()
  for (;;) {
    const literal = next(reading)
    if (!literal.startsWith('"')) throw new RefusedError('no name')
    const name: unknown = JSON.parse(literal)
    if (name === '__proto__' || names.has(name)) throw new RefusedError('a name that may not be')
    names.add(name)
    if (next(reading) !== ':') throw new RefusedError('no colon')
    readValue(reading, depth)
    const separator = next(reading)
    if (separator === '}') return
    if (separator !== ',') throw new RefusedError('no comma')
  }
}

function readElements(reading: Reading, depth: number): void {
  if (depth > reading.maxDepth) throw new RefusedError('too deep')
  if (reading.tokens[reading.at] === ']') {
    reading.at++
    return
  }
  for (;;) {
    readValue(reading, depth)
    const separator = next(reading)
    if (separator === ']') return
    if (separator !== ',') throw new RefusedError('no comma')
  }
}

function next(reading: Reading): string {
  const token = reading.tokens[reading.at++]
  if (token === undefined) throw new RefusedError('the text ends')
  return token
}
