import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WalletRecords } from './wallet-records.ts'

export interface OpenRecords {
  readonly records: WalletRecords
  close(): void | Promise<void>
}

/** What every keeper of wallet records does, whatever it keeps them in. */
export function describeWalletRecords(keeper: string, open: () => Promise<OpenRecords>): void {
  describe(`the contract of wallet records, kept in ${keeper}`, () => {
    let opened: OpenRecords
    let records: WalletRecords
    beforeAll(async () => {
      opened = await open()
      records = opened.records
    })
    afterAll(() => opened.close())

    test('a record reads as it was written', async () => {
      const value = { text: 'é\u0000"', list: [1, [], {}, null, true], nested: { a: { b: -0.5 } } }
      await records.write([{ collection: 'read', id: '1', value }])
      expect(await records.read('read', '1')).toEqual(value)
    })

    test('what is not there reads as undefined, and lists as nothing', async () => {
      expect(await records.read('absent', '1')).toBeUndefined()
      expect(await records.list('absent')).toEqual([])
    })

    test('the same id in another collection is another record', async () => {
      await records.write([
        { collection: 'one', id: '1', value: 'one' },
        { collection: 'other', id: '1', value: 'other' },
      ])
      expect([await records.read('one', '1'), await records.read('other', '1')]).toEqual(['one', 'other'])
      expect(await records.list('one')).toEqual([{ id: '1', value: 'one' }])
    })

    test('a collection and an id are not run together', async () => {
      await records.write([{ collection: 'ab', id: 'c', value: 1 }])
      expect(await records.read('a', 'bc')).toBeUndefined()
    })

    test('lists in the order of ids', async () => {
      await records.write(['b', 'a', 'C', 'c'].map((id) => ({ collection: 'ordered', id, value: null })))
      expect((await records.list('ordered')).map(({ id }) => id)).toEqual(['C', 'a', 'b', 'c'])
    })

    test('writing again replaces, writing undefined deletes, deleting twice is no error', async () => {
      await records.write([{ collection: 'replaced', id: '1', value: 1 }])
      await records.write([{ collection: 'replaced', id: '1', value: 2 }])
      expect(await records.read('replaced', '1')).toBe(2)
      await records.write([{ collection: 'replaced', id: '1', value: undefined }])
      await records.write([{ collection: 'replaced', id: '1', value: undefined }])
      expect(await records.list('replaced')).toEqual([])
    })

    test('what was read or written is a copy: changing it changes no record', async () => {
      const value = { copies: ['a'] }
      await records.write([{ collection: 'copied', id: '1', value }])
      value.copies.push('b')
      expect(await records.read('copied', '1')).toEqual({ copies: ['a'] })
    })

    test('a write whose expectation is wrong changes nothing, also of its other records', async () => {
      await records.write([{ collection: 'atomic', id: '1', value: 'now' }])
      const write = records.write([
        { collection: 'atomic', id: '2', value: 'new' },
        { collection: 'atomic', id: '1', value: 'next', expected: 'before' },
        { collection: 'atomic', id: '3', value: 'new' },
      ])
      await expect(write).rejects.toMatchObject({ name: 'RecordConflictError' })
      expect(await records.list('atomic')).toEqual([{ id: '1', value: 'now' }])
    })

    test.each([
      ['it is there, in another order of members', { a: 1, b: [2] }, { b: [2], a: 1 }, true],
      ['it is there, and has one member more', { a: 1, b: 2 }, { a: 1 }, false],
      ['it is there, and has one member less', { a: 1 }, { a: 1, b: 2 }, false],
      ['a list is longer', [1, 2], [1], false],
      ['it is an object and no list', {}, [], false],
      ['it is null and no object', null, {}, false],
      ['it should be absent and is', undefined, undefined, true],
      ['it should be absent and is not', 1, undefined, false],
      ['it should be there and is not', undefined, 1, false],
    ])('a change is made only if the record is what was expected: %s', async (title, value, expected, isMade) => {
      await records.write([{ collection: 'expected', id: title, value }])
      const write = records.write([{ collection: 'expected', id: title, value: 'changed', expected }])
      await (isMade ? write : expect(write).rejects.toMatchObject({ name: 'RecordConflictError' }))
      expect(await records.read('expected', title)).toEqual(isMade ? 'changed' : value)
    })

    test('twenty parallel uses of one copy: exactly one gets it', async () => {
      await records.write([{ collection: 'copies', id: 'diploma', value: { copies: ['only'] } }])
      const uses = await Promise.allSettled(
        Array.from({ length: 20 }, async () => {
          const expected = await records.read('copies', 'diploma')
          await records.write([{ collection: 'copies', id: 'diploma', value: { copies: [] }, expected }])
        }),
      )
      expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    })

    test.each([
      ['an empty id', { collection: 'refused', id: '', value: 1 }],
      ['an endless id', { collection: 'refused', id: 'x'.repeat(513), value: 1 }],
      ['half a character', { collection: 'refused', id: '\ud83d', value: 1 }],
      ['what is no number in JSON', { collection: 'refused', id: '1', value: Number.NaN }],
      ['a member __proto__', { collection: 'refused', id: '1', value: JSON.parse('{"__proto__":{}}') }],
      [
        'a value nested too deep',
        { collection: 'refused', id: '1', value: JSON.parse('['.repeat(65) + ']'.repeat(65)) },
      ],
      ['an endless value', { collection: 'refused', id: '1', value: 'x'.repeat(4_000_000) }],
    ])('refuses %s, and the whole write with it', async (_name, change) => {
      const write = records.write([{ collection: 'refused', id: 'other', value: 1 }, change])
      await expect(write).rejects.toThrow(TypeError)
      expect(await records.list('refused')).toEqual([])
    })

    test('refuses two changes of one record in one write', async () => {
      const twice = [1, 2].map((value) => ({ collection: 'refused', id: '1', value }))
      await expect(records.write(twice)).rejects.toThrow(TypeError)
      expect(await records.list('refused')).toEqual([])
    })
  })
}
