import { nodeCrypto } from '@wegwijzer/keys/node'
import { describe, expect, test } from 'vitest'
import { encodeUtf8 } from '../jose/jose.ts'
import { extendTypeMetadata, MAX_EXTENDED_TYPES, resolveTypeMetadata } from './extended-type-metadata.ts'
import { makeIntegrity } from './integrity.ts'
import type { ClaimMetadata, TypeMetadata } from './type-metadata.ts'

const label = (text: string) => [{ locale: 'en', label: text }]

describe('a type that extends another', () => {
  const parent: TypeMetadata = {
    vct: 'parent',
    name: 'Parent',
    display: [{ locale: 'en', name: 'Parent' }],
    claims: [
      { path: ['name'], display: label('Full Name') },
      { path: ['address', 'city'], display: label('City'), sd: 'always', mandatory: true },
    ],
    transaction_data_types: { 'urn:example:payment:1': {} },
  }
  const child: TypeMetadata = {
    vct: 'child',
    extends: 'parent',
    'extends#integrity': 'sha256-AAAA',
    claims: [
      { path: ['address', 'city'], display: label('Town') },
      { path: ['nationalities'], display: label('Nationalities') },
    ],
  }

  test('has the claims of both, its own members first [SD-JWT VC draft -13 §9.5]', () => {
    expect(extendTypeMetadata(child, parent)).toEqual({
      vct: 'child',
      display: [{ locale: 'en', name: 'Parent' }],
      claims: [
        { path: ['name'], display: label('Full Name') },
        { path: ['address', 'city'], display: label('Town'), sd: 'always', mandatory: true },
        { path: ['nationalities'], display: label('Nationalities') },
      ],
    })
  })

  test('has its own display, where it has one, and nothing of the other [SD-JWT VC draft -13 §8.2]', () => {
    const display = [{ locale: 'nl', name: 'Kind' }]
    expect(extendTypeMetadata({ ...child, display }, parent).display).toEqual(display)
  })

  test('may be stricter [SD-JWT VC draft -13 §9.5.1]', () => {
    expect(extendClaim({ sd: 'allowed', mandatory: false }, { sd: 'never', mandatory: true })).toMatchObject({
      sd: 'never',
      mandatory: true,
    })
    expect(extendClaim({}, { sd: 'always' })).toMatchObject({ sd: 'always' })
    expect(extendClaim({ sd: 'always', mandatory: true }, { sd: 'always', mandatory: true })).toMatchObject({
      sd: 'always',
    })
  })

  test.each<[string, Partial<ClaimMetadata>, Partial<ClaimMetadata>]>([
    ['allow what was always', { sd: 'always' }, { sd: 'allowed' }],
    ['forbid what was always', { sd: 'always' }, { sd: 'never' }],
    ['allow what was never', { sd: 'never' }, { sd: 'allowed' }],
    ['demand what was never', { sd: 'never' }, { sd: 'always' }],
    ['make optional what was mandatory', { mandatory: true }, { mandatory: false }],
  ])('may not %s [SD-JWT VC draft -13 §9.5.1]', (_name, of, by) => {
    expect(() => extendClaim(of, by)).toThrow(expect.objectContaining({ code: 'invalid_type_metadata' }))
  })

  test('extends that one and no other [SD-JWT VC draft -13 §6.4]', () => {
    expect(() => extendTypeMetadata({ ...child, extends: 'other' }, parent)).toThrow(
      expect.objectContaining({ code: 'invalid_type_metadata' }),
    )
    expect(() => extendTypeMetadata({ vct: 'child' }, parent)).toThrow(
      expect.objectContaining({ code: 'invalid_type_metadata' }),
    )
  })

  function extendClaim(of: Partial<ClaimMetadata>, by: Partial<ClaimMetadata>): ClaimMetadata | undefined {
    const path = ['name']
    const extended = extendTypeMetadata(
      { vct: 'child', extends: 'parent', claims: [{ path, ...by }] },
      { vct: 'parent', claims: [{ path, ...of }] },
    )
    return extended.claims?.[0]
  }
})

