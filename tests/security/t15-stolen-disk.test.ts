import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { attackWorld } from './attacked.testing.ts'
import { expectNone, haveEverythingHappen } from './happened.testing.ts'

/** T15: after everything has happened once, what a thief of the disk has. */
const world = await attackWorld()
const { secrets, unlogged, txCodes } = await haveEverythingHappen(world)

describe('a thief of the database files', () => {
  /** Read by another process: closing a second descriptor would drop SQLite's locks in this one. */
  const files = () => {
    const names = readdirSync(world.dataDir).filter((name) => /\.sqlite(-wal)?$/.test(name))
    expect(names).toEqual(expect.arrayContaining(['issuer.sqlite', 'verifier.sqlite']))
    const paths = names.map((name) => join(world.dataDir, name))
    return execFileSync('cat', paths, { encoding: 'latin1', maxBuffer: 2 ** 28 })
  }

  test('finds what was stored, so that what is not found below is not there', () => {
    expect(files()).toContain(unlogged.get('offer 1'))
    expect(files()).toContain(unlogged.get('handle'))
  })

  test('finds no code, token, key, cookie, nonce or credential', () => {
    expectNone(files(), secrets)
  })

  test('finds no transaction code, nor a hash that can be tried without the master key', () => {
    const text = files()
    // Six digits may stand somewhere by chance, but not of two offers.
    expect(txCodes.filter((code) => text.includes(code)).length).toBeLessThan(2)
    for (const [at, txCode] of txCodes.entries()) {
      for (const tried of [
        txCode,
        `${secrets.get(`code ${at + 1}`)}\0${txCode}`,
        `${secrets.get(`code ${at + 1}`)}${txCode}`,
      ]) {
        for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const) {
          expect(text).not.toContain(createHash('sha256').update(tried).digest(encoding))
        }
      }
    }
  })

  test('finds no private key', () => {
    expect(files()).not.toMatch(/PRIVATE KEY|"d":"[A-Za-z0-9_-]{43}"/)
  })
})
