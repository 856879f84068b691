import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createNodeFetch } from '@wegwijzer/outbound/node'
import { didJwkOf } from '@wegwijzer/protocol/w3c'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { generateNodeSigner, nodeCrypto } from '../node-crypto.ts'
import { makeDidDocument } from './did-document.ts'
import { createDidResolver } from './did-resolver.ts'
import { didWebOf } from './did-web.ts'

const NOW = 1_790_812_800
const { publicJwk } = generateNodeSigner()

let server: Server
let answer: RequestListener
let asked: string[]
let did: string
let now: number

beforeEach(async () => {
  asked = []
  now = NOW
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  did = didWebOf(`http://localhost:${port}/roc`)
  const document = JSON.stringify(await makeDidDocument(did, [publicJwk], nodeCrypto))
  answer = (_request, response) => response.setHeader('content-type', 'application/did+json').end(document)
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const inDevelopment = () =>
  createDidResolver({ fetch: createNodeFetch({ allowLoopback: true }), now: () => now, allowHttp: true })
const inProduction = () =>
  createDidResolver({ fetch: createNodeFetch({ allowLoopback: false }), now: () => now, allowHttp: false })

describe('did:web', () => {
  test('is the document below the address, of this machine over http in development only', async () => {
    const { assertionMethod } = await inDevelopment().resolve(did)
    expect(assertionMethod.map((method) => method.publicJwk)).toEqual([publicJwk])
    expect(asked).toEqual(['/roc/did.json'])
    await expect(inProduction().resolve(did)).rejects.toMatchObject({ name: 'ProtocolError' })
    expect(asked).toHaveLength(1)
  })

  test('is fetched once a minute', async () => {
    const resolver = inDevelopment()
    await Promise.all([resolver.resolve(did), resolver.resolve(did)])
    now += 59
    await resolver.resolve(did)
    expect(asked).toHaveLength(1)
    now += 1
    await resolver.resolve(did)
    expect(asked).toHaveLength(2)
  })

  test('that could not be had is asked for again', async () => {
    const resolver = inDevelopment()
    const served = answer
    answer = (_request, response) => response.writeHead(503).end()
    await expect(resolver.resolve(did)).rejects.toMatchObject({ code: 'did_unavailable' })
    answer = served
    await resolver.resolve(did)
  })

  test.each<[string, RequestListener, string]>([
    [
      'a redirect',
      (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
      'invalid_did_document',
    ],
    [
      'an endless document',
      (_request, response) => {
        response.setHeader('content-type', 'application/did+json')
        const more = () => response.writable && response.write(' '.repeat(65_536), () => setImmediate(more))
        more()
      },
      'invalid_did_document',
    ],
    [
      'a web page',
      (_request, response) => response.setHeader('content-type', 'text/html').end('{}'),
      'invalid_did_document',
    ],
    ['nothing', (_request, response) => response.writeHead(404).end(), 'did_unavailable'],
    [
      'another document',
      (_request, response) =>
        response.setHeader('content-type', 'application/json').end('{"id":"did:web:other.example"}'),
      'invalid_did_document',
    ],
    [
      'what is no text',
      (_request, response) => response.setHeader('content-type', 'application/json').end(Buffer.of(0xff, 0xfe)),
      'invalid_did_document',
    ],
  ])('that is answered with %s is refused', async (_name, listener, code) => {
    answer = listener
    await expect(inDevelopment().resolve(did)).rejects.toMatchObject({ code })
  })

  test('of a private address is asked of nobody', async () => {
    for (const private_ of ['did:web:10.0.0.1', 'did:web:169.254.169.254:latest:meta-data', 'did:web:192.168.0.1']) {
      await expect(inDevelopment().resolve(private_)).rejects.toMatchObject({ code: 'invalid_did' })
    }
  })
})

describe('did:jwk', () => {
  test('is its own document, for every use', async () => {
    const { assertionMethod, authentication } = await inProduction().resolve(didJwkOf(publicJwk))
    expect(assertionMethod).toEqual([{ id: `${didJwkOf(publicJwk)}#0`, publicJwk }])
    expect(authentication).toEqual(assertionMethod)
  })

  test.each([
    ['of a key for encryption', { ...publicJwk, use: 'enc' }],
    ['of a private key', { ...publicJwk, d: publicJwk.x }],
    ['of another kind of key', { kty: 'OKP', crv: 'Ed25519', x: publicJwk.x }],
  ])('%s is refused', async (_name, jwk) => {
    const shown = `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}`
    await expect(inProduction().resolve(shown)).rejects.toMatchObject({ code: 'invalid_did' })
  })
})

test.each(['did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv', 'did:ethr:0x01', 'did:'])(
  '%s is of a method that is not known here',
  async (unknown) => {
    await expect(inDevelopment().resolve(unknown)).rejects.toMatchObject({ code: 'did_method_not_supported' })
  },
)
