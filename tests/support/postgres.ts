import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openDatabase, sql } from '@wegwijzer/storage/sql'
import { findFreePorts } from './free-ports.ts'
import { findPostgres } from './postgres-binaries.ts'

/** A PostgreSQL server of the tests alone: its own folder, port and password, listening on this machine only. */
export interface PostgresServer {
  /** @returns The URL of a new, empty database. */
  createDatabase(): Promise<string>
  /** As an administrator would: connections are cut, what was committed stays. */
  stop(): Promise<void>
  /** On the same port, with what was there. */
  start(): Promise<void>
  /** Stops it and removes what it had. */
  close(): Promise<void>
}

const READY = /database system is ready to accept connections/
const READY_WITHIN_MS = 30_000
const USER = 'wegwijzer'
const PASSWORD = 'only-for-tests'

/**
 * Starts a PostgreSQL server with the settings it has by itself: `fsync` is on.
 *
 * @throws {Error} in one line, what is missing, where PostgreSQL cannot be had.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = await findPostgres()
  const folder = mkdtempSync(join(tmpdir(), 'wegwijzer-postgres-'))
  const data = join(folder, 'data')
  const owner = ownerOf(folder)
  const [port = 0] = await findFreePorts(1)
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, PASSWORD)
  if (owner.uid !== undefined) chownSync(passwordFile, owner.uid, owner.gid)
  execFileSync(
    join(programs, 'initdb'),
    [
      ...['--pgdata', data, '--username', USER, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
      ...['--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
    ],
    { ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const launch = () =>
    launchServer(join(programs, 'postgres'), ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', folder], {
      ...owner,
      cwd: folder,
    })
  const urlOf = (database: string) => `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/${database}`

  let server: ChildProcess | undefined = await launch()
  let databases = 0
  const stopWith = async (signal: 'SIGINT' | 'SIGQUIT') => {
    if (server) await end(server, signal)
    server = undefined
  }
  return {
    async createDatabase() {
      const name = `test_${++databases}`
      const db = await openDatabase({ url: urlOf('postgres'), schema: 'public' })
      try {
        await sql`create database ${sql.id(name)}`.execute(db)
      } finally {
        await db.destroy()
      }
      return urlOf(name)
    },
    stop: () => stopWith('SIGINT'),
    async start() {
      server ??= await launch()
    },
    async close() {
      await stopWith('SIGQUIT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Owner = { readonly uid: number; readonly gid: number } | { readonly uid?: never; readonly gid?: never }

/** PostgreSQL refuses to run as root: then it runs as the user that its package made, or as nobody, who gets the folder. */
function ownerOf(folder: string): Owner {
  if (process.getuid?.() !== 0) return {}
  const users = readFileSync('/etc/passwd', 'utf8')
  const [, uid, gid] = /^postgres:[^:]*:(\d+):(\d+):/m.exec(users) ?? /^nobody:[^:]*:(\d+):(\d+):/m.exec(users) ?? []
  if (uid === undefined) throw new Error('PostgreSQL does not run as root, and there is no user postgres')
  const owner = { uid: Number(uid), gid: Number(gid) }
  chownSync(folder, owner.uid, owner.gid)
  return owner
}

/** Resolves when it accepts connections. */
async function launchServer(
  program: string,
  parameters: readonly string[],
  options: Owner & { readonly cwd: string },
): Promise<ChildProcess> {
  const server = spawn(program, parameters, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  // A run that is cut short must leave no server behind.
  const quit = () => void server.kill('SIGQUIT')
  process.once('exit', quit)
  server.once('exit', () => process.off('exit', quit))
  const said: string[] = []
  await new Promise<void>((resolve, reject) => {
    const fail = () => reject(new Error(`PostgreSQL did not start: ${said.slice(-3).join(' | ')}`))
    const late = setTimeout(fail, READY_WITHIN_MS)
    server.once('error', reject)
    server.once('exit', fail)
    // Read to the end, so that the server never waits for somebody to read.
    createInterface({ input: server.stderr }).on('line', (line) => {
      said.push(line)
      if (!READY.test(line)) return
      clearTimeout(late)
      server.off('exit', fail)
      resolve()
    })
  })
  return server
}

async function end(server: ChildProcess, signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.kill(signal)
  await ended
}
