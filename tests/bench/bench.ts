/**
 * Measures the targets of speed in one run and prints them as a table in Markdown.
 *
 * What counts is CPU time, of this process or of the service's, as a share of a denominator that was measured in turns with
 * it: so the answer hardly depends on what else the machine does. `--quick` takes fewer rounds; `--long` also measures 10,000
 * flows and a million stored sessions; `--only=sd-jwt,dcql` measures those parts and no other.
 */
import { availableParallelism, cpus, totalmem } from 'node:os'
import { measureBundle } from './bundle-row.ts'
import { measureDcql } from './dcql-rows.ts'
import { measureFirstScreen } from './first-screen-row.ts'
import { measureFlows } from './flow-rows.ts'
import { measureSdJwt } from './sd-jwt-rows.ts'
import { measureStatusList } from './status-list-rows.ts'
import { printTable, type Row } from './table.ts'

/** When the flows are to have been compared, and when the run is to be over. */
const COMPARED_MS = 140_000
const BUDGET_MS = 200_000

const isQuick = process.argv.includes('--quick')
const isLong = process.argv.includes('--long')
const rounds = isQuick ? 3 : 9
const begun = performance.now()
const rows: Row[] = []
const say = (part: string) =>
  process.stderr.write(`bench: ${part} (${((performance.now() - begun) / 1000).toFixed(0)} s)\n`)

/** The flows stand last, because they take the time that is left. */
const PARTS: readonly { readonly name: string; readonly measure: () => Promise<readonly Row[]> }[] = [
  { name: 'sd-jwt', measure: () => measureSdJwt(rounds) },
  { name: 'status-list', measure: () => measureStatusList(rounds) },
  { name: 'dcql', measure: () => measureDcql(rounds) },
  { name: 'bundle', measure: measureBundle },
  { name: 'first-screen', measure: measureFirstScreen },
  { name: 'flows', measure: measureAllFlows },
]

for (const { name, measure } of selectParts()) {
  say(name)
  rows.push(...(await measure()))
}
say('done')

const [cpu] = cpus()
console.log(printTable(rows))
console.log(
  `\nNode ${process.versions.node}, ${process.platform}-${process.arch}, ${cpu?.model.trim() ?? 'unknown CPU'}, ` +
    `${availableParallelism()} of ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GB; ` +
    `${new Date().toISOString().slice(0, 10)}, ${((performance.now() - begun) / 1000).toFixed(0)} s.`,
)

function measureAllFlows(): Promise<readonly Row[]> {
  const { rounds: flowRounds, flows } = isQuick ? { rounds: 3, flows: 20 } : { rounds: 25, flows: 60 }
  const comparedBy = begun + COMPARED_MS
  const until = isQuick ? begun : isLong ? Number.POSITIVE_INFINITY : begun + BUDGET_MS
  return measureFlows({ rounds: flowRounds, flows, comparedBy, until, isLong })
}

/** Those that `--only` names, or all of them. */
function selectParts(): typeof PARTS {
  const only = process.argv
    .find((argument) => argument.startsWith('--only='))
    ?.slice('--only='.length)
    .split(',')
  const unknown = only?.find((name) => !PARTS.some((part) => part.name === name))
  if (unknown !== undefined) throw new Error(`no part of the bench is called ${unknown}`)
  return only === undefined ? PARTS : PARTS.filter(({ name }) => only.includes(name))
}
