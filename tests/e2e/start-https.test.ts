import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseJws, readClaims } from '@wegwijzer/protocol/jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeDemoOffer } from '../../tools/demo/offer.ts'
import { readToolConfig } from '../../tools/setup/development-only.ts'
import { runTool } from '../support/run-tool.ts'
import {
  makeStartSettings,
  type RunningStart,
  runStart,
  runStartInVain,
  type StartSettings,
} from '../support/running-start.ts'
import { makeTlsFiles } from '../support/tls-files.ts'

/** `npm start -- --https` in an empty folder, and the tour's main steps beside it with no setting but folder and ports. */
let folder: string
let settings: StartSettings
let running: RunningStart

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wegwijzer-https-'))
  settings = await makeStartSettings(join(folder, 'data'))
  running = await runStart(settings, ['--https'])
})

afterAll(async () => {
  await running.stop('SIGTERM')
  rmSync(folder, { recursive: true, force: true })
})

const dataFile = (...names: string[]) => join(settings.DATA_DIR ?? '', ...names)
const url = (program: 'WALLET' | 'ISSUER' | 'VERIFIER') => `https://localhost:${settings[`${program}_PORT`]}`

/** Asks over TLS, believing the authority of the folder unless told otherwise. */
async function ask(address: string, options: https.RequestOptions = {}) {
  const ca = readFileSync(dataFile('tls', 'authority.pem'))
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    https.get(address, { ca, agent: false, ...options }, resolve).once('error', reject)
  })
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) }
}

test('says the https addresses, and whom to believe', () => {
  for (const address of [url('WALLET'), url('ISSUER'), url('VERIFIER'), `${url('WALLET')}/trust-list.jwt`]) {
    expect(running.printed).toContain(address)
  }
  expect(running.printed).toContain(dataFile('tls', 'authority.pem'))
  expect(running.printed).toContain(`WALLET_DIR=${dataFile('my-wallet')}`)
  expect(running.printed).not.toContain('http://')
})

test('the keys can be read by their owner alone', () => {
  const names = readdirSync(dataFile('tls'))
  expect(names.sort()).toEqual(['authority.key', 'authority.pem', 'certificate.pem', 'key.pem'])
  for (const name of names) expect(statSync(dataFile('tls', name)).mode & 0o777).toBe(0o600)
})

test('whoever does not know the authority believes nothing', async () => {
  for (const program of ['WALLET', 'ISSUER', 'VERIFIER'] as const) {
    await expect(ask(`${url(program)}/health`, { ca: [] })).rejects.toThrow()
    expect((await ask(`${url(program)}/health`)).status).toBe(200)
    expect((await ask(`${url(program).replace('localhost', '127.0.0.1')}/health`)).status).toBe(200)
  }
})

describe('every address in it is https:', () => {
  test.each([
    ['Credential Issuer Metadata', () => `${url('ISSUER')}/.well-known/openid-credential-issuer/uwv`],
    ['Authorization Server Metadata', () => `${url('ISSUER')}/.well-known/oauth-authorization-server/uwv`],
    ['type metadata', () => `${url('WALLET')}/types/diploma/1`],
    ["the issuer's OpenAPI document", () => `${url('ISSUER')}/v1/openapi.json`],
    ["the verifier's OpenAPI document", () => `${url('VERIFIER')}/v1/openapi.json`],
    ['a page behind a link', () => `${url('WALLET')}/ontvangen`],
  ])('%s', async (_name, address) => {
    const { status, body, headers } = await ask(address())
    expect(status).toBe(200)
    expect(body).not.toContain('http://localhost')
    // This machine has other programs, which must not be forbidden plain HTTP for a year.
    expect(headers['strict-transport-security']).toBeUndefined()
  })

  test('the trust list', async () => {
    const { body } = await ask(`${url('WALLET')}/trust-list.jwt`)
    const claims = JSON.stringify(readClaims(parseJws(body), { maxLength: 8_000_000, maxDepth: 16 }))
    expect(claims).toContain(`${url('ISSUER')}/uwv`)
    expect(claims).toContain(`${url('WALLET')}/types/diploma/1`)
    expect(claims).not.toContain('http://')
  })
})

