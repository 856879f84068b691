import { parseIssuedSdJwt } from '@wegwijzer/protocol/sd-jwt'
import { startPostgres } from '../support/postgres.ts'
import { createHttpClient, type HttpClient, runAtOnce } from './http-client.ts'
import { type Installation, type InstallationPlace, MEMORY_FOLDER, startInstallation } from './installation.ts'
import { ISSUANCE_COMMITS, ISSUANCE_REQUESTS, makeIssuance } from './issuance.ts'
import { type Limit, startLimit } from './limit.ts'
import { makePresentationFlow, PRESENTATION_COMMITS, PRESENTATION_REQUESTS, PRESENTED_CLAIMS } from './presentation.ts'
import type { MeasuredProgram } from './program.ts'
import { cpuOf, measureInTurns, median, type Samples, type Subject, wallOf } from './sampling.ts'
import { storeSessions } from './stored-sessions.ts'
import { formatMicroseconds, makeLimitRow, makeShareRow, type Row } from './table.ts'

const AT_ONCE = 8
const BATCH = 20

export interface FlowOptions {
  readonly rounds: number
  /** Flows in one sample. */
  readonly flows: number
  /** When the comparison is to end, and when the many flows after it, by `performance.now()`. */
  readonly comparedBy: number
  readonly until: number
  /** Also what takes minutes: the flows among a million stored sessions. */
  readonly isLong: boolean
}

/** The flows of issuer and verifier, each in its own process: in memory, on disk, on PostgreSQL, and after many. */
export async function measureFlows(options: FlowOptions): Promise<readonly Row[]> {
  const http = createHttpClient()
  const open: { close: () => unknown }[] = [http]
  const install = async (place?: InstallationPlace) => {
    const installation = await startInstallation(place)
    open.push(installation)
    return { installation, flows: await makeFlows(installation, http) }
  }
  try {
    const postgres = await startPostgres()
    open.push(postgres)
    const limit = await startLimit(http, await postgres.createDatabase())
    open.push(limit)
    const places = {
      memory: await install({ folder: MEMORY_FOLDER }),
      disk: await install(),
      postgres: await install({ databaseUrl: await postgres.createDatabase() }),
    }
    const subjects = Object.entries(places).flatMap(([name, place]) => flowSubjects(name, place, options.flows))
    const samples = await measureInTurns(
      [...limitSubjects(limit, places.memory.flows.digests, options.flows), ...subjects],
      options.rounds,
      options.comparedBy,
    )
    return [
      ...shareRows(samples),
      ...startRows([...places.memory.installation.starts, ...places.disk.installation.starts]),
      ...(await memoryRows(places.memory, options)),
      ...(options.isLong ? await measureGrowth([places.disk, places.postgres], options) : []),
    ]
  } finally {
    for (const { close } of open.toReversed()) await close()
  }
}

const STORED = 1_000_000

/** What a flow costs among many stored sessions, of what it costs without: measured before and after they are stored. */
async function measureGrowth(places: readonly Place[], { rounds, flows }: FlowOptions): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const place of places) {
    const name = place.installation.config.databaseUrl === undefined ? 'SQLite' : 'PostgreSQL'
    const subjects = flowSubjects(name, place, flows).filter((subject) => !subject.name.endsWith(' batch'))
    const empty = await measureInTurns(subjects, rounds)
    await storeSessions(place.installation, STORED)
    const full = await measureInTurns(subjects, rounds)
    for (const subject of subjects) {
      const [before, after] = [cpuOf(empty, subject.name), cpuOf(full, subject.name)]
      rows.push({
        what: `${subject.name} with 1,000,000 stored sessions, of empty`,
        target: '1.15 at most',
        measured: (after / before).toFixed(2),
        isMet: Number((after / before).toFixed(2)) <= 1.15,
        absolute: `${formatMicroseconds(after)}; empty ${formatMicroseconds(before)}`,
      })
    }
  }
  return rows
}

interface Place {
  readonly installation: Installation
  readonly flows: Flows
}

interface Flows {
  readonly issue: (copies?: number) => Promise<unknown>
  readonly present: () => Promise<void>
  /** Disclosures of the credential that is issued. */
  readonly digests: number
  /** How many there have been so far. */
  readonly counts: { issuances: number; presentations: number }
}

async function makeFlows(installation: Installation, http: HttpClient): Promise<Flows> {
  const issue = makeIssuance(installation, http)
  const issued = await issue()
  const { disclosures } = parseIssuedSdJwt(issued.credential)
  const present = await makePresentationFlow(installation, issued, http)
  const counts = { issuances: 1, presentations: 0 }
  return {
    counts,
    digests: disclosures.length,
    issue(copies) {
      counts.issuances++
      return issue(copies)
    },
    present() {
      counts.presentations++
      return present()
    },
  }
}

function limitSubjects(limit: Limit, digests: number, flows: number): readonly Subject[] {
  const { cpu } = limit
  const subject = (name: string, run: (times: number) => Promise<unknown>, times = flows): Subject => ({
    name,
    times,
    cpu,
    run: async (count) => void (await run(count)),
  })
  const requests = (each: typeof ISSUANCE_REQUESTS | typeof PRESENTATION_REQUESTS) => (times: number) =>
    runAtOnce(times, AT_ONCE, () => limit.request(each))
  return [
    subject('issuance requests', requests(ISSUANCE_REQUESTS)),
    subject('presentation requests', requests(PRESENTATION_REQUESTS)),
    subject('issuance crypto', (times) => limit.perform({ do: 'issuance', times, copies: 1, digests })),
    subject('batch crypto', (times) => limit.perform({ do: 'issuance', times, copies: BATCH, digests }), flows / 4),
    subject('presentation crypto', (times) => limit.perform({ do: 'presentation', times, digests: PRESENTED_CLAIMS })),
    subject('commit', (times) => limit.perform({ do: 'commits', times })),
    subject('PostgreSQL commit', (times) => limit.perform({ do: 'commits to PostgreSQL', times })),
  ]
}

