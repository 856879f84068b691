import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** Everything that can be in the app. The lock file stands for what is not ours. */
const SOURCES = [
  'wallet/web/build',
  'wallet/web/public',
  'wallet/web/src',
  'wallet/web/index.html',
  'wallet/core/src',
  'packages/ui/src',
  'packages/protocol/src',
  'packages/keys/src',
  'packages/outbound/src',
  'packages/storage/src',
  'packages/trust/src',
  'pnpm-lock.yaml',
]

/** By content, because a checkout gives every file the time of the checkout. */
export function digestSources(): string {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    for (const file of filesOf(source))
      hash
        .update(file)
        .update('\0')
        .update(readFileSync(join(ROOT, file)))
        .update('\0')
  }
  return hash.digest('hex')
}

function filesOf(source: string): readonly string[] {
  const path = join(ROOT, source)
  if (statSync(path).isFile()) return [source]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(test|testing)\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
    .sort()
}
