import { parseIssuedSdJwt } from '@wegwijzer/protocol/sd-jwt'
import { createHttpClient, type HttpClient, runAtOnce } from './http-client.ts'
import { type Installation, MEMORY_FOLDER, startInstallation } from './installation.ts'
import { ISSUANCE_COMMITS, ISSUANCE_REQUESTS, makeIssuance } from './issuance.ts'
import { type Limit, startLimit } from './limit.ts'
import { makePresentationFlow, PRESENTATION_COMMITS, PRESENTATION_REQUESTS, PRESENTED_CLAIMS } from './presentation.ts'
import type { MeasuredProgram } from './program.ts'
import { cpuOf, measureInTurns, median, type Samples, type Subject, wallOf } from './sampling.ts'
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
}

/** The flows of issuer and verifier, each in its own process: in memory, on disk, and after many. */
export async function measureFlows(options: FlowOptions): Promise<readonly Row[]> {
  const http = createHttpClient()
  const open: { close: () => unknown }[] = [http]
  try {
    const limit = await startLimit(http)
    open.push(limit)
    const inMemory = await startInstallation(MEMORY_FOLDER)
    open.push(inMemory)
    const onDisk = await startInstallation()
    open.push(onDisk)
    const flows = { memory: await makeFlows(inMemory, http), disk: await makeFlows(onDisk, http) }
    const samples = await measureInTurns(
      [
        ...limitSubjects(limit, flows.memory.digests, options.flows),
        ...flowSubjects('memory', inMemory, flows.memory, options.flows),
        ...flowSubjects('disk', onDisk, flows.disk, options.flows),
      ],
      options.rounds,
      options.comparedBy,
    )
    return [
      ...shareRows(samples),
      ...startRows([...inMemory.starts, ...onDisk.starts]),
      ...(await memoryRows(inMemory, flows.memory, options)),
    ]
  } finally {
    for (const { close } of open.toReversed()) await close()
  }
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
  ]
}

function flowSubjects(
  where: string,
  { issuer, verifier }: Installation,
  { issue, present }: Flows,
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
  ]
}

function startRows(starts: Installation['starts']): readonly Row[] {
  return ['issuer', 'verifier'].map((program) => {
    const ofProgram = starts.filter((start) => start.program === program)
    return makeLimitRow(
      `${program} ready`,
      { target: 0.5, unit: 's' },
      median(ofProgram.map(({ wallMs }) => wallMs)) / 1000,
      `wall time from its start, on whatever else the machine does; ${median(ofProgram.map(({ cpuMs }) => cpuMs)).toFixed(0)} ms of CPU`,
    )
  })
}

const MANY = 10_000

async function memoryRows(
  { issuer, verifier }: Installation,
  { issue, present, counts }: Flows,
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
