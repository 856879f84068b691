import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { decodePem } from '@wegwijzer/keys/x509'
import type { OutboundFetch, OutboundRequest } from '@wegwijzer/outbound'
import { createNodeFetch } from '@wegwijzer/outbound/node'
import { readConfig } from '@wegwijzer/server/config'
import type { WalletRecords } from '@wegwijzer/storage/records'
import { createMemoryRecords } from '@wegwijzer/storage/records/memory'
import { openDatabase, sql } from '@wegwijzer/storage/sql'
import { createWallet, type Wallet } from '@wegwijzer/wallet-core'
import { startWalletServer } from '@wegwijzer/wallet-server'
import { demoClaims } from '../../tools/setup/demo-claims.ts'
import { readDemoKeys } from '../../tools/setup/demo-keys.ts'
import { prepareDemo } from '../../tools/setup/demo-organisations.ts'
import { makeStartSettings } from '../support/running-start.ts'
import { type KillableProgram, makeKillableProgram } from './killable-program.testing.ts'

/** A POST, and what came back; no status when the connection was cut before an answer. */
export interface Post {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  status?: number
}

/** One person's wallet, and all that it posted. */
export interface Worker {
  readonly records: WalletRecords
  readonly posts: readonly Post[]
  readonly wallet: Wallet
  /** The same wallet, opened again: it has kept its records and nothing else. */
  reopen(): Wallet
}

export interface ApiAnswer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of an answer; a check here would say it twice.
  readonly body: any
}

export type CrashWorld = Awaited<ReturnType<typeof startCrashWorld>>

export const SCHOOL = 'roc-midden-nederland'
export const EMPLOYER = 'grand-contex'
const COMMIT_WITHIN_MS = 300

export const now = () => Math.floor(Date.now() / 1000)

/**
 * Issuer and verifier in processes of their own that can be killed, a wallet host in this one, and one data folder.
 *
 * @param environment Of those processes, beside their settings.
 */
export async function startCrashWorld(environment: Readonly<Record<string, string>> = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'wegwijzer-crash-'))
  const settings = { ...(await makeStartSettings(dataDir)), WEGWIJZER_ENV: 'development' }
  const config = readConfig(settings, ['wallet', 'issuer', 'verifier'])
  const { registrar, firstDay } = await prepareDemo({ config, now: now() })
  const walletServer = await startWalletServer({ config, now, registrar, logTo: { write: () => undefined } })
  const urls = { issuer: config.addresses.issuer.url, verifier: config.addresses.verifier.url }
  const issuer = makeKillableProgram('issuer', urls.issuer, { ...settings, ...environment })
  const verifier = makeKillableProgram('verifier', urls.verifier, { ...settings, ...environment })
  const programs: readonly KillableProgram[] = [issuer, verifier]
  const [anchor] = decodePem('CERTIFICATE', readFileSync(config.trustListAnchorFile, 'utf8'))
  const trustList = { url: config.trustListUrl, anchor }
  const apiKeys = readDemoKeys(dataDir)
  const nodeFetch = createNodeFetch({ allowLoopback: true })
  const listeners = new Set<(url: string) => void>()
  /** Tells who waits for it that a request is leaving now. */
  const noteSent = (url: string) => {
    for (const listener of listeners) listener(url)
  }

  /** @throws when the connection is cut. */
  async function send(post: Post): Promise<ApiAnswer> {
    noteSent(post.url)
    const answer = await fetch(post.url, { method: 'POST', headers: post.headers, body: post.body })
    const text = await answer.text()
    post.status = answer.status
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
  }

  function watch(posts: Post[]): OutboundFetch {
    return async (request: OutboundRequest) => {
      if (request.method !== 'POST') return nodeFetch(request)
      const post: Post = { url: request.url, headers: request.headers ?? {}, body: request.body ?? '' }
      posts.push(post)
      noteSent(request.url)
      const answer = await nodeFetch(request)
      post.status = answer.status
      return answer
    }
  }

  return {
    urls,
    dataDir,
    issuer,
    verifier,
    diploma: demoClaims(firstDay).diploma,
    send,
    /** The organisation API, with a demo organisation's own key. @throws when the connection is cut. */
    async call(program: 'issuer' | 'verifier', path: string, body?: unknown): Promise<ApiAnswer> {
      const organisation = program === 'issuer' ? SCHOOL : EMPLOYER
      const url = `${urls[program]}/${organisation}/v1${path}`
      const authorization = `Bearer ${apiKeys[program][organisation]?.apiKey ?? ''}`
      if (body !== undefined) {
        const headers = { authorization, 'content-type': 'application/json' }
        return send({ url, headers, body: JSON.stringify(body) })
      }
      const answer = await fetch(url, { headers: { authorization } })
      return { status: answer.status, body: await answer.json() }
    },
    newWorker(): Worker {
      const records = createMemoryRecords()
      const posts: Post[] = []
      const open = () => createWallet({ records, fetch: watch(posts), now, trustList, allowHttp: true })
      return { records, posts, wallet: open(), reopen: open }
    },
    /** Resolves as the `count`th request from now on to such an address leaves. */
    nextSent(pattern: RegExp, count: number): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>()
      let left = count
      const listener = (url: string) => {
        if (!pattern.test(url) || --left > 0) return
        listeners.delete(listener)
        resolve()
      }
      listeners.add(listener)
      return promise
    },
    /** Resolves when that program has stored something, whatever it was, or has not in a while. */
    async nextCommit(program: 'issuer' | 'verifier'): Promise<void> {
      const db = await openDatabase({ file: join(dataDir, `${program}.sqlite`) })
      try {
        const until = Date.now() + COMMIT_WITHIN_MS
        const version = await readDataVersion(db)
        while ((await readDataVersion(db)) === version && Date.now() < until) await setImmediate()
      } finally {
        await db.destroy()
      }
    },
    async start() {
      for (const program of programs) program.launch()
      await Promise.all(programs.map((program) => program.ready()))
    },
    async stop() {
      await Promise.all(programs.map((program) => program.kill()))
    },
    async close() {
      await Promise.all(programs.map((program) => program.kill()))
      nodeFetch.close()
      await walletServer.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Raised by each commit of another process. */
async function readDataVersion(db: Awaited<ReturnType<typeof openDatabase>>): Promise<number | undefined> {
  const { rows } = await sql<{ data_version: number }>`pragma data_version`.execute(db)
  return rows[0]?.data_version
}
