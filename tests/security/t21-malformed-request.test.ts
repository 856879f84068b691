import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { attackRoutes } from './attacked.testing.ts'
import { expectRefusal, parseObject, type Sent, send, sendOctets } from './http.testing.ts'
import type { Route } from './routes.testing.ts'
import { authorizationAt, describeRoute, type PathValues, urlOf } from './targets.testing.ts'

/** T21: attacks at every route that the running programs have: nothing is answered 5xx, hangs, is quoted or is logged. */
const { world, routes, realValues } = await attackRoutes()

/** Sent along with everything; it may be found nowhere. */
const CANARY = 'kanarie-5e1f'

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
const bodyRoutes = () => routes.filter(({ method }) => WITH_BODY.has(method))
const publicRoutes = () => routes.filter(({ isOperational }) => !isOperational)

function attack(route: Route, change: Partial<Sent> & { readonly query?: string; readonly values?: PathValues }) {
  const { query = '', values, ...sent } = change
  return send({
    method: route.method,
    url: `${urlOf(world, route, { ...realValues(route), ...values })}${query}`,
    ...sent,
    headers: {
      ...authorizationAt(world, route),
      'user-agent': CANARY,
      referer: `http://${CANARY}.example/`,
      cookie: `presentation-AAAAAAAAAAAAAAAA=${CANARY}`,
      ...sent.headers,
    },
  })
}

const TYPE = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const

test('the routes are those of three programs', () => {
  const found = routes.map(describeRoute)
  for (const known of [
    'wallet GET /trust-list.jwt',
    'issuer POST /:organisation/token',
    'issuer POST /:organisation/v1/offers',
    'verifier POST /:organisation/responses/:handle',
    'verifier GET /:organisation/v1/presentation-requests/:id',
  ]) {
    expect(found).toContain(known)
  }
})

