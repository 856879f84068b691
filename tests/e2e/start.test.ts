import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  makeStartSettings,
  type RunningStart,
  runStart,
  runStartInVain,
  type StartSettings,
} from '../support/running-start.ts'

let folder: string
let settings: StartSettings
let running: RunningStart

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wegwijzer-start-'))
  settings = await makeStartSettings(join(folder, 'data'))
  running = await runStart(settings)
})

afterAll(async () => {
  await running.stop('SIGTERM')
  rmSync(folder, { recursive: true, force: true })
})

const url = (program: 'WALLET' | 'ISSUER' | 'VERIFIER') => `http://localhost:${settings[`${program}_PORT`]}`
const read = (file: string) => readFileSync(join(settings.DATA_DIR ?? '', file), 'utf8')

test('says where everything is and what to try next', () => {
  for (const address of [url('WALLET'), url('ISSUER'), url('VERIFIER'), `${url('WALLET')}/trust-list.jwt`]) {
    expect(running.printed).toContain(address)
  }
  expect(running.printed).toContain('npm run wallet -- receive "$(npm run demo -- offer pid)"')
  expect(running.printed).toContain(`export ISSUER_PORT=${settings.ISSUER_PORT}`)
})

describe('what it says is there, answers', () => {
  test.each([
    ['the health of the wallet host', () => `${url('WALLET')}/health`, 'application/json'],
    ['the health of the issuer', () => `${url('ISSUER')}/health`, 'application/json'],
    ['the health of the verifier', () => `${url('VERIFIER')}/health`, 'application/json'],
    ['the trust list', () => `${url('WALLET')}/trust-list.jwt`, 'application/trust-list+jwt'],
    ['type metadata', () => `${url('WALLET')}/types/diploma/1`, 'application/json'],
    ['the status list of the registrar', () => `${url('WALLET')}/registrar/status-list`, 'application/statuslist+jwt'],
    ['a page behind a link', () => `${url('WALLET')}/ontvangen`, 'text/html'],
    [
      'Credential Issuer Metadata',
      () => `${url('ISSUER')}/.well-known/openid-credential-issuer/roc-midden-nederland`,
      'application/json',
    ],
    [
      'Authorization Server Metadata',
      () => `${url('ISSUER')}/.well-known/oauth-authorization-server/roc-midden-nederland`,
      'application/json',
    ],
    ["the issuer's OpenAPI document", () => `${url('ISSUER')}/v1/openapi.json`, 'application/json'],
    ["the verifier's OpenAPI document", () => `${url('VERIFIER')}/v1/openapi.json`, 'application/json'],
  ])('%s', async (_name, address, mediaType) => {
    const answer = await fetch(address())
    expect({ status: answer.status, type: answer.headers.get('content-type')?.split(';')[0] }).toEqual({
      status: 200,
      type: mediaType,
    })
  })
})

test('has an API key for each demo organisation, in a file that only its owner may read', () => {
  const keys = JSON.parse(read('demo.json'))
  expect(Object.keys(keys.issuer).sort()).toEqual([
    'grand-contex',
    'opleider-demo',
    'opleidingsfonds-logistiek',
    'pid',
    'roc-midden-nederland',
    'testexamens-heftruck',
    'uwv',
  ])
  expect(Object.keys(keys.verifier).sort()).toEqual(['grand-contex', 'opleider-demo', 'uwv'])
  expect(statSync(join(settings.DATA_DIR ?? '', 'demo.json')).mode & 0o777).toBe(0o600)
})

test('one organisation has one entry in the trust list, with all its roles', () => {
  const { entries } = JSON.parse(read('trust-list.json'))
  const roles = Object.fromEntries(
    entries.map((entry: { organisation: string; roles: string[] }) => [entry.organisation, entry.roles]),
  )
  expect(roles).toEqual({
    'grand-contex': ['credential_issuer', 'verifier'],
    'opleider-demo': ['credential_issuer', 'verifier'],
    'opleidingsfonds-logistiek': ['credential_issuer'],
    pid: ['credential_issuer'],
    'roc-midden-nederland': ['credential_issuer'],
    'testexamens-heftruck': ['credential_issuer'],
    uwv: ['credential_issuer', 'verifier'],
  })
})

describe('does not start, and says why in words', () => {
  test('where a port is in use', async () => {
    const ended = await runStartInVain({ ...settings, DATA_DIR: join(folder, 'other') })
    expect(ended.code).toBe(1)
    expect(ended.output.trim().split('\n')).toHaveLength(1)
    expect(ended.output).toContain(`Port ${settings.WALLET_PORT} (WALLET_PORT) is in use`)
  })

  test('on data that name other addresses', async () => {
    const { DATA_DIR = '', ...others } = await makeStartSettings(settings.DATA_DIR ?? '')
    const ended = await runStartInVain({ DATA_DIR, ...others })
    expect(ended.code).toBe(1)
    expect(ended.output).toContain(`WALLET_URL was ${url('WALLET')}, now http://localhost:${others.WALLET_PORT}`)
  })

  test('in production on data of the demo', async () => {
    const ended = await runStartInVain({
      ...settings,
      WEGWIJZER_ENV: 'production',
      WALLET_URL: 'https://wallet.example',
      ISSUER_URL: 'https://issuer.example',
      VERIFIER_URL: 'https://verifier.example',
    })
    expect(ended.code).toBe(1)
    expect(ended.output).toContain('Production refuses demo keys and demo trust roots')
    expect(ended.output).toContain('demo.json')
    expect(ended.output).toContain('trust-list-anchor.pem')
  })

  test('in production with the demo trust root alone', async () => {
    const ended = await runStartInVain({
      ...(await makeStartSettings(join(folder, 'production'))),
      TRUST_LIST_ANCHOR: join(settings.DATA_DIR ?? '', 'trust-list-anchor.pem'),
      WEGWIJZER_ENV: 'production',
      WALLET_URL: 'https://wallet.example',
      ISSUER_URL: 'https://issuer.example',
      VERIFIER_URL: 'https://verifier.example',
    })
    expect(ended.code).toBe(1)
    expect(ended.output).toContain('trust-list-anchor.pem is a demo certificate')
  })

  test('in production with plain HTTP addresses', async () => {
    const ended = await runStartInVain({ ...settings, WEGWIJZER_ENV: 'production' })
    expect(ended.code).toBe(1)
    expect(ended.output).toContain('ISSUER_URL must be an https: URL in production')
  })
})

test('a second start keeps what was there, and Ctrl-C ends each with 0', async () => {
  const before = [read('demo.json'), read('trust-list-anchor.pem'), read('trust-list.json'), read('installation.json')]
  const pressedAt = performance.now()
  const ended = await running.stop('SIGINT')
  expect(ended.code).toBe(0)
  expect(performance.now() - pressedAt).toBeLessThan(5000)

  running = await runStart(settings)
  expect([
    read('demo.json'),
    read('trust-list-anchor.pem'),
    read('trust-list.json'),
    read('installation.json'),
  ]).toEqual(before)
  const { apiKey } = JSON.parse(read('demo.json')).issuer.pid
  const answer = await fetch(`${url('ISSUER')}/pid/v1/credentials`, { headers: { authorization: `Bearer ${apiKey}` } })
  expect(answer.status).toBe(200)
})
