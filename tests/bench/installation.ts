import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodePem } from '@wegwijzer/keys/x509'
import { type Config, readConfig } from '@wegwijzer/server/config'
import { demoClaims } from '../../tools/setup/demo-claims.ts'
import { type DemoKeys, readDemoKeys } from '../../tools/setup/demo-keys.ts'
import { prepareDemo } from '../../tools/setup/demo-organisations.ts'
import { findFreePorts } from '../support/free-ports.ts'
import { type MeasuredProgram, startProgram, waitUntilReady } from './program.ts'

/** The three programs as they are run, each in its own process, with the demo organisations. */
export interface Installation {
  readonly urls: { readonly issuer: string; readonly verifier: string }
  readonly issuer: MeasuredProgram
  readonly verifier: MeasuredProgram
  readonly apiKeys: DemoKeys
  readonly claims: ReturnType<typeof demoClaims>
  readonly trustList: { readonly url: string; readonly anchor: Uint8Array }
  readonly starts: readonly Start[]
  readonly config: Pick<Config, 'dataDir' | 'databaseUrl'>
  readonly close: () => Promise<void>
}

/** How long a program took from its start to the first request that it could serve, and what that cost. */
export interface Start {
  readonly program: string
  /** In a new data folder. */
  readonly first: { readonly wallMs: number; readonly cpuMs: number }
  readonly again: { readonly wallMs: number; readonly cpuMs: number }
}

/** A folder whose files are in memory, where the system has one. */
export const MEMORY_FOLDER = existsSync('/dev/shm') ? '/dev/shm' : undefined

export interface InstallationPlace {
  /** Where the data folder is made; the system's temporary folder unless given. */
  readonly folder?: string | undefined
  /** PostgreSQL instead of SQLite. */
  readonly databaseUrl?: string
}

export async function startInstallation({
  folder = tmpdir(),
  databaseUrl,
}: InstallationPlace = {}): Promise<Installation> {
  const dataDir = mkdtempSync(join(folder, 'wegwijzer-bench-'))
  const [walletPort, issuerPort, verifierPort] = await findFreePorts(3)
  const env = {
    WEGWIJZER_ENV: 'development',
    DATA_DIR: dataDir,
    WALLET_PORT: String(walletPort),
    ISSUER_PORT: String(issuerPort),
    VERIFIER_PORT: String(verifierPort),
    REQUESTS_PER_MINUTE: '0',
    API_REQUESTS_PER_MINUTE: '0',
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
  }
  const config = readConfig(env, ['wallet', 'issuer', 'verifier'])
  const now = Math.floor(Date.now() / 1000)
  const { firstDay } = await prepareDemo({ config, now })
  const { wallet, issuer, verifier } = config.addresses
  const running: MeasuredProgram[] = []
  const starts: Start[] = []
  const launch = async (path: string, url: string) => {
    const before = performance.now()
    const program = startProgram(path, env)
    running.push(program)
    await waitUntilReady(url)
    const wallMs = performance.now() - before
    return { program, cost: { wallMs, cpuMs: (await program.cpu()) / 1000 } }
  }
  const start = async (name: string, path: string, url: string) => {
    const first = await launch(path, url)
    await first.program.close()
    const again = await launch(path, url)
    starts.push({ program: name, first: first.cost, again: again.cost })
    return again.program
  }
  const close = async () => {
    for (const program of running.toReversed()) await program.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    await start('wallet host', 'wallet/server/src/main.ts', wallet.url)
    const [anchor] = decodePem('CERTIFICATE', readFileSync(config.trustListAnchorFile, 'utf8'))
    return {
      urls: { issuer: issuer.url, verifier: verifier.url },
      issuer: await start('issuer', 'issuer/src/main.ts', issuer.url),
      verifier: await start('verifier', 'verifier/src/main.ts', verifier.url),
      apiKeys: readDemoKeys(dataDir),
      claims: demoClaims(firstDay),
      trustList: { url: config.trustListUrl, anchor },
      starts,
      config,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
