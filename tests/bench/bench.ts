/**
 * Measures the targets of speed in one run and prints them as a table in Markdown.
 *
 * What counts is CPU time, of this process or of the service's, as a share of a denominator that was measured in turns with
 * it: so the answer hardly depends on what else the machine does. `--quick` takes fewer rounds.
 */
import { availableParallelism, cpus, totalmem } from 'node:os'
import { measureBundle } from './bundle-row.ts'
import { measureDcql } from './dcql-rows.ts'
import { measureFlows } from './flow-rows.ts'
import { measureSdJwt } from './sd-jwt-rows.ts'
import { measureStatusList } from './status-list-rows.ts'
import { printTable, type Row } from './table.ts'

/** When the flows are to have been compared, and when the run is to be over. */
const COMPARED_MS = 140_000
const BUDGET_MS = 200_000

const isQuick = process.argv.includes('--quick')
const rounds = isQuick ? 3 : 9
const begun = performance.now()
const rows: Row[] = []
const say = (part: string) =>
  process.stderr.write(`bench: ${part} (${((performance.now() - begun) / 1000).toFixed(0)} s)\n`)

say('SD-JWT VC')
rows.push(...(await measureSdJwt(rounds)))
say('status list')
rows.push(...(await measureStatusList(rounds)))
say('DCQL')
const dcql = await measureDcql(rounds)
say('browser bundle')
const bundle = await measureBundle()
say('flows')
const { rounds: flowRounds, flows } = isQuick ? { rounds: 3, flows: 20 } : { rounds: 25, flows: 60 }
const comparedBy = begun + COMPARED_MS
const until = isQuick ? begun : begun + BUDGET_MS
rows.push(...(await measureFlows({ rounds: flowRounds, flows, comparedBy, until })))
rows.push(...dcql, ...bundle)
say('done')

const [cpu] = cpus()
console.log(printTable(rows))
console.log(
  `\nNode ${process.versions.node}, ${process.platform}-${process.arch}, ${cpu?.model.trim() ?? 'unknown CPU'}, ` +
    `${availableParallelism()} of ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GB; ` +
    `${new Date().toISOString().slice(0, 10)}, ${((performance.now() - begun) / 1000).toFixed(0)} s.`,
)
