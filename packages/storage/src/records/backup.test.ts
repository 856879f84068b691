import { describe, expect, test } from 'vitest'
import { sealBackup } from './backup.ts'
import { concat, encode } from './octets.ts'
import { wrapKey } from './passphrase-key.ts'
import { MAX_BACKUP_BYTES, openBackup } from './records.ts'
import { sealOctets } from './sealed-record.ts'

const PASSPHRASE = 'battery staple'
const RECORDS = [
  { collection: 'credentials', id: '1', value: { copies: ['a', 'b'], family_name: 'Jansen-de Vries' } },
  { collection: 'activity', id: '1', value: null },
]
const sealed = await sealBackup(RECORDS, PASSPHRASE)
const headerLength = sealed.indexOf(0x0a) + 1

test('a backup gives back every record', async () => {
  expect(await openBackup(sealed, PASSPHRASE)).toEqual(RECORDS)
})

test('an empty wallet has a backup too', async () => {
  expect(await openBackup(await sealBackup([], PASSPHRASE), PASSPHRASE)).toEqual([])
})

test('says what it is, and nothing of what is in it', () => {
  const text = Buffer.from(sealed).toString('latin1')
  expect(text.slice(0, headerLength)).toMatch(
    /^\{"format":"wegwijzer-backup","version":1,"key":\{"kdf":"argon2id",.*\}\n$/,
  )
  for (const secret of ['Jansen', 'credentials', PASSPHRASE]) expect(text).not.toContain(secret)
})

test('another passphrase opens nothing', async () => {
  await expect(openBackup(sealed, 'battery stable')).rejects.toMatchObject({ name: 'WrongPassphraseError' })
})

test('no passphrase makes no backup', async () => {
  await expect(sealBackup(RECORDS, '')).rejects.toThrow(TypeError)
})

describe('refuses a file that is not as it was made', () => {
  test.each([
    ['nothing', new Uint8Array()],
    ['another file', encode('%PDF-1.7\n')],
    ['JSON that is no backup', encode('{"format":"pdf","version":1,"key":{}}\n')],
    ['JSON that is no object', encode('null\n')],
    ['a header without an end', sealed.subarray(0, headerLength - 1)],
    ['a header without what it is the header of', sealed.subarray(0, headerLength)],
    ['all but the last octet', sealed.subarray(0, -1)],
    ['one octet more', concat(sealed, Uint8Array.of(0))],
    ['a newer version', rewritten('"version":1', '"version":2')],
    ['a space in the header', rewritten('"version":1', '"version": 1')],
    ['a member twice in the header', rewritten('"version":1', '"version":1,"version":1')],
    ['a member of another in the header', rewritten('"version":1', '"version":1,"__proto__":{"a":1}')],
    ['less memory for a guess', rewritten('"memoryKib":65536', '"memoryKib":64')],
    ['an absurd amount of memory', rewritten('"memoryKib":65536', '"memoryKib":4000000000')],
    ['an absurd number of passes', rewritten('"iterations":3', '"iterations":3000000')],
    ['more than is ever read', new Uint8Array(MAX_BACKUP_BYTES + 1)],
  ])('%s', async (_name, file) => {
    await expect(openBackup(file, PASSPHRASE)).rejects.toMatchObject({ name: 'DamagedDataError' })
  })

  test('one bit flipped, wherever it is', async () => {
    const places = [
      0,
      12,
      30,
      45,
      headerLength - 100,
      headerLength - 3,
      headerLength - 1,
      headerLength,
      headerLength + 12,
    ]
    for (const place of [...places, sealed.length - 1]) {
      const file = Uint8Array.from(sealed)
      file[place] = (file[place] ?? 0) ^ 1
      await expect(openBackup(file, PASSPHRASE), `octet ${place}`).rejects.toMatchObject({
        name: expect.stringMatching(/^(DamagedDataError|WrongPassphraseError)$/),
      })
    }
  })
})

test('content that no wallet has written is refused whole, also from somebody who has the passphrase', async () => {
  const right = '{"collection":"a","id":"1","value":1}'
  expect(await openBackup(await sealedAnyway(`[${right}]`), PASSPHRASE)).toEqual([JSON.parse(right)])
  const wrong = await sealedAnyway(`[${right},{"collection":"a","id":"2","value":{"__proto__":{"admin":true}}}]`)
  await expect(openBackup(wrong, PASSPHRASE)).rejects.toMatchObject({ name: 'DamagedDataError' })
})

function rewritten(from: string, to: string): Uint8Array {
  const header = Buffer.from(sealed.subarray(0, headerLength)).toString()
  if (!header.includes(from)) throw new Error(`the header holds no ${from}`)
  return concat(encode(header.replace(from, to)), sealed.subarray(headerLength))
}

/** A file as `sealBackup` would make it, of content that it would not. */
async function sealedAnyway(content: string): Promise<Uint8Array> {
  const key = crypto.getRandomValues(new Uint8Array(32))
  const wrapped = await wrapKey(key, PASSPHRASE)
  const header = encode(`${JSON.stringify({ format: 'wegwijzer-backup', version: 1, key: wrapped })}\n`)
  const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  return concat(header, await sealOctets(imported, encode(content), header))
}