describe('the tour, with folder and ports and nothing else', () => {
  const wallet = (more: Readonly<Record<string, string>>, ...parameters: string[]) =>
    runTool('wallet/cli/src/main.ts', parameters, {
      ...settings,
      WALLET_DIR: join(folder, 'my-wallet'),
      WALLET_PASSPHRASE: 'een lange zin die u onthoudt',
      ...more,
    })
  const demo = (...parameters: string[]) => runTool('tools/demo.ts', parameters, settings)

  test('receive, share, and see what UWV got', async () => {
    const offered = await demo('offer', 'pid')
    expect(offered).toMatchObject({ code: 0, stderr: '' })
    const offer = decodeURIComponent(offered.stdout)
    expect(offer).toContain(`${url('ISSUER')}/pid`)
    expect(offer).not.toContain('http://')
    const config = readToolConfig(settings)
    const others = await Promise.all(['diploma', 'werkervaring'].map((type) => makeDemoOffer(config, type, false)))
    const offers = [offered.stdout.trim(), ...others.map(({ credentialOffer }) => credentialOffer)]
    const received = await wallet({}, 'receive', ...offers)
    expect(received).toMatchObject({ code: 0 })

    const asked = await demo('request', 'uwv-inschrijving')
    expect(decodeURIComponent(asked.stdout)).toContain(`request_uri=${url('VERIFIER')}/uwv/`)
    expect(await wallet({}, 'present', asked.stdout.trim(), '--yes')).toMatchObject({ code: 0 })
    const result = await demo('result')
    expect(result.stdout).toMatch(/^verdict {2}accepted$/m)
    const [, unseen = ''] = result.stdout.split('did not get')
    expect(unseen).toMatch(/^ {2}beroep: .*employer_name/m)
    // The type has it, and the demo worker's card does not.
    expect(unseen).not.toContain('cum_laude')
  }, 120_000)

  test('a wallet that believes another authority talks to nobody', async () => {
    const { authorityFile } = await makeTlsFiles(join(folder, 'other'), ['localhost'])
    const { credentialOffer } = await makeDemoOffer(readToolConfig(settings), 'pid', false)
    const refused = await wallet({ OUTBOUND_CA_FILE: authorityFile }, 'receive', credentialOffer, '--json')
    expect(refused.code).toBe(3)
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { kind: 'unreachable' } })
  })

  test('the browser of a same-device request gets a cookie for this host and TLS alone', async () => {
    const asked = await demo('request', 'uwv-inschrijving', '--same-device')
    const started = await ask(asked.stdout.trim())
    expect(started.status).toBe(303)
    expect(started.headers.location).toMatch(new RegExp(`^${url('WALLET')}/`))
    const [cookie = ''] = started.headers['set-cookie'] ?? []
    expect(cookie).toMatch(/^__Host-presentation-[^;]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax; Secure$/)
  })
})

describe('does not start, and says why in words', () => {
  test('without --https on a folder that was made with it', async () => {
    const { DATA_DIR = '' } = settings
    const ended = await runStartInVain({ ...(await makeStartSettings(DATA_DIR)) })
    expect(ended.code).toBe(1)
    expect(ended.output).toContain(`WALLET_URL was ${url('WALLET')}, now http://localhost:`)
    expect(ended.output).toContain('It was made with --https: start it with it again.')
  })

  test('with --https on a folder that was made without it, and puts nothing into that', async () => {
    const other = await makeStartSettings(join(folder, 'http'))
    mkdirSync(join(folder, 'http'))
    const urls = { wallet: 'http://localhost:1', issuer: 'http://localhost:2', verifier: 'http://localhost:3' }
    writeFileSync(join(folder, 'http', 'installation.json'), JSON.stringify({ firstDay: '2026-10-01', urls }))
    const ended = await runStartInVain(other, ['--https'])
    expect(ended.code).toBe(1)
    expect(ended.output).toContain('It was made without --https: start it without it again.')
    expect(existsSync(join(folder, 'http', 'tls'))).toBe(false)
  })

  test('with --https in production, whose certificate is somebody else’s affair', async () => {
    const ended = await runStartInVain({ ...settings, WEGWIJZER_ENV: 'production' }, ['--https'])
    expect(ended.code).toBe(2)
    expect(ended.output).toContain('--https makes a certificate for development')
  })
})

test('production speaks TLS with a certificate of its own, and behind a proxy without', async () => {
  const tls = await makeTlsFiles(join(folder, 'production-tls'), ['issuer.example'])
  const production: StartSettings = {
    ...(await makeStartSettings(join(folder, 'production'))),
    WEGWIJZER_ENV: 'production',
    TRUST_LIST_ANCHOR: tls.authorityFile,
    WALLET_URL: 'https://wallet.example',
    ISSUER_URL: 'https://issuer.example',
    VERIFIER_URL: 'https://verifier.example',
  }
  const own = await runStart({ ...production, TLS_CERTIFICATE_FILE: tls.certificateFile, TLS_KEY_FILE: tls.keyFile })
  const address = `https://127.0.0.1:${production.ISSUER_PORT}/health`
  const answer = await ask(address, { ca: tls.authority, servername: 'issuer.example' })
  expect(answer).toMatchObject({ status: 200, headers: { 'strict-transport-security': expect.any(String) } })
  expect((await own.stop('SIGTERM')).code).toBe(0)

  const proxied = await runStart({ ...production, TRUSTED_PROXIES: '127.0.0.1' })
  const plain = await fetch(address.replace('https:', 'http:'), { headers: { 'x-forwarded-proto': 'https' } })
  expect(plain.status).toBe(200)
  expect(plain.headers.get('strict-transport-security')).toContain('max-age=')
  expect((await proxied.stop('SIGTERM')).code).toBe(0)
})

test('a second start keeps authority and certificate, and Ctrl-C ends each with 0', async () => {
  const read = () =>
    ['authority.pem', 'certificate.pem', 'key.pem'].map((name) => readFileSync(dataFile('tls', name), 'utf8'))
  const before = read()
  expect((await running.stop('SIGINT')).code).toBe(0)
  running = await runStart(settings, ['--https'])
  expect(read()).toEqual(before)
  expect((await ask(`${url('ISSUER')}/health`)).status).toBe(200)
})
