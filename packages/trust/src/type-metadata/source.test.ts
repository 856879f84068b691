import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { nodeCrypto } from '@wegwijzer/keys/node'
import { createNodeFetch } from '@wegwijzer/outbound/node'
import { encodeUtf8 } from '@wegwijzer/protocol/jose'
import { makeIntegrity } from '@wegwijzer/protocol/sd-jwt-vc'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTypeMetadataSource, type TypeMetadataSourceOptions } from './type-metadata.ts'

/** What the host of the types serves, by path, and how often it was asked. */
const served = new Map<string, { readonly text: string; readonly mediaType?: string }>()
const asked: string[] = []
const loopbackFetch = createNodeFetch({ allowLoopback: true })
let server: Server
let host: string

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const document = served.get(path)
    if (document === undefined) return response.writeHead(404).end()
    return response.writeHead(200, { 'content-type': document.mediaType ?? 'application/json' }).end(document.text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  loopbackFetch.close()
  await new Promise((resolve) => server.close(resolve))
})

beforeEach(() => {
  served.clear()
  asked.length = 0
})

const VCT = 'https://types.example/diploma/1'

function makeSource(change: Partial<TypeMetadataSourceOptions> = {}) {
  return createTypeMetadataSource({ fetch: loopbackFetch, crypto: nodeCrypto, ...change })
}

/** Serves a document and tells what it hashes to. */
async function serve(path: string, document: unknown, mediaType = 'application/json'): Promise<string> {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  served.set(path, { text, mediaType })
  return makeIntegrity(encodeUtf8(text), nodeCrypto)
}

const name = { path: ['name'], sd: 'always' }

test('a document is read from where it is served, and is the one that was promised', async () => {
  const integrity = await serve('/diploma/1', { vct: VCT, claims: [name] })
  expect(await makeSource().read(VCT, `${host}/diploma/1`, integrity)).toEqual({ vct: VCT, claims: [name] })
})

describe('refuses', () => {
  test('a document with one character more [SD-JWT VC draft -13 §7]', async () => {
    const integrity = await serve('/diploma/1', { vct: VCT })
    await serve('/diploma/1', `${JSON.stringify({ vct: VCT })}\n`)
    await expect(makeSource().read(VCT, `${host}/diploma/1`, integrity)).rejects.toMatchObject({
      code: 'invalid_integrity',
    })
  })

  test.each([
    ['a document about another type', { vct: 'https://types.example/other/1' }],
    ['a document that is not JSON', 'vct'],
    ['a document that names its type twice', `{"vct":"${VCT}","vct":"${VCT}"}`],
    ['a document that is malformed', { vct: VCT, claims: [{ path: [] }] }],
    [
      'a type that extends itself [SD-JWT VC draft -13 §10.3]',
      { vct: VCT, extends: VCT, 'extends#integrity': 'sha256-' },
    ],
  ])('%s', async (_title, document) => {
    const integrity = await serve('/diploma/1', document)
    await expect(makeSource().read(VCT, `${host}/diploma/1`, integrity)).rejects.toMatchObject({
      code: 'invalid_type_metadata',
    })
  })

  test.each([
    ['a document that is not there', '/nothing', 'application/json', '{}'],
    ['a page instead of a document', '/page', 'text/html', `{"vct":"${VCT}"}`],
    ['a document that is too large', '/large', 'application/json', `{"vct":"${VCT}"${' '.repeat(262_144)}}`],
  ])('%s', async (_title, path, mediaType, text) => {
    const integrity = await serve(path, text, mediaType)
    if (path === '/nothing') served.clear()
    await expect(makeSource().read(VCT, host + path, integrity)).rejects.toMatchObject({
      code: 'type_metadata_unavailable',
    })
  })

  test('an address on this machine, where that is not allowed', async () => {
    const integrity = await serve('/diploma/1', { vct: VCT })
    const source = makeSource({ fetch: createNodeFetch({ allowLoopback: false }) })
    await expect(source.read(VCT, `${host}/diploma/1`, integrity)).rejects.toMatchObject({
      code: 'type_metadata_unavailable',
    })
    expect(asked).toEqual([])
  })
})

