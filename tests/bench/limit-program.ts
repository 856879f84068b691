/**
 * The limit of a flow, in a process of its own: bare fastify requests, the flow's cryptographic operations in bare
 * node:crypto, and bare durable commits. No checks, no rows, no encoding.
 */
import {
  createCipheriv,
  createDecipheriv,
  diffieHellman,
  hash,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { parsePublicJwk } from '@wegwijzer/protocol/jose'
import Fastify from 'fastify'
import { makePostgresPool } from '../../packages/storage/src/postgres/postgres.ts'
import * as floor from './floor.ts'
import { runAtOnce } from './http-client.ts'

/** What the bench asks. */
export type LimitRequest =
  | { readonly do: 'issuance'; readonly times: number; readonly copies: number; readonly digests: number }
  | { readonly do: 'presentation'; readonly times: number; readonly digests: number }
  | { readonly do: 'commits'; readonly times: number }
  | { readonly do: 'commits to PostgreSQL'; readonly times: number }

const SIGNING_INPUT = randomBytes(2000)
const DISCLOSURE = randomBytes(90).toString('base64url')
const EXCHANGE = floor.generateKey()
const { privateKey, publicKey } = floor.generateKey()
const jwk = parsePublicJwk(publicKey.export({ format: 'jwk' }))
const signature = signInput()
const key = randomBytes(16)
const iv = randomBytes(12)
const cipher = createCipheriv('aes-128-gcm', key, iv)
const sealed = Buffer.concat([cipher.update(randomBytes(6000)), cipher.final()])
const tag = cipher.getAuthTag()

function signInput(): Buffer {
  return sign('sha256', SIGNING_INPUT, { key: privateKey, dsaEncoding: 'ieee-p1363' })
}

function verifyInput(by: KeyObject): void {
  verify('sha256', SIGNING_INPUT, { key: by, dsaEncoding: 'ieee-p1363' }, signature)
}

function digests(count: number): void {
  for (let at = 0; at < count; at++) hash('sha256', DISCLOSURE, 'base64url')
}

/** Three DPoP proofs with thumbprint and token hash; per copy a key proof, the Disclosures and the credential. */
function issuance(copies: number, perCopy: number): void {
  for (let proof = 0; proof < 3; proof++) verifyInput(floor.importKey(jwk))
  digests(5)
  for (let copy = 0; copy < copies; copy++) {
    verifyInput(floor.importKey(jwk))
    randomBytes(16 * perCopy)
    digests(perCopy)
    signInput()
  }
}

/** A response key made, the request signed; the response decrypted, issuer and holder verified, the Disclosures hashed. */
function presentation(perPresentation: number): void {
  const ephemeral = floor.generateKey()
  signInput()
  const shared = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: floor.importKey(jwk) })
  hash('sha256', shared)
  const decipher = createDecipheriv('aes-128-gcm', key, iv).setAuthTag(tag)
  decipher.update(sealed)
  decipher.final()
  verifyInput(EXCHANGE.publicKey)
  verifyInput(floor.importKey(jwk))
  digests(perPresentation + 1)
}

const database = new DatabaseSync(process.env.LIMIT_DATABASE ?? ':memory:')
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bare (id INTEGER PRIMARY KEY, value)')
const insert = database.prepare('INSERT INTO bare (value) VALUES (?)')

const pool = makePostgresPool({
  url: process.env.LIMIT_POSTGRES ?? 'postgres://localhost/none',
  schema: 'public',
  maxConnections: 8,
  connectTimeoutMs: 5_000,
  statementTimeoutMs: 10_000,
  idleTransactionMs: 5_000,
})

async function commitToPostgres(times: number): Promise<void> {
  await pool.query('create table if not exists bare (id bigserial primary key, value text)')
  const insert = { text: 'insert into bare (value) values ($1)', values: [DISCLOSURE] }
  await runAtOnce(times, 8, () => pool.query(insert))
}

process.on('message', async (message) => {
  if (typeof message !== 'object') return
  const request = message as LimitRequest
  if (request.do === 'commits to PostgreSQL') await commitToPostgres(request.times)
  else perform(request)
  process.send?.('done')
})

function perform(request: Exclude<LimitRequest, { readonly do: 'commits to PostgreSQL' }>): void {
  for (let time = 0; time < request.times; time++) {
    if (request.do === 'issuance') issuance(request.copies, request.digests)
    else if (request.do === 'presentation') presentation(request.digests)
    else insert.run(DISCLOSURE)
  }
}

const app = Fastify({ logger: false })
app.get('/bare', async () => ({ ok: true }))
app.post('/bare', async () => ({ ok: true }))
app.get('/ready', async () => ({ ok: true }))
await app.listen({ host: '127.0.0.1', port: Number(process.env.LIMIT_PORT) })
