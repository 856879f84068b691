import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadMasterKey } from '@wegwijzer/keys/key-store'
import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { type CertificateAuthority, makeDevelopmentCa, makeLeafCertificate, makeX5c } from '@wegwijzer/keys/x509'
import { readConfig } from '@wegwijzer/server/config'
import { onTestFinished } from 'vitest'
import { testDatabaseUrl } from '../../../tests/support/test-databases.ts'
import { type IssuerDatabase, openIssuerDatabase } from '../database.ts'
import { enrolOrganisation } from '../organisation/enrol.ts'
import {
  credentialIssuerOf,
  type IssuerKeyPurpose,
  type IssuerProfile,
  parseIssuerProfile,
} from '../organisation/profile.ts'
import { type IssuerOptions, startIssuer } from '../start-issuer.ts'

/** 2026-10-01T10:00:00Z. */
export const NOW = 1_790_848_800

export const DAY = 86_400

/** The demo organisation with this id. */
export async function readProfile(id: string): Promise<IssuerProfile> {
  const text = await readFile(new URL(`../../profiles/${id}.json`, import.meta.url), 'utf8')
  return parseIssuerProfile(JSON.parse(text))
}

export interface TestIssuer {
  /** Public base URL, and where it listens. */
  readonly url: string
  /** May be moved by the test. */
  readonly clock: { now: number }
  readonly dataDir: string
  /** Where it is not SQLite. */
  readonly databaseUrl: string | undefined
  readonly logLines: readonly string[]
  /** May be replaced by the test, for who is enrolled after. */
  readonly authorities: Record<IssuerKeyPurpose, CertificateAuthority>
  /** By organisation. */
  readonly apiKeys: ReadonlyMap<string, string>
  /** A connection of its own to the same database. */
  readonly db: IssuerDatabase
  /** Enrols one more, while it runs. */
  enrol(profile: IssuerProfile): Promise<string>
  /** Stops it and starts it again on the same files. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** A real issuer on real files with real certificates and a clock that stands still; gone when the test is over. */
export async function startTestIssuer({
  organisations = ['roc-midden-nederland', 'opleidingsfonds-logistiek'],
  env = {},
  basePath = '',
  certificateDays = 2500,
  until = onTestFinished,
  ...options
}: Partial<Omit<IssuerOptions, 'config' | 'now' | 'logTo'>> & {
  readonly organisations?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly certificateDays?: number
  /** Path of its public URL. */
  readonly basePath?: string
  /** When it is closed: `afterAll` at the top of a file, for one issuer that all its tests use. */
  readonly until?: (close: () => Promise<void>) => void
} = {}): Promise<TestIssuer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'wegwijzer-issuer-'))
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}${basePath}`
  const config = readConfig(
    {
      WEGWIJZER_ENV: 'development',
      DATA_DIR: dataDir,
      ISSUER_PORT: String(port),
      ISSUER_URL: url,
      WALLET_URL: 'http://localhost:4000',
      DATABASE_URL: await testDatabaseUrl(),
      ...env,
    },
    ['issuer', 'wallet'],
  )
  const clock = { now: NOW }
  const logLines: string[] = []
  const start = () =>
    startIssuer({ config, now: () => clock.now, logTo: { write: (line) => logLines.push(line) }, ...options })

  const db = await openIssuerDatabase(config)
  const masterKey = await loadMasterKey(config.masterKeyFile)
  const authorities = { credential: await makeAuthority('credential'), status_list: await makeAuthority('status_list') }
  const apiKeys = new Map<string, string>()
  const enrol = async (profile: IssuerProfile) => {
    const { apiKey } = await enrolOrganisation({
      db,
      masterKey,
      profile,
      now: clock.now,
      certify: async (purpose, publicJwk) => {
        const leaf = await makeLeafCertificate({
          ca: authorities[purpose],
          subject: {
            commonName: profile.name.nl,
            organizationName: profile.name.nl,
            organizationIdentifier: profile.identifier,
            countryName: 'NL',
          },
          sanUris: [credentialIssuerOf(url, profile.id)],
          publicJwk,
          notBefore: clock.now - DAY,
          notAfter: clock.now + certificateDays * DAY,
          crypto: nodeCrypto,
        })
        return makeX5c([leaf])
      },
    })
    apiKeys.set(profile.id, apiKey)
    return apiKey
  }
  for (const id of organisations) await enrol(await readProfile(id))

  let running = await start()
  const close = async () => {
    await running.close()
    await db.destroy()
    await rm(dataDir, { recursive: true, force: true })
  }
  until(close)
  return {
    url,
    clock,
    dataDir,
    databaseUrl: config.databaseUrl,
    logLines,
    authorities,
    apiKeys,
    db,
    enrol,
    async restart() {
      await running.close()
      running = await start()
    },
    close,
  }
}

function makeAuthority(purpose: IssuerKeyPurpose): Promise<CertificateAuthority> {
  const commonName = `Test ${purpose} authority`
  return makeDevelopmentCa({ commonName, now: NOW, signer: generateNodeSigner(), crypto: nodeCrypto })
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('there is no free port')
  return address.port
}
