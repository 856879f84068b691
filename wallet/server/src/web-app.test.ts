import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { readConfig } from '@wegwijzer/server/config'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readWebApp, startWalletServer } from './wallet-server.ts'
import { policyOf } from './web-app-policy.ts'

const folder = mkdtempSync(join(tmpdir(), 'wegwijzer-app-'))
const WORKER = '/assets/wallet.worker-AbC_1-2.js'
const PAGE = '<!doctype html><title>the app</title>'
const FILES: Readonly<Record<string, string>> = {
  '/index.html': PAGE,
  '/service-worker.js': 'self.x = 1',
  '/manifest.webmanifest': '{}',
  '/assets/index-1.js': 'export const x = 1',
  '/assets/index-1.css': 'body{}',
  '/assets/reader.wasm': 'wasm',
  [WORKER]: 'self.y = 1',
}
let server: Awaited<ReturnType<typeof startWalletServer>>

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'))
  for (const [path, content] of Object.entries(FILES)) {
    writeFileSync(join(folder, path), content)
    writeFileSync(join(folder, `${path}.gz`), gzipSync(content))
    writeFileSync(join(folder, `${path}.br`), brotliCompressSync(content))
  }
  writeFileSync(join(folder, 'app.json'), JSON.stringify({ routes: ['/', '/begin'] }))
  writeFileSync(
    join(folder, 'anchor.pem'),
    `-----BEGIN CERTIFICATE-----\n${Buffer.from('DER').toString('base64')}\n-----END CERTIFICATE-----\n`,
  )
  const config = readConfig(
    { WEGWIJZER_ENV: 'development', DATA_DIR: folder, TRUST_LIST_ANCHOR: join(folder, 'anchor.pem') },
    ['wallet'],
  )
  server = await startWalletServer({
    config: { ...config, addresses: { wallet: { ...config.addresses.wallet, port: 0 } } },
    now: () => 1_790_848_800,
    app: readWebApp(folder),
    logTo: { write: () => undefined },
  })
})

afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const get = (path: string, acceptEncoding = 'identity') =>
  fetch(`${server.url}${path}`, { headers: { 'accept-encoding': acceptEncoding } })

describe('the app', () => {
  test.each(Object.keys(FILES))('%s is served, as it is and compressed', async (path) => {
    for (const [accepted, encoding] of [
      ['identity', null],
      ['gzip', 'gzip'],
      ['gzip, deflate, br;q=0.9', 'br'],
      ['br;q=0, gzip', 'gzip'],
    ] as const) {
      const answer = await get(path, accepted)
      expect(answer.headers.get('content-encoding')).toBe(encoding)
      expect(answer.headers.get('vary')).toBe('accept-encoding')
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(await answer.text()).toBe(FILES[path])
    }
  })

  test.each(['/', '/begin', '/begin?x=1'])(
    '%s is the page, in the place of the one that links lead to',
    async (path) => {
      expect(await (await get(path)).text()).toBe(PAGE)
    },
  )

  test.each([
    '/unknown',
    '/begin/x',
    '/index.html.gz',
    '/app.json',
    '/anchor.pem',
    '/assets/',
    '/assets/index-2.js',
    '/assets/../app.json',
    '/assets/%2e%2e%2fanchor.pem',
    '/..%2fanchor.pem',
  ])('%s is not there', async (path) => {
    const answer = await get(path)
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
  })

  test('what has its content in its name is kept for ever, and what has not is asked for again', async () => {
    const keep = async (path: string) => (await get(path)).headers.get('cache-control')
    for (const path of ['/assets/index-1.js', '/assets/index-1.css', WORKER])
      expect(await keep(path)).toContain('immutable')
    for (const path of ['/', '/index.html', '/service-worker.js', '/manifest.webmanifest', '/configuration.json']) {
      expect(await keep(path)).toBe('no-cache')
    }
  })

  test('each is of the type that it is', async () => {
    const typeOf = async (path: string) => (await get(path)).headers.get('content-type')
    expect(await typeOf('/')).toBe('text/html; charset=utf-8')
    expect(await typeOf('/service-worker.js')).toBe('text/javascript; charset=utf-8')
    expect(await typeOf('/assets/reader.wasm')).toBe('application/wasm')
    expect(await typeOf('/manifest.webmanifest')).toBe('application/manifest+json')
  })

  test('knows from its host where the trust list is and who signs it', async () => {
    expect(await (await get('/configuration.json')).json()).toEqual({
      trustListUrl: 'http://localhost:4000/trust-list.jwt',
      trustListAnchor: Buffer.from('DER').toString('base64'),
      isDevelopment: true,
    })
  })

  test.each(['no description', 'no page'])('a folder with %s is no build', (what) => {
    const other = mkdtempSync(join(tmpdir(), 'wegwijzer-app-'))
    writeFileSync(join(other, what === 'no page' ? 'app.json' : 'index.html'), '{ "routes": ["/"] }')
    expect(() => readWebApp(other)).toThrow('no build')
    rmSync(other, { recursive: true })
  })
})

describe('the policy', () => {
  const directives = (path: string, isDevelopment = false) =>
    new Map(
      policyOf(path, { isDevelopment })
        ['content-security-policy']?.split('; ')
        .map((directive) => [directive.slice(0, directive.indexOf(' ')), directive.slice(directive.indexOf(' ') + 1)]),
    )

  test('lets the page run no code but ours and talk to nobody but its host', () => {
    expect(Object.fromEntries(directives('/index.html'))).toEqual({
      'default-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self' blob:",
      'connect-src': "'self'",
      'manifest-src': "'self'",
      'worker-src': "'self'",
      'require-trusted-types-for': "'script'",
      'trusted-types': 'wegwijzer',
    })
    const { 'cross-origin-opener-policy': opener, 'permissions-policy': permissions } = policyOf('/index.html', {
      isDevelopment: true,
    })
    expect(opener).toBe('same-origin')
    expect(permissions).toContain('microphone=()')
  })

  test('lets only the wallet’s worker run WebAssembly and talk to others, in production over https', () => {
    expect(directives(WORKER).get('script-src')).toBe("'self' 'wasm-unsafe-eval'")
    expect(directives(WORKER).get('connect-src')).toBe("'self' https:")
    expect(directives(WORKER, true).get('connect-src')).toBe("'self' https: http://localhost:* http://127.0.0.1:*")
    for (const path of [
      '/index.html',
      '/service-worker.js',
      '/assets/index-1.js',
      '/assets/worker-1.js',
      '/x.worker-1.js',
    ]) {
      expect(directives(path, true).get('script-src') ?? '').not.toContain('wasm')
      expect(directives(path, true).get('connect-src') ?? "'self'").toBe("'self'")
    }
  })

  test('lets every other file do nothing at all', () => {
    expect(Object.fromEntries(directives('/icon.svg'))).toEqual({
      'default-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    })
  })
})
