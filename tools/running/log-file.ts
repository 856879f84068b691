import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { LogDestination } from '@wegwijzer/server'

export interface LogFile extends LogDestination {
  close(): void
}

/** Opens a file for log lines, added at its end; only the owner may read it. What was written is in it also after a crash. */
export function openLogFile(path: string): LogFile {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const file = openSync(path, 'a', 0o600)
  return {
    write: (line) => void writeSync(file, line),
    close: () => closeSync(file),
  }
}