function flowSubjects(
  where: string,
  { installation: { issuer, verifier }, flows: { issue, present } }: Place,
  flows: number,
): readonly Subject[] {
  const each = { times: flows, warmUpTimes: 5 * flows }
  return [
    { name: `${where} issuance`, ...each, cpu: issuer.cpu, run: (count) => runAtOnce(count, AT_ONCE, () => issue()) },
    { name: `${where} presentation`, ...each, cpu: verifier.cpu, run: (count) => runAtOnce(count, AT_ONCE, present) },
    {
      name: `${where} batch`,
      times: flows / 4,
      cpu: issuer.cpu,
      run: (count) => runAtOnce(count, AT_ONCE, () => issue(BATCH)),
    },
  ]
}

function shareRows(samples: Samples): readonly Row[] {
  const sum = (...parts: readonly (readonly [name: string, times?: number])[]) => parts
  const issuance = sum(['issuance requests'], ['issuance crypto'])
  const batch = sum(['issuance requests'], ['batch crypto'])
  const presentation = sum(['presentation requests'], ['presentation crypto'])
  const row = (what: string, target: number | undefined, actual: string, parts: ReturnType<typeof sum>) => {
    const costs = samples.get(actual)?.cpu ?? []
    const limits = costs.map((_, round) =>
      parts.reduce((total, [name, times = 1]) => total + times * (samples.get(name)?.cpu[round] ?? Number.NaN), 0),
    )
    const told = parts.map(
      ([name, times = 1]) => `${name} ${times > 1 ? `${times} × ` : ''}${formatMicroseconds(cpuOf(samples, name))}`,
    )
    return makeShareRow(
      what,
      target,
      median(limits.map((limit, round) => limit / (costs[round] ?? Number.NaN))),
      `${formatMicroseconds(cpuOf(samples, actual))}; limit ${formatMicroseconds(median(limits))} (${told.join(', ')}); ` +
        `${(1e6 / wallOf(samples, actual)).toFixed(0)} flows/s with their client on the same core`,
    )
  }
  const memory = MEMORY_FOLDER === undefined ? 'on disk, as the system has no memory folder' : 'in memory'
  return [
    row(`complete issuance (DPoP, all checks), of limit, ${memory}`, 0.5, 'memory issuance', issuance),
    row(`the same, a batch of ${BATCH} copies`, undefined, 'memory batch', batch),
    row(
      `complete encrypted presentation (trust, status, registration), of limit, ${memory}`,
      0.5,
      'memory presentation',
      presentation,
    ),
    row('complete issuance on SQLite, 8 at once, of durable limit', 0.5, 'disk issuance', [
      ...issuance,
      ['commit', ISSUANCE_COMMITS],
    ]),
    row('complete presentation on SQLite, 8 at once, of durable limit', 0.5, 'disk presentation', [
      ...presentation,
      ['commit', PRESENTATION_COMMITS],
    ]),
    row('complete issuance on PostgreSQL, 8 at once, of durable limit', 0.4, 'postgres issuance', [
      ...issuance,
      ['PostgreSQL commit', ISSUANCE_COMMITS],
    ]),
    row('complete presentation on PostgreSQL, 8 at once, of durable limit', 0.4, 'postgres presentation', [
      ...presentation,
      ['PostgreSQL commit', PRESENTATION_COMMITS],
    ]),
  ]
}

function startRows(starts: Installation['starts']): readonly Row[] {
  return ['issuer', 'verifier'].map((program) => {
    const ofProgram = starts.filter((start) => start.program === program)
    const [wall, cpu] = (['wallMs', 'cpuMs'] as const).map((cost) => median(ofProgram.map(({ again }) => again[cost])))
    const first = median(ofProgram.map((start) => start.first.cpuMs))
    return makeLimitRow(
      `${program} ready`,
      { target: 0.5, unit: 's' },
      (wall ?? Number.NaN) / 1000,
      `wall time from its start, on whatever else the machine does; ${cpu?.toFixed(0)} ms of CPU, at the very first start ${first.toFixed(0)} ms`,
    )
  })
}

const MANY = 10_000

async function memoryRows(
  { installation: { issuer, verifier }, flows: { issue, present, counts } }: Place,
  { until }: FlowOptions,
): Promise<readonly Row[]> {
  const half = (performance.now() + until) / 2
  const repeat = async (flow: () => Promise<unknown>, count: () => number, deadline: number) => {
    while (count() < MANY && performance.now() < deadline) await runAtOnce(Math.min(500, MANY - count()), AT_ONCE, flow)
    return count()
  }
  const row = async (name: string, program: MeasuredProgram, flows: number): Promise<Row> => {
    const { residentBytes } = await program.usage()
    const what = `${name}: memory after ${flows.toLocaleString('en')} flows`
    const row = makeLimitRow(what, { target: 200, unit: 'MB' }, residentBytes / 1e6, 'resident')
    if (flows >= MANY) return row
    // The target is for more flows than there were: it is neither met nor missed.
    return { ...row, isMet: undefined, absolute: 'resident; fewer than 10,000, because of the time a run may take' }
  }
  return [
    await row(
      'issuer',
      issuer,
      await repeat(
        () => issue(),
        () => counts.issuances,
        half,
      ),
    ),
    await row('verifier', verifier, await repeat(present, () => counts.presentations, until)),
  ]
}
