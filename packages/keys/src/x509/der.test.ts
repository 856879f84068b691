import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  elementsOf,
  membersOf,
  readAscii,
  readBitString,
  readDer,
  readFlags,
  readObjectIdentifier,
  readText,
  readTime,
  readTrue,
  readUnsigned,
  TAG,
  toHex,
} from './der.ts'
import {
  writeBitString,
  writeDer,
  writeFlags,
  writeObjectIdentifier,
  writeSequence,
  writeText,
  writeTime,
  writeTrue,
  writeUnsigned,
} from './der-writer.ts'

const INVALID = expect.objectContaining({ name: 'ProtocolError', code: 'invalid_certificate' })

/** @param hex With spaces where they help. */
function octets(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/[0-9a-f]{2}/g) ?? [], (octet) => Number.parseInt(octet, 16))
}

describe('what was written is read again', () => {
  test('contents of any length', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535]) {
      const contents = new Uint8Array(length).fill(7)
      expect(readDer(writeDer(TAG.octetString, contents))).toMatchObject({ tag: TAG.octetString, contents })
    }
    expect(() => writeDer(TAG.octetString, new Uint8Array(65_536))).toThrow(RangeError)
  })

  test('numbers', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 200n }), (number) => {
        const hex = number === 0n ? '' : number.toString(16)
        const magnitude = octets(hex.length % 2 ? `0${hex}` : hex)
        expect(readUnsigned(readDer(writeUnsigned(magnitude)))).toEqual(magnitude)
      }),
    )
  })

  test('flags', () => {
    for (let flags = 1; flags < 256; flags++) expect(readFlags(readDer(writeFlags(flags)))).toBe(flags)
  })

  test('dates from 1950 until 9999', () => {
    const [from, until] = [Date.UTC(1950, 0, 1) / 1000, Date.UTC(9999, 11, 31, 23, 59, 59) / 1000]
    fc.assert(
      fc.property(fc.integer({ min: from, max: until }), (seconds) => {
        expect(readTime(readDer(writeTime(seconds)))).toBe(seconds)
      }),
    )
    expect(readDer(writeTime(Date.UTC(2049, 11, 31) / 1000)).tag).toBe(TAG.utcTime)
    expect(readDer(writeTime(Date.UTC(2050, 0, 1) / 1000)).tag).toBe(TAG.generalizedTime)
  })

  test('texts', () => {
    const codePoint = fc.integer({ min: 0, max: 0x10ffff }).filter((code) => code < 0xd800 || code > 0xdfff)
    fc.assert(
      fc.property(fc.string({ unit: codePoint.map((code) => String.fromCodePoint(code)) }), (text) => {
        expect(readText(readDer(writeText(TAG.utf8String, text)))).toBe(text)
      }),
    )
  })

  test('texts of the two alphabets that are older', () => {
    const read = (tag: number, text: string) => readText(readDer(writeText(tag, text)))
    expect(read(TAG.printableString, "ROC (demo), nr. 1/2 - a+b=c: 'x'?")).toBe("ROC (demo), nr. 1/2 - a+b=c: 'x'?")
    expect(read(TAG.ia5String, 'https://school.example/*_~')).toBe('https://school.example/*_~')
  })

  test.each([
    ['06 03 2a 81 00', 'whose arc ends in a zero'],
    ['06 04 2a 81 80 01', 'whose arc has a zero within'],
  ])('an object identifier %s, %s [X.690 §8.19]', (hex) => {
    expect(readObjectIdentifier(readDer(octets(hex)))).toBe(hex.slice(6).replaceAll(' ', ''))
  })

  test.each([
    ['03 01 00', 0],
    ['03 02 07 80', 0x80],
    ['03 02 00 81', 0x81],
    ['03 03 07 06 80', 0x06],
  ])('flags %s [X.690 §11.2]', (hex, flags) => {
    expect(readFlags(readDer(octets(hex)))).toBe(flags)
  })

  test('the rest', () => {
    expect(readTrue(readDer(writeTrue()))).toBe(true)
    expect(readObjectIdentifier(readDer(writeObjectIdentifier('2a8648ce3d0201')))).toBe('2a8648ce3d0201')
    expect(toHex(readBitString(readDer(writeBitString(octets('04 ff')))))).toBe('04ff')
    expect(elementsOf(readDer(writeSequence(writeTrue(), writeTrue())))).toHaveLength(2)
  })
})