describe('a type is read with all it extends', () => {
  test('through several generations, each with its integrity [SD-JWT VC draft -13 §6.4, §7]', async () => {
    const oldest = text({ vct: 'a', claims: [{ path: ['x'], sd: 'always' }] })
    const middle = text({
      vct: 'b',
      extends: 'a',
      'extends#integrity': await integrityOf(oldest),
      claims: [{ path: ['y'] }],
    })
    const youngest = text({ vct: 'c', extends: 'b', 'extends#integrity': await integrityOf(middle) })
    const reference = { vct: 'c', integrity: await integrityOf(youngest) }
    expect(await resolveTypeMetadata(reference, from({ a: oldest, b: middle, c: youngest }), nodeCrypto)).toEqual({
      vct: 'c',
      claims: [{ path: ['x'], sd: 'always' }, { path: ['y'] }],
    })
  })

  test('without integrity where none was promised', async () => {
    const retrieve = from({ a: text({ vct: 'a', name: 'A' }) })
    expect(await resolveTypeMetadata({ vct: 'a' }, retrieve, nodeCrypto)).toEqual({ vct: 'a', name: 'A' })
  })

  test('but not when a document is another than was promised [SD-JWT VC draft -13 §7]', async () => {
    const promised = await integrityOf(text({ vct: 'a' }))
    const changed = text({ vct: 'a', name: 'changed' })
    const child = text({ vct: 'b', extends: 'a', 'extends#integrity': promised })
    const refused = { code: 'invalid_integrity' }
    await expect(resolve({ vct: 'a', integrity: promised }, { a: changed })).rejects.toMatchObject(refused)
    await expect(resolve({ vct: 'b' }, { a: changed, b: child })).rejects.toMatchObject(refused)
  })

  test.each<[string, Record<string, string>]>([
    ['it is of another type', { a: text({ vct: 'b' }) }],
    ['what it extends is of another type', { a: text({ vct: 'a', extends: 'b' }), b: text({ vct: 'c' }) }],
    ['it extends itself', { a: text({ vct: 'a', extends: 'a' }) }],
    ['it extends itself by a detour', { a: text({ vct: 'a', extends: 'b' }), b: text({ vct: 'b', extends: 'a' }) }],
    [
      'the circle does not contain it',
      {
        a: text({ vct: 'a', extends: 'b' }),
        b: text({ vct: 'b', extends: 'c' }),
        c: text({ vct: 'c', extends: 'b' }),
      },
    ],
    ['it is no UTF-8', { a: '\ud800' }],
  ])('nor when %s [SD-JWT VC draft -13 §6.3, §10.3]', async (_name, documents) => {
    await expect(resolve({ vct: 'a' }, documents)).rejects.toMatchObject({ code: 'invalid_type_metadata' })
  })

  test('and a circle is found before a document is read twice [SD-JWT VC draft -13 §10.3]', async () => {
    const read: string[] = []
    const retrieve = async (vct: string) => {
      read.push(vct)
      return encodeUtf8(text({ vct, extends: vct === 'a' ? 'b' : 'a' }))
    }
    await expect(resolveTypeMetadata({ vct: 'a' }, retrieve, nodeCrypto)).rejects.toMatchObject({
      code: 'invalid_type_metadata',
    })
    expect(read).toEqual(['a', 'b'])
  })

  test('nor when the chain is too long', async () => {
    const retrieve = (length: number) => async (vct: string) =>
      encodeUtf8(text({ vct, ...(Number(vct) < length && { extends: String(Number(vct) + 1) }) }))
    await expect(resolveTypeMetadata({ vct: '0' }, retrieve(MAX_EXTENDED_TYPES), nodeCrypto)).resolves.toEqual({
      vct: '0',
      claims: [],
    })
    await expect(resolveTypeMetadata({ vct: '0' }, retrieve(MAX_EXTENDED_TYPES + 1), nodeCrypto)).rejects.toMatchObject(
      { code: 'invalid_type_metadata' },
    )
  })

  function text(metadata: object): string {
    return JSON.stringify(metadata)
  }

  function integrityOf(document: string): Promise<string> {
    return makeIntegrity(encodeUtf8(document), nodeCrypto)
  }

  function from(documents: Record<string, string>) {
    return async (vct: string) => toBytes(documents[vct] ?? '')
  }

  /** A lone surrogate stands for octets that are not UTF-8. */
  function toBytes(document: string): Uint8Array {
    return document === '\ud800' ? new Uint8Array([0xff]) : encodeUtf8(document)
  }

  function resolve(reference: { vct: string; integrity?: string }, documents: Record<string, string>) {
    return resolveTypeMetadata(reference, from(documents), nodeCrypto)
  }
})
