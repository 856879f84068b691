import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { canInstallPackages, installPackages } from './apt-packages.ts'

const DEBIAN_VERSIONS = '/usr/lib/postgresql'
/** Debian's package would also make and start a cluster of its own, which nobody here needs. */
const NO_CLUSTER = { folder: '/etc/postgresql-common/createcluster.d', file: 'wegwijzer-tests.conf' }

/**
 * The folder with PostgreSQL's programs; where there is none, on Debian and as root, they are installed first.
 *
 * @throws {Error} in one line, what is missing.
 */
export async function findPostgres(): Promise<string> {
  const found = findInstalled()
  if (found !== undefined) return found
  if (!canInstallPackages()) {
    throw new Error(
      'PostgreSQL is needed for these tests: put initdb and postgres on PATH (Debian: apt-get install postgresql)',
    )
  }
  await install()
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

async function install(): Promise<void> {
  mkdirSync(NO_CLUSTER.folder, { recursive: true })
  writeFileSync(join(NO_CLUSTER.folder, NO_CLUSTER.file), 'create_main_cluster = false\n')
  await installPackages('PostgreSQL', ['postgresql'])
}
