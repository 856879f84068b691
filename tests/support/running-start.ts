import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { findFreePorts } from './free-ports.ts'
import { PROJECT_ROOT } from './project-files.ts'

/** `node tools/start.ts` in a process of its own, as `npm start` runs it. */
export interface RunningStart {
  /** What it printed up to the moment it was ready. */
  readonly printed: string
  /** Sends a signal and waits. @returns The exit code, and whatever was printed in all. */
  stop(signal: 'SIGINT' | 'SIGTERM'): Promise<EndedStart>
}

export interface EndedStart {
  readonly code: number | null
  readonly output: string
}

export type StartSettings = Readonly<Record<string, string>>

/** What the programs say last when they are ready. */
const READY = 'Ctrl-C stops it.'

/** Settings for programs of one's own: this folder, and ports that nobody has. */
export async function makeStartSettings(dataDir: string): Promise<StartSettings> {
  const [wallet, issuer, verifier] = await findFreePorts(3)
  return {
    DATA_DIR: dataDir,
    WALLET_PORT: String(wallet),
    ISSUER_PORT: String(issuer),
    VERIFIER_PORT: String(verifier),
  }
}

/** The environment of this process without settings of its own, and these. */
export function makeEnvironment(settings: StartSettings): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env
  return { PATH, HOME, ...(TMPDIR !== undefined && { TMPDIR }), ...settings }
}

/** Starts the programs and waits until they are ready. @throws {Error} with what they printed, when they end instead. */
export async function runStart(settings: StartSettings, parameters: readonly string[] = []): Promise<RunningStart> {
  const { child, ended, output } = spawnStart(settings, parameters)
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', () => {
      if (output().includes(READY)) resolve()
    })
    ended.then((result) => reject(new Error(`ended instead of running: ${result.output}`)))
  })
  return {
    printed: output(),
    stop(signal) {
      child.kill(signal)
      return ended
    },
  }
}

/** Starts the programs where they cannot run, and waits for their end. */
export function runStartInVain(settings: StartSettings, parameters: readonly string[] = []): Promise<EndedStart> {
  return spawnStart(settings, parameters).ended
}

function spawnStart(settings: StartSettings, parameters: readonly string[]) {
  const child: ChildProcess = spawn(process.execPath, [join(PROJECT_ROOT, 'tools/start.ts'), ...parameters], {
    cwd: PROJECT_ROOT,
    env: makeEnvironment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
  }
  const ended = new Promise<EndedStart>((resolve) => {
    child.once('close', (code) => resolve({ code, output: text }))
  })
  return { child, ended, output: () => text }
}
