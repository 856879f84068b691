import { OutboundError, type OutboundFetch } from '@wegwijzer/outbound'
import { beforeEach, describe, expect, test } from 'vitest'
import { generateNodeSigner, nodeCrypto } from '../node-crypto.ts'
import { makeDidDocument } from './did-document.ts'
import { createDidResolver, type DidResolverOptions } from './did-resolver.ts'

const NOW = 1_790_812_800
const DID = 'did:web:issuer.example:roc'
const LOCAL = 'did:web:localhost%3A4100:roc'
const { publicJwk } = generateNodeSigner()

let asked: string[]
let now: number

beforeEach(() => {
  asked = []
  now = NOW
})

/** Every DID has a document with the one key; what the test says first may be answered otherwise. */
function resolverThat(
  answers: (url: string) => number | OutboundError | undefined,
  more: Partial<DidResolverOptions> = {},
) {
  const fetch: OutboundFetch = async ({ url }) => {
    asked.push(url)
    const answer = answers(url)
    if (answer instanceof OutboundError) throw answer
    const path = new URL(url).pathname.replace(/\/did\.json$/, '').replaceAll('/', ':')
    const did = `did:web:${new URL(url).host.replace(':', '%3A')}${path}`
    const document = JSON.stringify(await makeDidDocument(did, [publicJwk], nodeCrypto))
    const body = new TextEncoder().encode(document)
    return { status: answer ?? 200, mediaType: 'application/did+json', headers: new Headers(), body }
  }
  return createDidResolver({ fetch, now: () => now, allowHttp: false, ...more })
}

const always = () => undefined

describe('a document that was fetched', () => {
  test('is asked for as one, bounded in size and time', async () => {
    const requests: unknown[] = []
    const fetch: OutboundFetch = (request) => {
      requests.push(request)
      return Promise.reject(new OutboundError('timeout', 'no answer'))
    }
    await expect(createDidResolver({ fetch, now: () => now, allowHttp: false }).resolve(DID)).rejects.toThrow()
    expect(requests).toEqual([
      {
        url: 'https://issuer.example/roc/did.json',
        accept: ['application/did+json', 'application/did+ld+json', 'application/json'],
        maxBytes: 100_000,
        timeoutMs: 5_000,
      },
    ])
  })

  test('is used as long as the caller says', async () => {
    const resolver = resolverThat(always, { maxAgeSeconds: 10 })
    await resolver.resolve(DID)
    now += 9
    await resolver.resolve(DID)
    expect(asked).toHaveLength(1)
    now += 1
    await resolver.resolve(DID)
    expect(asked).toHaveLength(2)
  })

  test('is not believed from the future, when the clock was set back', async () => {
    const resolver = resolverThat(always)
    await resolver.resolve(DID)
    now -= 1
    await resolver.resolve(DID)
    expect(asked).toHaveLength(2)
  })

  test('is forgotten when two hundred others came after it, and not before', async () => {
    const resolver = resolverThat(always)
    for (let at = 0; at < 200; at++) await resolver.resolve(`did:web:issuer.example:o${at}`)
    await resolver.resolve('did:web:issuer.example:o0')
    expect(asked).toHaveLength(200)
    await resolver.resolve('did:web:issuer.example:o200')
    await resolver.resolve('did:web:issuer.example:o1')
    expect(asked).toHaveLength(201)
    await resolver.resolve('did:web:issuer.example:o0')
    expect(asked).toHaveLength(202)
  })

  test('is the youngest again when it was fetched again', async () => {
    const resolver = resolverThat(always)
    await resolver.resolve(DID)
    for (let at = 0; at < 199; at++) await resolver.resolve(`did:web:issuer.example:o${at}`)
    now += 60
    await resolver.resolve(DID)
    await resolver.resolve('did:web:issuer.example:o200')
    await resolver.resolve(DID)
    expect(asked.filter((url) => url.endsWith('/roc/did.json'))).toHaveLength(2)
  })
})

describe('what could not be had', () => {
  test.each([
    ['unreachable', 'did_unavailable'],
    ['timeout', 'did_unavailable'],
    ['redirect', 'invalid_did_document'],
    ['too_large', 'invalid_did_document'],
    ['media_type', 'invalid_did_document'],
    ['forbidden_address', 'invalid_did_document'],
  ] as const)('by %s is %s', async (reason, code) => {
    const resolver = resolverThat(() => new OutboundError(reason, 'no document'))
    await expect(resolver.resolve(DID)).rejects.toMatchObject({ name: 'ProtocolError', code })
  })

  test('with another answer than 200 is no verdict, whatever stands in it', async () => {
    await expect(resolverThat(() => 204).resolve(DID)).rejects.toMatchObject({ code: 'did_unavailable' })
  })

  test('because of a mistake of ours is not called theirs', async () => {
    const mistake = new TypeError('a mistake')
    const resolver = createDidResolver({ fetch: () => Promise.reject(mistake), now: () => now, allowHttp: false })
    await expect(resolver.resolve(DID)).rejects.toBe(mistake)
  })
})

describe('a DID of this machine', () => {
  test('is looked for over https when nothing answers over http', async () => {
    const outage = new OutboundError('unreachable', 'nobody there')
    const resolver = resolverThat((url) => (url.startsWith('http:') ? outage : undefined), { allowHttp: true })
    expect((await resolver.resolve(LOCAL)).did).toBe(LOCAL)
    expect(asked).toEqual(['http://localhost:4100/roc/did.json', 'https://localhost:4100/roc/did.json'])
  })

  test('is refused when what answers over http is no document', async () => {
    const wrong = new OutboundError('media_type', 'a page')
    const resolver = resolverThat((url) => (url.startsWith('http:') ? wrong : undefined), { allowHttp: true })
    await expect(resolver.resolve(LOCAL)).rejects.toMatchObject({ code: 'invalid_did_document' })
    expect(asked).toEqual(['http://localhost:4100/roc/did.json'])
  })

  test('is looked for over https only, where development does not say otherwise', async () => {
    await resolverThat(always).resolve(LOCAL)
    expect(asked).toEqual(['https://localhost:4100/roc/did.json'])
  })

  test('is told from one of another, which is never looked for over http', async () => {
    const resolver = resolverThat(always, { allowHttp: true })
    await resolver.resolve(DID)
    await resolver.resolve('did:web:localhost.example:roc')
    expect(asked.map((url) => new URL(url).protocol)).toEqual(['https:', 'https:'])
  })
})
