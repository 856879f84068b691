import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** A program of ours in a process of its own, and what it prints. */
export interface Program {
  readonly lines: AsyncIterator<string>
  write(line: string): void
  /** Ends it as a power cut would: nothing it had planned is done. */
  kill(): Promise<void>
  exitCode(): Promise<number | null>
}

/** @param url The program's file, relative to `import.meta.url` of the caller. */
export function startProgram(url: URL, ...args: readonly string[]): Program {
  const child = spawn(process.execPath, [fileURLToPath(url), ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  onTestFinished(() => kill(child, exited))
  return {
    lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
    write: (line) => child.stdin.write(`${line}\n`),
    kill: () => kill(child, exited),
    async exitCode() {
      await exited
      return child.exitCode
    },
  }
}

async function kill(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  await exited
}