const MALFORMED: Readonly<Record<Route['body'], readonly (readonly [name: string, body: string | Uint8Array])[]>> = {
  json: [
    ['what is not JSON', `{"${CANARY}":`],
    ['a member twice', `{"a":"${CANARY}","a":2}`],
    ['a member twice, once escaped', '{"a":1,"\\u0061":2}'],
    ['a member twice, deep inside', '{"claims":{"a":[{"b":1,"b":1}]}}'],
    ['__proto__', '{"__proto__":{"isAdmin":true}}'],
    ['__proto__, escaped', '{"claims":{"\\u005f_proto__":{}}}'],
    ['a depth of 60,000', '['.repeat(60_000)],
    ['a depth of 33', `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`],
    ['a number without end', '{"expiresInSeconds":1e999}'],
    ['NaN', '{"expiresInSeconds":NaN}'],
    ['a comma too many', '{"a":1,}'],
    ['two texts', '{}{}'],
    ['a text that does not end', `"${CANARY}`],
    ['U+0000', '{"reason":"a\\u0000b"}'],
    ['octets that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['a byte order mark', Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d])],
    ['UTF-16', Buffer.from('{}', 'utf16le')],
  ],
  form: [
    ['a parameter twice', `grant_type=${CANARY}&grant_type=b`],
    ['a parameter twice, once escaped', 'state=a&%73tate=b'],
    ['__proto__', '__proto__=a'],
    ['__proto__, escaped', '%5F_proto__=a'],
    ['a broken escape', 'response=%zz'],
    ['octets that are not UTF-8', 'response=%FF'],
    ['raw octets that are not UTF-8', Buffer.from([0x61, 0x3d, 0xff])],
    ['U+0000', 'response=a%00b'],
    ['a hundred and one parameters', Array.from({ length: 101 }, (_, at) => `p${at}=${CANARY}`).join('&')],
    ['a parameter without a name', `=${CANARY}`],
  ],
}

describe('every endpoint that takes a body refuses', () => {
  test('what is malformed, as 400', async () => {
    for (const route of bodyRoutes()) {
      for (const [name, body] of MALFORMED[route.body]) {
        const answer = await attack(route, { headers: { 'content-type': TYPE[route.body] }, body })
        expect([describeRoute(route), name, answer.status]).toEqual([describeRoute(route), name, 400])
        expectRefusal(route, answer, CANARY)
      }
    }
  })

  test('another media type, as 415, or as 400 where a specification has its own errors', async () => {
    for (const route of bodyRoutes()) {
      const own = TYPE[route.body]
      const other = TYPE[route.body === 'json' ? 'form' : 'json']
      const types: readonly (readonly [Sent['headers'], string | Uint8Array])[] = [
        [{ 'content-type': other }, route.body === 'json' ? 'a=1' : '{}'],
        [{ 'content-type': 'text/plain' }, '{}'],
        [{ 'content-type': 'text/plain;charset=UTF-8; x=application/json' }, '{}'],
        [{ 'content-type': 'multipart/form-data; boundary=x' }, '--x\r\n\r\na\r\n--x--'],
        [{ 'content-type': 'application/xml' }, '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
        [{ 'content-type': `${own}, ${own}` }, '{}'],
        [{ 'content-type': CANARY }, '{}'],
        [{}, '{}'],
        [{ 'content-type': own, 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(200_000))],
        [{ 'content-type': own, 'content-encoding': 'br' }, '{}'],
      ]
      for (const [headers = {}, body] of types) {
        const answer = await attack(route, { headers, body })
        const seen = [describeRoute(route), headers['content-type'], answer.status]
        expect(seen).toEqual([describeRoute(route), headers['content-type'], route.errors === 'oauth' ? 400 : 415])
        expectRefusal(route, answer, CANARY)
      }
    }
  })

  test('what is too large, as 413, without reading it', async () => {
    const body = Buffer.alloc(600_000, 'a')
    for (const route of bodyRoutes()) {
      const answer = await attack(route, { headers: { 'content-type': TYPE[route.body] }, body })
      expect([describeRoute(route), answer.status]).toEqual([describeRoute(route), 413])
      expectRefusal(route, answer)
    }
  })

  test('JSON of another form, and a form without what it needs', async () => {
    const bodiless = /\/nonce$|\/suspension$|\/offers\/:id$|\/requests\/:handle$/
    const shapes = [
      '[]',
      '{}',
      '"text"',
      '7',
      'true',
      'null',
      '{"constructor":{}}',
      '{"toString":1,"hasOwnProperty":[]}',
    ]
    for (const route of bodyRoutes().filter(({ pattern }) => !bodiless.test(pattern))) {
      const bodies = route.body === 'json' ? shapes : ['', 'a=1', 'constructor=1']
      for (const body of bodies) {
        expectRefusal(route, await attack(route, { headers: { 'content-type': TYPE[route.body] }, body }))
      }
    }
  })
})

describe('every endpoint refuses', () => {
  test('an ambiguous or malformed query, as 400', async () => {
    const many = Array.from({ length: 150 }, (_, at) => `p${at}=1`).join('&')
    for (const route of publicRoutes()) {
      for (const query of [`?a=${CANARY}&a=2`, '?__proto__=a', '?a=%FF', '?a=%zz', '?a=%00', `?${many}`]) {
        const answer = await attack(route, { query })
        // The key is asked for before the query is looked at, or after: both refuse.
        expect([describeRoute(route), query, answer.status]).toEqual([describeRoute(route), query, 400])
        expectRefusal(route, answer, CANARY)
      }
    }
  })

  test('a path that names nothing', async () => {
    for (const route of publicRoutes().filter(({ pattern }) => pattern.includes(':'))) {
      const names = [...route.pattern.matchAll(/:([A-Za-z]+)/g)].map(([, name = '']) => name)
      for (const name of names) {
        const isSelfMade = name === 'organisation' && route.pattern.endsWith('/openapi.json')
        for (const value of [
          ...(isSelfMade ? [] : ['nobody-here', 'a'.repeat(43)]),
          '__proto__',
          'constructor%2Ftoken',
          'UWV',
          '%00',
          '%FF',
          '%zz',
          '..%2F..%2F..%2Fetc%2Fpasswd',
          '%2e%2e',
          `${CANARY}%0d%0aset-cookie:a=b`,
          "'%20OR%201=1--",
          'x'.repeat(600),
        ]) {
          const answer = await attack(route, { values: { [name]: value } })
          expect([describeRoute(route), value, answer.status]).toEqual([
            describeRoute(route),
            value,
            expect.toSatisfy((status: number) => status >= 400 && status < 500),
          ])
          expect(answer.headers['cache-control']).toBe('no-store')
          expect(answer.headers['set-cookie']).toBeUndefined()
          expect(answer.text).not.toContain(CANARY)
        }
      }
    }
  })

  test('another method, as 405 with those that exist', async () => {
    const byPattern = Map.groupBy(routes, ({ program, pattern }) => `${program} ${pattern}`)
    for (const group of byPattern.values()) {
      const [route] = group
      if (route === undefined) continue
      const existing = new Set(group.map(({ method }) => method))
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND']) {
        if (existing.has(method)) continue
        const answer = await attack(route, { method })
        expect([describeRoute(route), method, answer.status]).toEqual([describeRoute(route), method, 405])
        expect(answer.headers.allow?.split(', ')).toEqual(expect.arrayContaining([...existing]))
        expectRefusal(route, answer)
      }
    }
  })

  test('headers that are too large, too many or doubled', async () => {
    // Before the headers are read nobody knows that a HEAD wants no body.
    for (const route of routes.filter(({ method }) => method !== 'HEAD')) {
      const large = await attack(route, { headers: { 'x-large': 'a'.repeat(20_000) } })
      expect([describeRoute(route), large.status]).toEqual([describeRoute(route), 431])
      expect(large.headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'application/problem+json' })
    }
    for (const route of routes.filter(({ isApi }) => isApi)) {
      const { authorization } = authorizationAt(world, route)
      const doubled = await attack(route, { headers: { authorization: `${authorization}, Bearer x` } })
      expect([describeRoute(route), doubled.status]).toEqual([describeRoute(route), 401])
    }
  })
})

