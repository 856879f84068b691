import { createHash } from 'node:crypto'
import { nodeCrypto } from '@wegwijzer/keys/node'
import { describe, expect, test } from 'vitest'
import { encodeUtf8 } from '../jose/jose.ts'
import { makeIntegrity, verifyIntegrity } from './integrity.ts'

const document = encodeUtf8('{"vct":"https://wegwijzer.example/types/diploma/1"}')

function hash(name: string, data: Uint8Array | string = document): string {
  return `${name}-${createHash(name).update(data).digest('base64')}`
}

const [sha256, sha384, sha512] = [hash('sha256'), hash('sha384'), hash('sha512')]
const wrong256 = hash('sha256', 'another document')

describe('accepts', () => {
  test.each<[string, string]>([
    ['SHA-256', sha256],
    ['SHA-384', sha384],
    ['SHA-512', sha512],
    ['one of several hashes', `${wrong256} ${sha256}`],
    ['the strongest, whatever the weaker say', `${sha512} ${wrong256}`],
    ['what stands beside an unknown algorithm', `md5-AAAA ${sha256}`],
    ['white space and options', `  ${sha256}?ct=application/json\n`],
  ])('%s [SD-JWT VC draft -13 §7]', async (_name, integrity) => {
    await expect(verifyIntegrity(document, integrity, nodeCrypto)).resolves.toBeUndefined()
  })

  test('what it made itself', async () => {
    const integrity = await makeIntegrity(document, nodeCrypto)
    expect(integrity).toBe(sha256)
  })
})

describe('refuses, as invalid_integrity', () => {
  test.each<[string, string]>([
    ['another document', wrong256],
    ['a weaker hash that is right beside a stronger that is wrong', `${sha256} ${hash('sha384', 'another document')}`],
    ['no hash at all', ''],
    ['unknown algorithms only', 'md5-AAAA sha1-AAAA'],
    ['an algorithm in capitals', sha256.replace('sha256', 'SHA256')],
    ['a name that only begins with a known one', sha256.replace('sha256', 'sha2567')],
    ['a hash without padding', sha256.replaceAll('=', '')],
    ['base64url', `sha256-${createHash('sha256').update(document).digest('base64url')}`],
    ['hexadecimal', `sha256-${createHash('sha256').update(document).digest('hex')}`],
    ['a shortened hash', `${sha256.slice(0, 27)}=`],
    ['a known algorithm with the hash of another', sha512.replace('sha512', 'sha256')],
    ['a malformed hash beside a right one', `${sha256} sha256-!`],
    ['more than anyone needs', `${sha256} `.repeat(100)],
  ])('%s [SD-JWT VC draft -13 §7]', async (_name, integrity) => {
    await expect(verifyIntegrity(document, integrity, nodeCrypto)).rejects.toMatchObject({ code: 'invalid_integrity' })
  })

  test('a document with one octet more', async () => {
    const longer = new Uint8Array([...document, 0x0a])
    await expect(verifyIntegrity(longer, sha256, nodeCrypto)).rejects.toMatchObject({ code: 'invalid_integrity' })
  })
})