describe('refuses, as invalid_certificate', () => {
  test.each([
    ['nothing', ''],
    ['a tag alone', '05'],
    ['a length beyond the end', '04 02 00'],
    ['something after it', '05 00 00'],
    ['a length that is not told', '30 80 00 00'],
    ['a short length in the long form', '04 81 01 00'],
    ['a length with a leading zero', `04 82 00 80 ${'00'.repeat(128)}`],
    ['a length in three octets', `04 83 01 00 00 ${'00'.repeat(65_536)}`],
    ['the reserved length', '04 ff 00'],
    ['a tag in more than one octet', '1f 81 01 00'],
  ])('%s [X.690 §8.1, §10.1]', (_name, hex) => {
    expect(() => readDer(octets(hex))).toThrow(INVALID)
  })

  test.each([
    ['an empty number', '02 00'],
    ['a negative number', '02 01 80'],
    ['a number with a zero too many', '02 02 00 7f'],
  ])('%s [X.690 §8.3]', (_name, hex) => {
    expect(() => readUnsigned(readDer(octets(hex)))).toThrow(INVALID)
  })

  test.each([
    ['true in another octet', '01 01 01'],
    ['false, which is the default', '01 01 00'],
    ['true twice', '01 02 ff ff'],
    ['neither', '01 00'],
  ])('%s [X.690 §11.1]', (_name, hex) => {
    expect(() => readTrue(readDer(octets(hex)))).toThrow(INVALID)
  })

  test.each([
    ['none', '06 00'],
    ['one that is cut off', '06 03 55 1d 80'],
    ['one with a zero too many', '06 04 55 1d 80 0f'],
    ['one that begins with a zero too many', '06 02 80 01'],
  ])('an object identifier: %s [X.690 §8.19]', (_name, hex) => {
    expect(() => readObjectIdentifier(readDer(octets(hex)))).toThrow(INVALID)
  })

  test.each([
    ['no count of unused bits', '03 00'],
    ['bits that are not whole octets', '03 02 01 02'],
  ])('a key or signature with %s [X.690 §8.6]', (_name, hex) => {
    expect(() => readBitString(readDer(octets(hex)))).toThrow(INVALID)
  })

  test.each([
    ['no count of unused bits', '03 00'],
    ['more unused bits than there are', '03 02 08 00'],
    ['unused bits without an octet', '03 01 01'],
    ['a zero at the end', '03 02 00 80'],
    ['an unused bit that is set', '03 02 07 81'],
    ['an octet without a flag at the end', '03 03 00 80 00'],
  ])('flags with %s [X.690 §11.2]', (_name, hex) => {
    expect(() => readFlags(readDer(octets(hex)))).toThrow(INVALID)
  })

  test.each([
    ['a day that does not exist', TAG.utcTime, '260231000000Z'],
    ['hour 24', TAG.utcTime, '261001240000Z'],
    ['a leap second', TAG.utcTime, '261231235960Z'],
    ['no seconds', TAG.utcTime, '2610010000Z'],
    ['no zone', TAG.utcTime, '261001000000'],
    ['another zone', TAG.utcTime, '261001000000+0100'],
    ['four digits of a year in two', TAG.utcTime, '20261001000000Z'],
    ['two digits of a year in four', TAG.generalizedTime, '261001000000Z'],
    ['a part of a second', TAG.generalizedTime, '20600101000000.5Z'],
    ['a sign', TAG.generalizedTime, '+2026100100000Z'],
    ['nothing', TAG.utcTime, ''],
    ['a text', TAG.utf8String, '20261001000000Z'],
  ])('a date with %s [RFC 5280 §4.1.2.5]', (_name, tag, text) => {
    expect(() => readTime(readDer(writeText(tag, text)))).toThrow(INVALID)
  })

  test.each([
    ['UTF-8 that is none', TAG.utf8String, 'c3 28'],
    ['a surrogate', TAG.utf8String, 'ed a0 80'],
    ['a PrintableString with an asterisk', TAG.printableString, '2a'],
    ['an IA5String beyond ASCII', TAG.ia5String, 'eb'],
    ['a string of another type', 0x1e, '00 41'],
  ])('%s', (_name, tag, hex) => {
    expect(() => readText(readDer(writeDer(tag, octets(hex))))).toThrow(INVALID)
  })

  test('an octet beyond ASCII where a host or URI is', () => {
    expect(() => readAscii(octets('6e 6c eb'))).toThrow(INVALID)
  })

  test('a member that is missing, another one, or one too many', () => {
    const members = () => membersOf(readDer(writeSequence(writeTrue(), writeUnsigned(octets('05')))))
    expect(() => members().next(TAG.integer)).toThrow(INVALID)
    expect(() => members().end()).toThrow(INVALID)
    const all = members()
    expect(all.optional(TAG.integer)).toBeUndefined()
    expect([all.next(TAG.boolean).tag, all.next(TAG.integer).tag]).toEqual([TAG.boolean, TAG.integer])
    expect(() => all.next(TAG.integer)).toThrow(INVALID)
    all.end()
    expect(() => elementsOf(readDer(writeTrue()))).toThrow(INVALID)
  })
})
