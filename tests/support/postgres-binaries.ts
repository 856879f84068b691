import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const DEBIAN_VERSIONS = '/usr/lib/postgresql'
/** Debian's package would also make and start a cluster of its own, which nobody here needs. */
const NO_CLUSTER = { folder: '/etc/postgresql-common/createcluster.d', file: 'wegwijzer-tests.conf' }
const INSTALLING_MS = 240_000

/**
 * The folder with PostgreSQL's programs; where there is none, on Debian and as root, they are installed first.
 *
 * @throws {Error} in one line, what is missing.
 */
export function findPostgres(): string {
  const found = findInstalled()
  if (found !== undefined) return found
  if (process.getuid?.() !== 0 || !isDebian()) {
    throw new Error(
      'PostgreSQL is needed for these tests: put initdb and postgres on PATH (Debian: apt-get install postgresql)',
    )
  }
  install()
  const installed = findInstalled()
  if (installed === undefined) throw new Error(`PostgreSQL was installed, but is not below ${DEBIAN_VERSIONS}`)
  return installed
}

/** Debian keeps its programs off PATH; of several versions the newest. */
function findInstalled(): string | undefined {
  const versions = existsSync(DEBIAN_VERSIONS) ? readdirSync(DEBIAN_VERSIONS) : []
  const ofDebian = versions.toSorted((one, other) => Number(other) - Number(one))
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const folders = [...ofDebian.map((version) => join(DEBIAN_VERSIONS, version, 'bin')), ...onPath]
  return folders.find((folder) => ['initdb', 'postgres'].every((program) => existsSync(join(folder, program))))
}

function isDebian(): boolean {
  return existsSync('/etc/os-release') && /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
}

function install(): void {
  process.stderr.write('wegwijzer: installing PostgreSQL for the tests (once)\n')
  mkdirSync(NO_CLUSTER.folder, { recursive: true })
  writeFileSync(join(NO_CLUSTER.folder, NO_CLUSTER.file), 'create_main_cluster = false\n')
  for (const parameters of [['update'], ['install', '--yes', '--no-install-recommends', 'postgresql']]) {
    const { status, stderr } = spawnSync('apt-get', parameters, {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: INSTALLING_MS / 2,
    })
    if (status === 0) continue
    const reason = stderr.trim().split('\n').at(-1) ?? ''
    throw new Error(`PostgreSQL is needed for these tests, and apt-get ${parameters[0]} failed: ${reason}`)
  }
}
