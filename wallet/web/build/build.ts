import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleApp } from './bundle.ts'
import { digestSources } from './sources.ts'

/**
 * Builds the app, when its sources have changed since the last time: `wallet/web/dist` is what the wallet host serves.
 *
 * The same sources give the same files, so a test may compare.
 */

const APP = fileURLToPath(new URL('..', import.meta.url))

/** Where the build is; `app.json` in it says what it was made of. */
export const APP_FOLDER = join(APP, 'dist')

const DESCRIPTION = 'app.json'

/**
 * @param tell Called before it builds, which takes some seconds.
 * @returns The folder of the build.
 */
export async function buildAppWhenChanged(tell: () => void = () => undefined): Promise<string> {
  const digest = digestSources()
  if (readDigest() === digest) return APP_FOLDER
  tell()
  // Below node_modules, so that what a killed build leaves is nobody's source; and on the same disk, for the renaming.
  const scratch = join(APP, 'node_modules')
  mkdirSync(scratch, { recursive: true })
  const folder = mkdtempSync(join(scratch, '.build-'))
  // A temporary folder is its owner's alone; whoever serves the app may be somebody else.
  chmodSync(folder, 0o755)
  try {
    const routes = await bundleApp(APP, folder)
    writeFileSync(join(folder, DESCRIPTION), `${JSON.stringify({ digest, routes }, null, 2)}\n`)
    putInPlace(folder, digest)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return APP_FOLDER
}

/** Two builds at the same time make the same: the one that comes second leaves the first one's. */
function putInPlace(folder: string, digest: string): void {
  const old = `${folder}-old`
  try {
    if (existsSync(APP_FOLDER)) renameSync(APP_FOLDER, old)
    renameSync(folder, APP_FOLDER)
  } catch (error) {
    if (readDigest() !== digest) throw error
  } finally {
    rmSync(old, { recursive: true, force: true })
  }
}

function readDigest(): string | undefined {
  try {
    const description: unknown = JSON.parse(readFileSync(join(APP_FOLDER, DESCRIPTION), 'utf8'))
    return typeof description === 'object' && description !== null && 'digest' in description
      ? String(description.digest)
      : undefined
  } catch {
    return undefined
  }
}
