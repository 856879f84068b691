import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** `full`: a write finds no room (ENOSPC). `broken`: an fsync fails (EIO). `limited`: a file may not grow (EFBIG). */
export type DiskFailure = 'full' | 'broken' | 'limited'

/** A disk that fails when it is told to, for programs that were started with its environment. */
export interface FailingDisk {
  readonly environment: Readonly<Record<string, string>>
  begin(failure: DiskFailure, pid: number): void
  end(failure: DiskFailure, pid: number): void
  remove(): void
}

const SOURCE = fileURLToPath(new URL('failing-disk.c', import.meta.url))

/** What this machine can do: failures inside the C library want a compiler, the limit wants `prlimit`; both want Linux. */
export function findDiskFailures(): readonly DiskFailure[] {
  if (process.platform !== 'linux') return []
  const has = (program: string) => spawnSync(program, ['--version']).status === 0
  return [...(has('gcc') ? (['full', 'broken'] as const) : []), ...(has('prlimit') ? (['limited'] as const) : [])]
}

/** Compiles what is preloaded, where there is a compiler. */
export function makeFailingDisk(failures: readonly DiskFailure[]): FailingDisk {
  const folder = mkdtempSync(join(tmpdir(), 'wegwijzer-failing-disk-'))
  const library = join(folder, 'failing-disk.so')
  const isPreloaded = failures.includes('full')
  if (isPreloaded) execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', library, SOURCE, '-ldl'])
  const setLimit = (pid: number, bytes: string) => execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`])
  return {
    environment: isPreloaded ? { LD_PRELOAD: library, FAILING_DISK: folder } : {},
    begin(failure, pid) {
      if (failure === 'limited') setLimit(pid, '1024')
      else writeFileSync(join(folder, failure), '')
    },
    end(failure, pid) {
      if (failure === 'limited') setLimit(pid, 'unlimited')
      else rmSync(join(folder, failure), { force: true })
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
