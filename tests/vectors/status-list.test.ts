import { readdirSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { decodeBase64url, makeJwt, parseJws, readClaims } from '@wegwijzer/protocol/jose'
import {
  decompressStatusBitmap,
  deflateWithStreams,
  makeStatusBitmap,
  makeStatusListToken,
  readStatusValue,
  readStatusX5c,
  type StatusBits,
  setStatusValue,
  verifyStatusListToken,
} from '@wegwijzer/protocol/status-list'
import { expect, test } from 'vitest'
import {
  describeWithReferenceData,
  hasReferenceData,
  readReferenceJson,
  readReferenceText,
  referencePath,
} from '../support/reference-data.ts'

interface Vector {
  readonly bits: StatusBits
  readonly lst: string
  readonly set: Readonly<Record<string, number>>
  readonly size: number
}

const EXAMPLES = 'vectors/spec-examples/token-status-list'
const NOW = 1_700_000_000
const URI = 'https://example.com/statuslists/1'

const vectors = hasReferenceData ? readReferenceJson<Vector[]>('vectors/status-list-vectors.json') : []
const signer = generateNodeSigner()
const key = await nodeCrypto.importVerificationKey(signer.publicJwk)

function readExample(name: string): string {
  return readReferenceText(`${EXAMPLES}/${name}`)
}

/** The examples break long lines inside their JSON. */
function withoutBreaks(text: string): string {
  return text.replaceAll(/\n\s*/g, '')
}

describeWithReferenceData('the test vectors of Token Status List', () => {
  test.each(vectors.map((vector) => [vector.bits, vector] as const))(
    'a list of %d bits says everywhere what it must',
    async (bits, { lst, set, size }) => {
      const token = await makeJwt({ typ: 'statuslist+jwt' }, { sub: URI, iat: NOW, status_list: { bits, lst } }, signer)
      for (const inflate of [
        undefined,
        (packed: Uint8Array, max: number) => inflateSync(packed, { maxOutputLength: max }),
      ]) {
        const list = await verifyStatusListToken(token, { uri: URI, key, now: NOW, ...(inflate && { inflate }) })
        expect(list.size).toBe(size)
        const found: Record<string, number> = {}
        for (let index = 0; index < size; index++) {
          const value = readStatusValue(list, index)
          if (value !== 0) found[index] = value
        }
        expect(found).toEqual(Object.fromEntries(Object.entries(set).filter(([, value]) => value !== 0)))
      }
    },
  )

  test.each(vectors.map((vector) => [vector.bits, vector] as const))(
    'a list of %d bits that we make says the same',
    async (bits, { lst, set, size }) => {
      const bitmap = makeStatusBitmap(bits, size)
      for (const [index, value] of Object.entries(set)) setStatusValue({ bits, bitmap }, Number(index), value)
      expect(Buffer.compare(bitmap, inflateSync(decodeBase64url(lst)))).toBe(0)
      const token = await makeStatusListToken({ subject: URI, bits, bitmap, issuedAt: NOW, signer })
      const list = await verifyStatusListToken(token, { uri: URI, key, now: NOW })
      expect(Buffer.compare(list.bitmap, bitmap)).toBe(0)
    },
  )

  test('there are vectors for every width', () => {
    expect(vectors.map(({ bits }) => bits)).toEqual([1, 2, 4, 8])
  })
})

describeWithReferenceData('the examples of Token Status List', () => {
  test('the two short lists unpack to the octets that are printed beside them [§4.1]', async () => {
    for (const name of ['status_list_encoding_json.md', 'status_list_encoding2_json.md']) {
      const text = readExample(name)
      const printed = [...(text.split('\n')[0] ?? '').matchAll(/0x([0-9a-f]{2})/g)].map(([, hex]) =>
        Number.parseInt(hex ?? '', 16),
      )
      const lst = /"lst": "([^"]+)"/.exec(text)?.[1] ?? ''
      expect(printed.length).toBeGreaterThan(1)
      expect([...(await decompressStatusBitmap(decodeBase64url(lst), printed.length))]).toEqual(printed)
      expect([...inflateSync(await deflateWithStreams(Uint8Array.from(printed)))]).toEqual(printed)
    }
  })

  test('the long lists are the vectors', () => {
    const names = readdirSync(referencePath(EXAMPLES)).filter((name) => /(long|[48])_json\.md$/.test(name))
    expect(names).toHaveLength(4)
    for (const name of names) {
      const { bits, lst } = JSON.parse(withoutBreaks(readExample(name))) as { bits: number; lst: string }
      expect(vectors.find((vector) => vector.bits === bits)?.lst).toBe(lst)
    }
  })

  test('the token has the type that we demand, and carries no certificates [§5.1]', async () => {
    const compact = withoutBreaks(readExample('status_list_jwt_raw.md'))
    expect(readStatusX5c(compact)).toBeUndefined()
    // Its key is not published, so another key must not verify it.
    await expect(verifyStatusListToken(compact, { uri: URI, key, now: NOW })).rejects.toMatchObject({
      code: 'invalid_status_list',
      message: expect.stringContaining('signature'),
    })
  })
})

describeWithReferenceData('the CBOR and CWT forms of Token Status List, which are not known here', () => {
  const names = hasReferenceData
    ? readdirSync(referencePath(EXAMPLES)).filter((name) => /_(cbor|cwt)(_diag)?\.md$/.test(name))
    : []
  /** The octets that an example prints, without its diagram. */
  const hexOf = (name: string) => (readExample(name).match(/^(?:[0-9a-f]{2}){2,}$/gm) ?? []).join('')

  test.each(names)('%s is refused as a token', async (name) => {
    for (const form of [readExample(name), Buffer.from(hexOf(name), 'hex').toString('base64url')]) {
      await expect(verifyStatusListToken(form, { uri: URI, key, now: NOW })).rejects.toMatchObject({
        code: 'invalid_status_list',
      })
    }
  })

  test.each(names.filter((name) => /encoding[0-9]?(_long)?_cbor\.md$/.test(name)))(
    '%s holds the compressed list of its JSON form [§4.3]',
    (name) => {
      const { lst } = JSON.parse(`{${/"lst": "[^"]+"/.exec(withoutBreaks(readExample(name.replace('cbor', 'json'))))}}`)
      // A CBOR text string of three characters, `lst`, and after it a byte string with its length in front.
      expect(hexOf(name)).toMatch(/^a264626974730[1248]636c7374/)
      expect(hexOf(name).endsWith(Buffer.from(decodeBase64url(lst)).toString('hex'))).toBe(true)
    },
  )

  test('there are those of every width, and a token', () => {
    expect(names).toHaveLength(12)
  })
})

describeWithReferenceData('the printed parts of the Status List Token', () => {
  test('are those of the token [§5.1]', () => {
    const [header = '', payload = ''] = readExample('status_list_jwt.md').split(/^\.$/m)
    const jws = parseJws(withoutBreaks(readExample('status_list_jwt_raw.md')))
    expect(jws.header).toEqual(JSON.parse(header))
    expect(readClaims(jws)).toMatchObject(JSON.parse(payload) as object)
  })
})
