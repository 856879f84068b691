import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseIssuerProfile } from './profile.ts'

const FOLDER = new URL('../../profiles/', import.meta.url)
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'))
const files = readdirSync(FOLDER)
const school = parseIssuerProfile(read('roc-midden-nederland.json'))
const [diploma] = school.credentials

describe('the demo organisations', () => {
  test('are the seven that issue', () => {
    expect(files.map((file) => file.replace('.json', '')).sort()).toEqual([
      'grand-contex',
      'opleider-demo',
      'opleidingsfonds-logistiek',
      'pid',
      'roc-midden-nederland',
      'testexamens-heftruck',
      'uwv',
    ])
  })

  test.each(files)('%s is a profile, says demo in every name, and has the id of its file', (file) => {
    const { id, name } = parseIssuerProfile(read(file))
    expect(`${id}.json`).toBe(file)
    expect(name.nl).toContain('(demo)')
    expect(name.en).toContain('(demo)')
  })

  test('have an identifier each', () => {
    const identifiers = files.map((file) => parseIssuerProfile(read(file)).identifier)
    expect(new Set(identifiers).size).toBe(files.length)
  })
})

describe('refuses a profile', () => {
  test.each([
    ['with an id that is no path segment', { id: 'ROC/Utrecht' }, '/id'],
    ['with an id of the program itself', { id: 'v1' }, '/id'],
    ['with a name in one language', { name: { nl: 'ROC' } }, '/name'],
    ['with an identifier of another form', { identifier: '90001025' }, '/identifier'],
    ['that issues nothing', { credentials: [] }, '/credentials'],
    ['with a type that does not exist', { credentials: [{ ...diploma, type: 'zwemdiploma' }] }, '/credentials/0/type'],
    [
      'with larger batches than wallets expect',
      { credentials: [{ ...diploma, batchSize: 21 }] },
      '/credentials/0/batch',
    ],
    ['with a type twice', { credentials: [diploma, diploma] }, 'type twice'],
    ['with a member that is not known', { logo: 'x' }, 'malformed'],
    ['in a form that nobody knows', { credentials: [{ ...diploma, alsoAs: ['mso_mdoc'] }] }, '/credentials/0/alsoAs'],
    [
      'whose identity is shown as a whole',
      { credentials: [{ ...diploma, type: 'pid', alsoAs: ['jwt_vc_json'] }] },
      'never shown as a whole',
    ],
    ['whose learning account has a status', { credentials: [{ ...diploma, type: 'leerrekening' }] }, 'no status'],
  ])('%s', (_name, change, message) => {
    expect(() => parseIssuerProfile({ ...school, ...change })).toThrow(message)
  })
})
