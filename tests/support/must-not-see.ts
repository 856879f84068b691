import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { projectFiles, readProjectFile } from './project-files.ts'
import type { World } from './world.ts'

/**
 * Everything a verifier keeps, as text: its database with the write-ahead log, read by another process because closing a
 * second descriptor would drop SQLite's locks in this one.
 */
export function readVerifierFiles({ dataDir }: World): string {
  const files = ['verifier.sqlite', 'verifier.sqlite-wal'].map((name) => join(dataDir, name))
  return execFileSync('cat', files, { encoding: 'latin1', maxBuffer: 2 ** 28 })
}

/**
 * Values that would be recognised anywhere: six characters or more, in nothing that was shared, and in no text of our own
 * (a policy about forklift drivers says so, every request names types, and an employer may be a verifier too).
 *
 * @param claims Of the worker's credentials.
 * @param shared What the verifier was given.
 */
export function unmistakableValues(claims: readonly unknown[], shared: unknown): readonly string[] {
  const expected = [
    JSON.stringify(shared),
    ...projectFiles(/^verifier\/(policies|profiles)\/.*\.json$/).map(readProjectFile),
  ]
    .join('\n')
    .toLowerCase()
  return [...new Set(claims.flatMap(leaves))].filter(
    (text) => text.length >= 6 && !expected.includes(text.toLowerCase()),
  )
}

function leaves(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves)
  return []
}
