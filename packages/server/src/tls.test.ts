import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import tls from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTlsFiles, type TestTlsFiles } from '../../../tests/support/tls-files.ts'
import { ConfigError } from './config.ts'
import { makeSampleService } from './sample-service.testing.ts'
import type { Service } from './service.ts'
import { makeTlsOptions } from './tls.ts'

let folder: string
let files: TestTlsFiles
let service: Service
let doors: { readonly public: string; readonly internal: string }

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wegwijzer-tls-'))
  files = await makeTlsFiles(folder, ['localhost'])
  const sample = makeSampleService({
    tls: files,
    publicUrl: 'https://sample.example',
    internalPort: 0,
    limits: { headersTimeoutMs: 300 },
  })
  service = sample.service
  doors = await service.listen()
})

afterAll(async () => {
  await service.close()
  rmSync(folder, { recursive: true, force: true })
})

const portOf = (door: string) => Number(new URL(door).port)

/** Asks over TLS, believing the test's authority alone. */
async function ask(url: string, options: https.RequestOptions = {}) {
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    https.get(url, { ca: files.authority, agent: false, ...options }, resolve).once('error', reject)
  })
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) }
}

/** A handshake alone. @returns The protocol that was agreed on. */
function shakeHands(options: tls.ConnectionOptions): Promise<{ protocol: string | null; alpn: string | false | null }> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect(
      { port: portOf(doors.public), host: '127.0.0.1', servername: 'localhost', ca: files.authority, ...options },
      () => {
        resolve({ protocol: socket.getProtocol(), alpn: socket.alpnProtocol })
        socket.destroy()
      },
    )
    socket.once('error', reject)
  })
}

test('both doors speak TLS, with the certificate of the settings', async () => {
  expect([doors.public, doors.internal].map((door) => new URL(door).protocol)).toEqual(['https:', 'https:'])
  for (const door of [doors.public, doors.internal]) expect((await ask(`${door}/health`)).status).toBe(200)
  expect((await ask(`https://localhost:${portOf(doors.public)}/health`)).status).toBe(200)
  await expect(ask(`${doors.public}/health`, { ca: [] })).rejects.toThrow(/unable to (verify|get)|self-signed/)
})

describe('a handshake [RFC 9325 §3.1.1, §4.2]', () => {
  test.each([
    ['TLSv1.3', 'TLSv1.3', undefined],
    ['TLSv1.2', 'TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
  ] as const)('in %s is agreed on, over HTTP/1.1', async (protocol, version, ciphers) => {
    const limits = { minVersion: version, maxVersion: version, ...(ciphers && { ciphers }) }
    expect(await shakeHands({ ...limits, ALPNProtocols: ['h2', 'http/1.1'] })).toEqual({ protocol, alpn: 'http/1.1' })
  })

  test.each([
    ['in TLS 1.1', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }],
    ['without authenticated encryption', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' }],
    ['for HTTP/2 alone', { ALPNProtocols: ['h2'] }],
  ] as const)('%s is refused', async (_name, options) => {
    const { ALPNProtocols, ...rest } = { ALPNProtocols: undefined, ...options }
    const given = { ...rest, ...(ALPNProtocols && { ALPNProtocols: [...ALPNProtocols] }) }
    await expect(shakeHands(given)).rejects.toThrow(/alert|reset|EPROTO|hang up/i)
  })

  test('that does not come is not waited for', async () => {
    const socket = net.connect(portOf(doors.public), '127.0.0.1')
    const opened = performance.now()
    await new Promise((resolve) => {
      socket.once('error', () => undefined)
      socket.resume().once('close', resolve)
    })
    expect(performance.now() - opened).toBeLessThan(5000)
  })
})

test('who speaks plain HTTP to it gets no answer of ours, and it goes on', async () => {
  const url = `http://127.0.0.1:${portOf(doors.public)}/health`
  const status = await new Promise((resolve) => {
    http.get(url, { agent: false }, (answer) => resolve(answer.statusCode)).once('error', () => resolve('none'))
  })
  expect(['none', 400]).toContain(status)
  expect((await ask(`${doors.public}/health`)).status).toBe(200)
})

test('the limits of plain HTTP hold over TLS', async () => {
  const answer = await ask(`${doors.public}/health`, { headers: { 'x-long': 'a'.repeat(20_000) } })
  expect(answer.status).toBe(431)
})

describe('settings that will not do are told by their names, without what the files hold', () => {
  test.each([
    ['a file that is not there', () => ({ ...files, keyFile: join(folder, 'none.pem') }), /TLS_KEY_FILE.*ENOENT/],
    ['a file that is no PEM', () => ({ ...files, certificateFile: write('text.pem', 'geheim') }), /must be PEM/],
    ['a key of another certificate', () => ({ ...files, keyFile: join(folder, 'other', 'key.pem') }), /must be PEM/],
  ])('%s', async (_name, change, message) => {
    await makeTlsFiles(join(folder, 'other'), ['localhost'])
    const attempt = () => makeTlsOptions(change(), 1000)
    expect(attempt).toThrow(ConfigError)
    expect(attempt).toThrow(message)
    expect(attempt).not.toThrow('geheim')
  })
})

function write(name: string, content: string): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
