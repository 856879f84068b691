import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/** What all of an installation may take; one that is still waiting for another then gives up. */
export const INSTALLING_MS = 240_000
const RETRY_AFTER_MS = 2_000

/** Whether a program that is missing may be installed here: only on Debian, and only as root, as in CI's containers. */
export function canInstallPackages(): boolean {
  return process.getuid?.() === 0 && /^ID(_LIKE)?=.*debian/m.test(osRelease())
}

export function isDebianItself(): boolean {
  return /^ID="?debian"?$/m.test(osRelease())
}

function osRelease(): string {
  return existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
}

/**
 * Installs Debian packages for the tests. Other processes of this run may be installing too: it waits for them.
 *
 * @param program What it is for, as a message names it.
 * @throws {Error} in one line, what failed.
 */
export async function installPackages(program: string, packages: readonly string[]): Promise<void> {
  process.stderr.write(`wegwijzer: installing ${program} for the tests (once)\n`)
  const until = Date.now() + INSTALLING_MS
  for (const step of [['update'], ['install', '--yes', '--no-install-recommends', ...packages]]) {
    const reason = await runApt(step, until)
    if (reason !== undefined) {
      throw new Error(`${program} is needed for these tests, and apt-get ${step[0]} failed: ${reason}`)
    }
  }
}

/** @returns Why it failed, or nothing. */
async function runApt(step: readonly string[], until: number): Promise<string | undefined> {
  for (;;) {
    const told = await aptGet(step, until - Date.now())
    if (told === undefined) return undefined
    // apt-get waits for dpkg's lock, but not for that of the package lists.
    if (!told.includes('Could not get lock') || Date.now() + RETRY_AFTER_MS > until)
      return told.trim().split('\n').at(-1)
    await wait(RETRY_AFTER_MS)
  }
}

function aptGet(step: readonly string[], timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn('apt-get', ['-o', 'DPkg::Lock::Timeout=200', ...step], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: timeoutMs,
    })
    let told = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      told += text
    })
    child.on('error', (error) => resolve(error.message))
    child.on('close', (status) => resolve(status === 0 ? undefined : told || 'it took too long'))
  })
}
