import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A path in a directory of the running test alone, removed after it. */
export function temporaryPath(name: string): string {
  const { path, remove } = makeTemporaryDirectory()
  onTestFinished(remove)
  return join(path, name)
}

/** For what outlives one test. */
export function makeTemporaryDirectory() {
  const path = mkdtempSync(join(tmpdir(), 'wegwijzer-storage-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