describe('each door', () => {
  const doors = () => Object.values(world.urls)

  test.each([
    ['two lengths', 'POST /uwv/token HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['an encoding that is none', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['no host', 'GET /health HTTP/1.1\r\n\r\n'],
    ['a header over two lines', 'GET /health HTTP/1.1\r\nHost: x\r\nA: b\r\n c\rd\r\n\r\n'],
    ['a name with a space', 'GET /health HTTP/1.1\r\nHost : x\r\n\r\n'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.9\r\n\r\n'],
    ['TLS', Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0])],
    ['a tunnel', 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n'],
  ])('refuses or cuts %s', async (_name, octets) => {
    for (const url of doors()) {
      expect(await sendOctets(url, octets)).not.toMatch(/HTTP\/1\.1 [235]/)
      expect((await send({ method: 'GET', url: `${url}/health` })).status).toBe(200)
    }
  })

  test('cuts a body without end long before it fills the memory', async () => {
    for (const [url, path] of [
      [world.urls.issuer, '/roc-midden-nederland/token'],
      [world.urls.verifier, `/uwv/responses/${'A'.repeat(43)}`],
    ] as const) {
      expect(await countAccepted(url, path)).toBeLessThan(16_000_000)
    }
  })

  test('still answers while a hundred connections wait with half a request', async () => {
    const { hostname, port } = new URL(world.urls.verifier)
    const waiting = Array.from({ length: 100 }, () => {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => undefined)
      socket.write('POST /uwv/responses/x HTTP/1.1\r\nHost: x\r\nContent-Le')
      return socket
    })
    try {
      expect((await send({ method: 'GET', url: `${world.urls.verifier}/ready` })).status).toBe(200)
    } finally {
      for (const socket of waiting) socket.destroy()
    }
  })
})

test('nothing of it all reached a log, and nothing was a fault', () => {
  const text = world.logs.join('\n')
  expect(world.logs.length).toBeGreaterThan(routes.length * 20)
  expect(text).not.toContain(CANARY)
  expect(text).not.toContain('passwd')
  expect(world.logs.filter((line) => parseObject(line).event === 'fault')).toEqual([])
})

/** Sends chunks until the door is closed. @returns How many octets were taken. */
async function countAccepted(url: string, path: string): Promise<number> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.resume()
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n`,
  )
  const chunk = Buffer.from(`10000\r\n${'a'.repeat(0x10000)}\r\n`)
  let sent = 0
  while (!socket.destroyed && sent < 64_000_000) {
    sent += chunk.length
    if (!socket.write(chunk)) await Promise.race([once(socket, 'drain').catch(() => undefined), closed])
  }
  socket.destroy()
  return sent
}
