import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodePem } from '@wegwijzer/keys/x509'
import { createNodeFetch } from '@wegwijzer/outbound/node'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { type Config, type Program, readConfig } from '@wegwijzer/server/config'
import type { WalletRecords } from '@wegwijzer/storage/records'
import { createMemoryRecords } from '@wegwijzer/storage/records/memory'
import { createWallet, type Platform, type Wallet } from '@wegwijzer/wallet-core'
import { type ApiProgram, apiUrlOf } from '../../tools/running/addresses.ts'
import { startPrograms } from '../../tools/running/programs.ts'
import { DEMO_ISSUER_OF, demoClaims } from '../../tools/setup/demo-claims.ts'
import { type DemoKeys, readDemoKeys } from '../../tools/setup/demo-keys.ts'
import { prepareDemo } from '../../tools/setup/demo-organisations.ts'
import type { Installation } from '../../tools/setup/installation.ts'
import { findFreePorts } from './free-ports.ts'

/** 2026-10-01T10:00:00Z, the day of the fixtures. */
export const WORLD_NOW: EpochSeconds = 1_790_848_800

/** A clock that stands still until it is told to go on; all programs and wallets of a world read it. */
export interface WorldClock {
  readonly now: () => EpochSeconds
  advance(seconds: number): void
}

export interface ApiAnswer {
  readonly status: number
  readonly headers: Headers
  /** Parsed where it is JSON, else the text. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of an answer; a check here would say it twice.
  readonly body: any
}

/** The systems of one organisation, calling its API with its own key. */
export interface OrganisationApi {
  readonly get: (path: string) => Promise<ApiAnswer>
  readonly post: (path: string, body?: unknown) => Promise<ApiAnswer>
  readonly put: (path: string, body?: unknown) => Promise<ApiAnswer>
  readonly delete: (path: string) => Promise<ApiAnswer>
}

export interface WorldWallet {
  readonly wallet: Wallet
  readonly records: WalletRecords
}

/** Wallet host, issuer and verifier with the demo organisations, for real, on a clock that stands still. */
export interface World {
  readonly config: Config
  readonly urls: Readonly<Record<Program, string>>
  readonly clock: WorldClock
  readonly installation: Installation
  readonly apiKeys: DemoKeys
  /** The database files are `issuer.sqlite` and `verifier.sqlite` in it. */
  readonly dataDir: string
  /** Every log line of the three programs so far. */
  readonly logs: readonly string[]
  issuerApi(organisation: string): OrganisationApi
  verifierApi(organisation: string): OrganisationApi
  /** The demo organisation that issues the type offers it to the demo worker. @returns The Credential Offer. */
  offer(type: keyof typeof DEMO_ISSUER_OF, options?: OfferOptions): Promise<MadeOffer>
  /** @returns The request, and how its organisation reads what came of it. */
  ask(organisation: string, policy: string, options?: AskOptions): Promise<MadeRequest>
  /** A new wallet that knows this world's trust list. @param changes To its platform. */
  newWallet(changes?: Partial<Platform>): WorldWallet
  /** A wallet that has received the demo worker's credentials of these types. */
  newWalletWith(...types: readonly (keyof typeof DEMO_ISSUER_OF)[]): Promise<WorldWallet>
  close(): Promise<void>
}

export interface OfferOptions {
  /** In the place of those of the demo worker. */
  readonly claims?: unknown
  /** SD-JWT VC where it is absent. */
  readonly format?: 'jwt_vc_json'
  readonly txCode?: boolean
  readonly expiresInSeconds?: number
}

export interface MadeOffer {
  readonly id: string
  readonly credentialOffer: string
  readonly walletLink: string
  readonly txCode?: string
}

export interface AskOptions {
  readonly flow?: 'cross_device' | 'same_device'
  readonly walletEndpoint?: string
  readonly redirectUri?: string
}

export interface MadeRequest {
  readonly id: string
  /** The Authorization Request; empty in a same-device flow. */
  readonly authorizationRequest: string
  readonly startLink: string
  readonly result: () => Promise<ApiAnswer['body']>
}

export interface WorldOptions {
  /** Epoch seconds at which everything begins. */
  readonly now?: EpochSeconds
  /** Of the wallet for browsers, built; absent, nobody opens it. */
  readonly appFolder?: string
}

export async function startWorld({ now = WORLD_NOW, appFolder }: WorldOptions = {}): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wegwijzer-world-'))
  const [walletPort, issuerPort, verifierPort] = await findFreePorts(3)
  const config = readConfig(
    {
      WEGWIJZER_ENV: 'development',
      DATA_DIR: dataDir,
      WALLET_PORT: String(walletPort),
      ISSUER_PORT: String(issuerPort),
      VERIFIER_PORT: String(verifierPort),
    },
    ['wallet', 'issuer', 'verifier'],
  )
  const clock = makeClock(now)
  const logs: string[] = []
  const installation = await prepareDemo({ config, now })
  const programs = await startPrograms({
    config,
    now: clock.now,
    logTo: { write: (line) => void logs.push(line) },
    registrar: installation.registrar,
    ...(appFolder !== undefined && { appFolder }),
  })
  const apiKeys = readDemoKeys(dataDir)
  const apiOf = (program: ApiProgram, organisation: string) =>
    makeApi(`${apiUrlOf(config, program)}/${organisation}/v1`, apiKeys[program][organisation]?.apiKey)
  const fetch = createNodeFetch({ allowLoopback: true })
  const [anchor] = decodePem('CERTIFICATE', readFileSync(config.trustListAnchorFile, 'utf8'))

