import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const PROJECT_ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** The project's own files, tracked or new, as paths from the root with forward slashes. */
export function projectFiles(matching: RegExp): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'], {
    cwd: PROJECT_ROOT,
    encoding: 'utf8',
  })
  // Git still lists a file that is deleted and not yet committed.
  return listed.split('\n').filter((path) => matching.test(path) && existsSync(join(PROJECT_ROOT, path)))
}

export function readProjectFile(path: string): string {
  return readFileSync(join(PROJECT_ROOT, path), 'utf8')
}
