/**
 * Run as a process of its own, so that its memory and its time are those of the parsers: `node parser-probe.testing.ts SEED
 * ROUNDS`. Writes one line of JSON for each parser before it begins with it and one after; ends with 1 at the first input
 * that a parser does not answer as it should.
 */
import fc from 'fast-check'
import type { ParserTarget } from './parser-target.testing.ts'
import { PARSER_TARGETS } from './parser-targets.testing.ts'

/** What says that the input is wrong; anything else that is thrown is a fault of ours. */
const REFUSALS: ReadonlySet<string> = new Set([
  'ProtocolError',
  'AuthorizationRequestError',
  'DamagedDataError',
  'WrongPassphraseError',
])
/** Of this process, all threads: what the input cost, however loaded the machine is. */
const MAX_CPU_SECONDS = 2

const [seed = 1, rounds = 100] = process.argv.slice(2).map(Number)

const idleBytes = process.memoryUsage.rss()

for (const target of PARSER_TARGETS) {
  const [parser] = target.parsers
  say({ parser })
  const result = await fc.check(
    fc.asyncProperty(target.inputs, (input) => probe(target, input)),
    { seed, numRuns: rounds, endOnFailure: true },
  )
  if (!result.failed) continue
  const input = JSON.stringify(result.counterexample)?.slice(0, 2000)
  const problem = result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance)
  say({ parser, problem, seed, input })
  process.exit(1)
}
say({ inputs: PARSER_TARGETS.length * rounds, growthBytes: process.resourceUsage().maxRSS * 1024 - idleBytes })

async function probe({ parse }: ParserTarget, input: unknown): Promise<void> {
  const begun = process.cpuUsage()
  try {
    await parse(input as never)
  } catch (error) {
    const isRefusal = error instanceof Error && REFUSALS.has(error.name)
    if (!isRefusal) throw new Error(`threw ${error instanceof Error ? `${error.name}: ${error.stack}` : typeof error}`)
  }
  const { user, system } = process.cpuUsage(begun)
  const seconds = (user + system) / 1e6
  if (seconds > MAX_CPU_SECONDS) throw new Error(`took ${seconds} s of the processor`)
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
