import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodePem } from '@wegwijzer/keys/x509'
import { readConfig } from '@wegwijzer/server/config'
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
  /** How long each took from its start to the first request that it could serve, and what that cost. */
  readonly starts: readonly { readonly program: string; readonly wallMs: number; readonly cpuMs: number }[]
  readonly close: () => Promise<void>
}

/** A folder whose files are in memory, where the system has one. */
export const MEMORY_FOLDER = existsSync('/dev/shm') ? '/dev/shm' : undefined

/** @param folder Where the data folder is made; the system's temporary folder unless given. */
export async function startInstallation(folder = tmpdir()): Promise<Installation> {
  const dataDir = mkdtempSync(join(folder, 'wegwijzer-bench-'))
  const [walletPort, issuerPort, verifierPort] = await findFreePorts(3)
  const env = {
    WEGWIJZER_ENV: 'development',
    DATA_DIR: dataDir,
    WALLET_PORT: String(walletPort),
    ISSUER_PORT: String(issuerPort),
    VERIFIER_PORT: String(verifierPort),
    REQUESTS_PER_MINUTE: '0',
  }
  const config = readConfig(env, ['wallet', 'issuer', 'verifier'])
  const now = Math.floor(Date.now() / 1000)
  const { firstDay } = await prepareDemo({ config, now })
  const { wallet, issuer, verifier } = config.addresses
  const running: MeasuredProgram[] = []
  const starts: { program: string; wallMs: number; cpuMs: number }[] = []
  const start = async (program: string, path: string, url: string) => {
    const before = performance.now()
    const started = startProgram(path, env)
    running.push(started)
    await waitUntilReady(url)
    const wallMs = performance.now() - before
    starts.push({ program, wallMs, cpuMs: (await started.cpu()) / 1000 })
    return started
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
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
