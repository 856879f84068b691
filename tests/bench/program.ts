import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { PROJECT_ROOT } from '../support/project-files.ts'
import type { Usage } from './usage-probe.ts'

/** A program in a process of its own, whose use of the machine can be asked. */
export interface MeasuredProgram {
  readonly usage: () => Promise<Usage>
  readonly cpu: () => Promise<number>
  /** Sends something else to a program of the bench, and waits for its answer. */
  readonly ask: (message: object) => Promise<unknown>
  readonly close: () => Promise<void>
}

/** As `tools/bootstrap.mjs` starts them. */
const SERVICE_OPTIONS = ['--max-semi-space-size=8']

/**
 * @param path From the project's root.
 * @param nodeOptions `WEGWIJZER_BENCH_NODE_OPTIONS`, such as `--cpu-prof`, where a profile is wanted.
 */
export function startProgram(path: string, env: Readonly<Record<string, string>>): MeasuredProgram {
  const nodeOptions = (process.env.WEGWIJZER_BENCH_NODE_OPTIONS ?? '').split(' ').filter((option) => option !== '')
  const child = spawn(
    process.execPath,
    [
      ...SERVICE_OPTIONS,
      ...nodeOptions,
      '--disable-warning=ExperimentalWarning',
      '--import',
      probe(),
      `${PROJECT_ROOT}${path}`,
    ],
    // The log goes where nobody reads it, but it is written.
    { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  )
  const ended = once(child, 'exit')
  const failed = ended.then(() => Promise.reject(new Error('a program of the bench has ended')))
  failed.catch(() => {})
  const ask = async (message: string | object) => {
    const answer = new Promise((resolve) => child.once('message', resolve))
    child.send(message)
    return Promise.race([answer, failed])
  }
  const usage = async () => (await ask('usage')) as Usage
  return {
    ask,
    usage,
    cpu: async () => (await usage()).cpu,
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await ended
    },
  }
}

function probe(): string {
  return new URL('usage-probe.ts', import.meta.url).href
}

/** Waits until a program answers. @throws {Error} after a minute. */
export async function waitUntilReady(url: string): Promise<void> {
  const giveUpAt = performance.now() + 60_000
  for (;;) {
    const isReady = await fetch(`${url}/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    if (performance.now() > giveUpAt) throw new Error(`${url} is not ready`)
    await delay(5)
  }
}