  const world: World = {
    config,
    urls: {
      wallet: config.addresses.wallet.url,
      issuer: config.addresses.issuer.url,
      verifier: config.addresses.verifier.url,
    },
    clock,
    installation,
    apiKeys,
    dataDir,
    logs,
    issuerApi: (organisation) => apiOf('issuer', organisation),
    verifierApi: (organisation) => apiOf('verifier', organisation),
    async offer(
      type,
      { claims = demoClaims(installation.firstDay)[type], format, txCode = false, expiresInSeconds } = {},
    ) {
      const answer = await apiOf('issuer', DEMO_ISSUER_OF[type]).post('/offers', {
        credentialType: type,
        ...(format && { format }),
        claims,
        txCode,
        ...(expiresInSeconds !== undefined && { expiresInSeconds }),
      })
      return expectStatus(answer, 201).body
    },
    async ask(organisation, policy, { flow = 'cross_device', ...rest } = {}) {
      const api = apiOf('verifier', organisation)
      const { body } = expectStatus(await api.post('/presentation-requests', { policy, flow, ...rest }), 201)
      return {
        id: body.id,
        authorizationRequest: body.authorizationRequest ?? '',
        startLink: body.startLink ?? '',
        result: async () => expectStatus(await api.get(`/presentation-requests/${body.id}`), 200).body,
      }
    },
    newWallet(changes = {}) {
      const records = changes.records ?? createMemoryRecords()
      const trustList = { url: config.trustListUrl, anchor }
      const platform = { fetch, now: clock.now, trustList, allowHttp: true, ...changes, records }
      return { wallet: createWallet(platform), records }
    },
    async newWalletWith(...types) {
      const made = world.newWallet()
      for (const type of types) {
        const { credentialOffer } = await world.offer(type)
        await made.wallet.acceptReceipt(await made.wallet.beginReceipt(credentialOffer))
      }
      return made
    },
    async close() {
      fetch.close()
      await programs.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
  return world
}

function makeClock(start: EpochSeconds): WorldClock {
  let current = start
  return {
    now: () => current,
    advance(seconds) {
      current += seconds
    },
  }
}

function makeApi(url: string, apiKey: string | undefined): OrganisationApi {
  if (apiKey === undefined) throw new Error('there is no demo organisation of this name at this program')
  const call = (method: string) => async (path: string, body?: unknown) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.includes('json') === true
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text }
  }
  return { get: call('GET'), post: call('POST'), put: call('PUT'), delete: call('DELETE') }
}

function expectStatus(answer: ApiAnswer, status: number): ApiAnswer {
  if (answer.status !== status) throw new Error(`the API answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer
}
