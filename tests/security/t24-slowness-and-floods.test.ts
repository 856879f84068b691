import { connect, type Socket } from 'node:net'
import { createNodeFetch } from '@wegwijzer/outbound/node'
import { createService, type Service } from '@wegwijzer/server'
import { describe, expect, onTestFinished, test } from 'vitest'
import { drip, startHttp, startRaw } from '../../packages/outbound/src/servers.testing.ts'
import { DIPLOMA_QUERY } from '../../wallet/core/src/testing/queries.ts'
import { openWorld } from '../../wallet/core/src/testing/world.ts'
import { send } from './http.testing.ts'

/** T24: who is slow on purpose, or asks without an end, keeps only himself waiting. */
const PATIENCE_MS = 10_000

/** A service of ours whose limits are those of production in small, so that a test can wait for them. */
async function openService(limits: Parameters<typeof createService>[0]['limits'] = {}): Promise<string> {
  const service: Service = createService({
    name: 'issuer',
    publicUrl: 'http://localhost:4100',
    host: '127.0.0.1',
    port: 0,
    now: () => 1_790_848_800,
    logTo: { write: () => undefined },
    limits: { headersTimeoutMs: 300, requestTimeoutMs: 600, connectionTimeoutMs: 5000, ...limits },
  })
  onTestFinished(() => service.close())
  service.public.post('/token', { config: { errors: 'oauth', body: 'form' } }, async () => ({ taken: true }))
  return (await service.listen()).public
}

/** Opens a connection, says something, and goes on with a character every now and then. */
function speakSlowly(url: string, beginning: string): { readonly socket: Socket; readonly closed: Promise<string> } {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let answer = ''
  socket.setEncoding('latin1').on('data', (part) => {
    answer += part
  })
  socket.on('error', () => undefined)
  socket.write(beginning)
  const timer = setInterval(() => socket.write('a'), 50)
  onTestFinished(() => void socket.destroy())
  const closed = new Promise<string>((resolve, reject) => {
    const hangs = setTimeout(() => reject(new Error('the connection hangs')), PATIENCE_MS)
    socket.on('close', () => {
      clearTimeout(hangs)
      clearInterval(timer)
      resolve(answer)
    })
  })
  return { socket, closed }
}

describe('a service', () => {
  test.each([
    ['headers drip', 'POST /token HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    ['request line drips', 'GET /'],
    [
      'body drips',
      'POST /token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\n',
    ],
    [
      'chunks drip',
      'POST /token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n',
    ],
  ])('cuts a caller whose %s, and answers others meanwhile', async (_name, beginning) => {
    const url = await openService()
    const slow = Array.from({ length: 20 }, () => speakSlowly(url, beginning))
    expect((await send({ method: 'GET', url: `${url}/health` })).status).toBe(200)
    for (const answer of await Promise.all(slow.map(({ closed }) => closed))) {
      expect(answer === '' || /^HTTP\/1\.1 4(08|13|00|14|31)/.test(answer)).toBe(true)
    }
    expect((await send({ method: 'GET', url: `${url}/health` })).status).toBe(200)
  })

  test('takes no more connections than it has room for, and goes on when they are gone', async () => {
    const url = await openService({ maxConnections: 10, headersTimeoutMs: 60_000 })
    const { hostname, port } = new URL(url)
    const sockets = Array.from({ length: 50 }, () => connect(Number(port), hostname).on('error', () => undefined))
    let dropped = 0
    for (const socket of sockets) socket.on('close', () => dropped++)
    await expect.poll(() => dropped).toBe(40)
    for (const socket of sockets) socket.destroy()
    await expect
      .poll(async () => (await send({ method: 'GET', url: `${url}/health` }).catch(() => ({ status: 0 }))).status)
      .toBe(200)
  })

  test('answers who asks too often with 429 and when to come back', async () => {
    const url = await openService({ publicRequestsPerMinute: 20 })
    const ask = () =>
      send({
        method: 'POST',
        url: `${url}/token`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'a=1',
      })
    const answers = await Promise.all(Array.from({ length: 60 }, ask))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(40)
    for (const { headers } of refused) expect(Number(headers['retry-after'])).toBeGreaterThan(0)
  })
})

describe('a stranger’s server', () => {
  test.each<[string, Parameters<typeof startHttp>[0]]>([
    ['whose body drips', drip],
    ['that never answers', () => undefined],
    [
      'that answers half',
      (_request, response) =>
        void response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '100' }).write('{'),
    ],
  ])('%s is left when its time is over', async (_name, handler) => {
    const server = await startHttp(handler)
    onTestFinished(server.stop)
    const fetch = createNodeFetch({ allowLoopback: true })
    onTestFinished(fetch.close)
    const asked = fetch({ url: server.url, accept: ['application/json'], timeoutMs: 400 })
    await expect(asked).rejects.toMatchObject({ reason: 'timeout' })
  })

  test('whose headers drip is left too', async () => {
    const server = await startRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX-Slow: ')
      const timer = setInterval(() => socket.write('a'), 20)
      socket.on('close', () => clearInterval(timer))
    })
    onTestFinished(server.stop)
    const fetch = createNodeFetch({ allowLoopback: true })
    onTestFinished(fetch.close)
    const asked = fetch({ url: server.url, accept: ['application/json'], timeoutMs: 400 })
    await expect(asked).rejects.toMatchObject({ reason: 'timeout' })
  })

  test.each(['offer', 'metadata', 'server_metadata', 'nonce', 'token', 'credential'] as const)(
    'that hangs at %s leaves a wallet that can go on with another',
    async (endpoint) => {
      const { school, identity, openWallet } = await openWorld()
      school.change({ answers: { [endpoint]: () => 'hang' } })
      const wallet = openWallet({ timeoutMs: 400 })
      const received = wallet
        .beginReceipt(school.offer({ by: 'reference' }))
        .then((receipt) => wallet.acceptReceipt(receipt))
      await expect(received).rejects.toMatchObject({ kind: 'unreachable', reason: 'timeout' })
      expect(await wallet.acceptReceipt(await wallet.beginReceipt(identity.offer()))).toHaveLength(1)
    },
  )

  test('that hangs with its status list hides no card and no request', async () => {
    const { school, uwv, fillWallet } = await openWorld()
    const wallet = await fillWallet({ timeoutMs: 400 })
    school.change({ answers: { status_list: () => 'hang' } })
    expect(await wallet.list()).toHaveLength(1)
    const prepared = await wallet.beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY }))
    expect(prepared.satisfiable).toBe(true)
  })
})
