import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe } from 'vitest'
import { canInstallPackages, INSTALLING_MS, installPackages, isDebianItself } from './apt-packages.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const FOLDERS = ['/usr/bin', '/usr/lib/chromium']
const ON_MACOS = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'

/** What the hook that opens the first browser of a file may take: Chromium may have to be installed first. */
export const FIRST_BROWSER_MS = INSTALLING_MS + 30_000

/**
 * A suite in a real browser: skipped, by name and counted, where there is no Chromium and none can be installed. Where one was
 * named (`CHROMIUM`) or can be installed, it must run: then what is missing is a failure.
 */
export const describeInChromium = describe.skipIf(
  process.env.CHROMIUM === undefined && findInstalled() === undefined && !canInstall(),
)

let finding: Promise<string> | undefined

/**
 * The program to start. `CHROMIUM` names one; else it is looked for, and on Debian as root installed where there is none.
 *
 * @throws {Error} in one line, what is missing.
 */
export function findChromium(): Promise<string> {
  finding ??= findOrInstall()
  return finding
}

async function findOrInstall(): Promise<string> {
  const named = process.env.CHROMIUM
  if (named !== undefined) {
    if (!isProgram(named)) throw new Error('CHROMIUM names no program')
    return named
  }
  const found = findInstalled()
  if (found !== undefined) return found
  if (!canInstall()) throw new Error('Chromium is needed for these tests: install it, or set CHROMIUM to its path')
  await installPackages('Chromium', ['chromium'])
  const installed = findInstalled()
  if (installed === undefined) throw new Error('Chromium was installed, but is not on PATH')
  return installed
}

/** Ubuntu has a package of that name too, which needs snapd and so does not run in a container. */
function canInstall(): boolean {
  return canInstallPackages() && isDebianItself()
}

function findInstalled(): string | undefined {
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const candidates = [...onPath, ...FOLDERS].flatMap((folder) => NAMES.map((name) => join(folder, name)))
  return [...candidates, ON_MACOS].find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
