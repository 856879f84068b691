import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'

/** The engine's own conversion taken away, as in Node 24 and older browsers. */
async function importWithoutNative(): Promise<typeof import('./base64url.ts')> {
  const { fromBase64 } = Uint8Array as { fromBase64?: unknown }
  vi.resetModules()
  Reflect.deleteProperty(Uint8Array, 'fromBase64')
  try {
    return await import('./base64url.ts')
  } finally {
    if (fromBase64 !== undefined) Object.assign(Uint8Array, { fromBase64 })
  }
}

const ENGINES = [
  { name: 'this engine', module: await import('./base64url.ts') },
  { name: 'an older engine', module: await importWithoutNative() },
]

/** Base64url by its grammar alone, to compare the acceptance of the others with. */
function isBase64url(text: string): boolean {
  return /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])?$/.test(text)
}

/** Mostly right, often wrong in one place. */
const spellings = fc.oneof(
  fc.string({
    unit: fc.constantFrom(...'AQgwEx4_-09', '=', '+', '/', ' ', '\n', '\t', '\0', 'é', '０', '😀'),
    maxLength: 12,
  }),
  fc
    .tuple(fc.uint8Array({ maxLength: 40 }), fc.nat(), fc.constantFrom('', '=', '==', '\n', ' ', 'A', 'B', '+', 'ſ'))
    .map(([bytes, at, inserted]) => {
      const text = Buffer.from(bytes).toString('base64url')
      return text.slice(0, at % (text.length + 1)) + inserted + text.slice(at % (text.length + 1))
    }),
)

describe.each(ENGINES)('in $name', ({ module }) => {
  const { decodeBase64, decodeBase64url, decodeTextBase64url, decodeUtf8, encodeBase64, encodeBase64url } = module
  const { encodeTextBase64url, encodeUtf8 } = module

  test('what was encoded decodes to the same octets, in one spelling', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = encodeBase64url(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64url'))
        expect(decodeBase64url(text)).toEqual(Uint8Array.from(bytes))
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
        expect(decodeBase64(encodeBase64(bytes))).toEqual(Uint8Array.from(bytes))
      }),
    )
  })

  test('exactly what the grammar allows is accepted [RFC 7515 §2]', () => {
    fc.assert(
      fc.property(spellings, (text) => {
        const accepted = isBase64url(text)
        expect(outcome(() => decodeBase64url(text))).toEqual(
          accepted ? Uint8Array.from(Buffer.from(text, 'base64url')) : 'invalid_base64url',
        )
      }),
      { numRuns: 5_000 },
    )
  })

  test('a text is decoded as its octets are, and refused as they are', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          spellings,
          fc.string({ unit: 'binary' }).map((text) => encodeTextBase64url(text)),
        ),
        (text) => {
          expect(outcome(() => decodeTextBase64url(text))).toEqual(outcome(() => decodeUtf8(decodeBase64url(text))))
        },
      ),
      { numRuns: 5_000 },
    )
  })

  test.each([0, 1, 2730, 2731, 6144, 6145, 8192, 8193, 100_000])('a text of %i characters comes back', (length) => {
    for (const character of ['a', 'é', '€']) {
      const text = character.repeat(length)
      const encoded = encodeTextBase64url(text)
      expect(encoded).toBe(encodeBase64url(encodeUtf8(text)))
      expect(decodeTextBase64url(encoded)).toBe(text)
      expect(outcome(() => decodeTextBase64url(`${encoded}=`))).toBe('invalid_base64url')
    }
  })

  test('a short text after a long one has nothing of it', () => {
    expect(decodeTextBase64url(encodeTextBase64url('a'.repeat(500)))).toHaveLength(500)
    expect(decodeTextBase64url(encodeTextBase64url('b'))).toBe('b')
  })

  describe('refuses a second spelling of the same octets', () => {
    test.each([
      ['padding', 'QQ=='],
      ['white space', 'QUJD\n'],
      ['white space in the place of a character', 'QUJDQ\n'],
      ['the plain alphabet', '+/+/'],
      ['non-zero trailing bits, one octet', 'QR'],
      ['non-zero trailing bits, two octets', 'QUL'],
      ['a lone character', 'QUJDR'],
      ['a character that is like one of the alphabet', 'QUJDſ'],
    ])('%s [RFC 7515 §2]', (_name, text) => {
      expect(() => decodeBase64url(text)).toThrow(expect.objectContaining({ code: 'invalid_base64url' }))
      expect(() => decodeTextBase64url(text)).toThrow(expect.objectContaining({ code: 'invalid_base64url' }))
    })

    test('plain base64 without its padding [RFC 4648 §4]', () => {
      expect(() => decodeBase64('QQ')).toThrow(expect.objectContaining({ code: 'invalid_base64' }))
    })
  })

  test('octets that are no UTF-8 are no text', () => {
    for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80]]) {
      const text = encodeBase64url(Uint8Array.from(bytes))
      expect(() => decodeTextBase64url(text)).toThrow(expect.objectContaining({ code: 'invalid_utf8' }))
    }
  })
})

/** What it returns, or the code of what it throws. */
function outcome(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    if (error instanceof Error && 'code' in error) return error.code
    throw error
  }
}
