import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { PROJECT_ROOT } from '../support/project-files.ts'
import { makeEnvironment, type StartSettings } from '../support/running-start.ts'

/** Issuer or verifier, as production runs it: its `main.ts` in a process of its own. */
export interface KillableProgram {
  /** Starts the process, and does not wait for it. */
  launch(): void
  /** @throws {Error} with what it printed, when it ends by itself or is not ready in time. */
  ready(): Promise<void>
  /** Ends it as a power cut would: nothing that it had planned is done. */
  kill(): Promise<void>
  /** Of the process that runs now. */
  readonly pid: () => number | undefined
  /** Every line of all its lives. */
  readonly output: () => string
}

/** A run that is cut short must leave nothing behind. */
const END_WITH_PARENT = new URL('end-with-parent.testing.ts', import.meta.url).href
/** A program that never gets ready; a loaded machine takes its time. */
const READY_WITHIN_MS = 60_000

export function makeKillableProgram(
  program: 'issuer' | 'verifier',
  url: string,
  settings: StartSettings,
): KillableProgram {
  let child: ChildProcess | undefined
  let output = ''
  const hasEnded = () => child === undefined || child.exitCode !== null || child.signalCode !== null
  const launch = () => {
    const main = join(PROJECT_ROOT, program, 'src/main.ts')
    child = spawn(process.execPath, ['--import', END_WITH_PARENT, main], {
      cwd: PROJECT_ROOT,
      env: makeEnvironment(settings),
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (part: string) => {
        output += part
      })
    }
  }
  return {
    launch,
    pid: () => (hasEnded() ? undefined : child?.pid),
    output: () => output,
    async ready() {
      const until = Date.now() + READY_WITHIN_MS
      for (;;) {
        if (await isReady(url)) return
        if (hasEnded()) throw new Error(`the ${program} ended by itself: ${output.slice(-2000)}`)
        if (Date.now() > until) throw new Error(`the ${program} is not ready in time: ${output.slice(-2000)}`)
        await delay(15)
      }
    },
    async kill() {
      if (child === undefined || hasEnded()) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ready`)).status === 200
  } catch {
    return false
  }
}
