/** One thing whose cost is measured. */
export interface Subject {
  readonly name: string
  /** Does it so many times. */
  readonly run: (times: number) => void | Promise<void>
  /** How often in one sample. */
  readonly times: number
  /** How often before anything is measured; as in one sample unless given. */
  readonly warmUpTimes?: number
  /** CPU time of the process that does the work so far, in microseconds; this process's unless said otherwise. */
  readonly cpu?: () => number | Promise<number>
}

/** What one time costs, by the name of the subject: one sample for each round, in microseconds. */
export type Samples = ReadonlyMap<string, { readonly cpu: readonly number[]; readonly wall: readonly number[] }>

/**
 * Measures subjects in turns, so that what else the machine does falls on all of them alike.
 *
 * The first round only warms up and is not kept.
 *
 * @param until By `performance.now()`: after it no round is begun, but three there are at least.
 */
export async function measureInTurns(
  subjects: readonly Subject[],
  rounds: number,
  until = Number.POSITIVE_INFINITY,
): Promise<Samples> {
  const samples = new Map(subjects.map(({ name }) => [name, { cpu: [] as number[], wall: [] as number[] }]))
  for (let round = 0; round <= rounds && (round <= 3 || performance.now() < until); round++) {
    for (const { name, run, times: counted, warmUpTimes = counted, cpu = ownCpu } of subjects) {
      const times = round === 0 ? warmUpTimes : counted
      const cpuBefore = await cpu()
      const before = performance.now()
      await run(times)
      const wall = (performance.now() - before) * 1000
      const spent = (await cpu()) - cpuBefore
      if (round === 0) continue
      samples.get(name)?.cpu.push(spent / times)
      samples.get(name)?.wall.push(wall / times)
    }
  }
  return samples
}

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low = Number.NaN, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return (low + high) / 2
}

/** Median CPU time of one time, in microseconds. */
export function cpuOf(samples: Samples, name: string): number {
  return median(samples.get(name)?.cpu ?? [])
}

/** Median wall time of one time, in microseconds. */
export function wallOf(samples: Samples, name: string): number {
  return median(samples.get(name)?.wall ?? [])
}

/** How near something is to what it cannot be faster than: median over the rounds of the share in the same round. */
export function shareOf(samples: Samples, least: string, actual: string): number {
  const [leastCpu = [], actualCpu = []] = [samples.get(least)?.cpu, samples.get(actual)?.cpu]
  return median(leastCpu.map((cost, round) => cost / (actualCpu[round] ?? Number.NaN)))
}

function ownCpu(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