describe('a type that extends another', () => {
  /** A type whose claims the child inherits, served at its own URL. */
  async function serveParent(change: object = {}) {
    const parent = { vct: `${host}/parent/1`, claims: [name, { path: ['level'], mandatory: true }], ...change }
    return { parent, integrity: await serve('/parent/1', parent) }
  }

  async function readChild(child: object, change: Partial<TypeMetadataSourceOptions> = {}) {
    const integrity = await serve('/diploma/1', { vct: VCT, ...child })
    return makeSource(change).read(VCT, `${host}/diploma/1`, integrity)
  }

  test('has the claims of both [SD-JWT VC draft -13 §9.5]', async () => {
    const { parent, integrity } = await serveParent()
    const own = { path: ['school'], sd: 'always' }
    expect(await readChild({ extends: parent.vct, 'extends#integrity': integrity, claims: [own] })).toEqual({
      vct: VCT,
      claims: [...parent.claims, own],
    })
  })

  test('is refused when it loosens a rule of the other [SD-JWT VC draft -13 §9.5.1]', async () => {
    const { parent, integrity } = await serveParent()
    await expect(
      readChild({ extends: parent.vct, 'extends#integrity': integrity, claims: [{ path: ['name'], sd: 'never' }] }),
    ).rejects.toMatchObject({ code: 'invalid_type_metadata' })
  })

  test('is refused when the other is not the one that was promised', async () => {
    const { parent } = await serveParent()
    const integrity = await makeIntegrity(encodeUtf8('{}'), nodeCrypto)
    await expect(readChild({ extends: parent.vct, 'extends#integrity': integrity })).rejects.toMatchObject({
      code: 'invalid_integrity',
    })
  })

  test('is refused, before anything else is fetched, when it promises nothing about the other', async () => {
    const { parent } = await serveParent()
    await expect(readChild({ extends: parent.vct })).rejects.toMatchObject({ code: 'invalid_type_metadata' })
    expect(asked).toEqual(['/diploma/1'])
  })

  test('is refused when the other has no address', async () => {
    const { integrity } = await serveParent()
    await expect(readChild({ extends: 'not an address', 'extends#integrity': integrity })).rejects.toMatchObject({
      code: 'invalid_type_metadata',
    })
  })

  test('finds the other where the trust list says it is', async () => {
    const { parent, integrity } = await serveParent({ vct: 'urn:types:parent:1' })
    const located: string[] = []
    const locate = (vct: string) => {
      located.push(vct)
      return { uri: `${host}/parent/1`, integrity }
    }
    expect(await readChild({ extends: 'urn:types:parent:1' }, { locate })).toEqual({ vct: VCT, claims: parent.claims })
    expect(located).toEqual(['urn:types:parent:1'])
  })

  test('is refused when the trust list promises another document', async () => {
    const { integrity } = await serveParent({ vct: 'urn:types:parent:1' })
    const locate = () => ({ uri: `${host}/parent/1`, integrity: 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' })
    await expect(
      readChild({ extends: 'urn:types:parent:1', 'extends#integrity': integrity }, { locate }),
    ).rejects.toMatchObject({ code: 'invalid_integrity' })
  })
})

describe('what was read once', () => {
  test('is not fetched again, whoever serves it', async () => {
    const integrity = await serve('/diploma/1', { vct: VCT })
    const source = makeSource()
    await source.read(VCT, `${host}/diploma/1`, integrity)
    served.clear()
    expect(await source.read(VCT, `${host}/elsewhere`, integrity)).toMatchObject({ vct: VCT })
    expect(asked).toEqual(['/diploma/1'])
  })

  test('is fetched once for all who ask at the same time', async () => {
    const integrity = await serve('/diploma/1', { vct: VCT })
    const source = makeSource()
    await Promise.all(Array.from({ length: 20 }, () => source.read(VCT, `${host}/diploma/1`, integrity)))
    expect(asked).toEqual(['/diploma/1'])
  })

  test('does not stand for another document of the same type', async () => {
    const integrity = await serve('/diploma/1', { vct: VCT })
    const source = makeSource()
    await source.read(VCT, `${host}/diploma/1`, integrity)
    const other = await serve('/diploma/1', { vct: VCT, name: 'Diploma' })
    expect(await source.read(VCT, `${host}/diploma/1`, other)).toMatchObject({ name: 'Diploma' })
  })

  test('is forgotten when too many types came after it', async () => {
    const integrity = await serve('/diploma/1', { vct: VCT })
    const other = await serve('/other/1', { vct: 'urn:other:1' })
    const source = makeSource({ maxTypes: 1 })
    await source.read(VCT, `${host}/diploma/1`, integrity)
    await source.read('urn:other:1', `${host}/other/1`, other)
    await source.read(VCT, `${host}/diploma/1`, integrity)
    expect(asked).toEqual(['/diploma/1', '/other/1', '/diploma/1'])
  })

  test('but a failure is not kept', async () => {
    const integrity = await serve('/diploma/1', { vct: VCT })
    const source = makeSource()
    await expect(source.read(VCT, `${host}/nowhere`, integrity)).rejects.toThrow()
    expect(await source.read(VCT, `${host}/diploma/1`, integrity)).toMatchObject({ vct: VCT })
  })
})
