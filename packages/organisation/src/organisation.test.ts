import { describe, expect, test } from 'vitest'
import { NOW, openTestDatabase } from './database.testing.ts'
import { insertOrganisation, isOrganisationId, listOrganisations, readOrganisation } from './organisation.ts'

test('an organisation comes back as it was stored', async () => {
  const db = await openTestDatabase()
  const organisation = {
    id: 'roc-midden-nederland',
    profile: { name: 'ROC', mayIssue: ['diploma'] },
    createdAt: NOW + 5,
  }
  expect(await insertOrganisation(db, organisation)).toBe(true)
  expect(await readOrganisation(db, 'roc-midden-nederland')).toEqual(organisation)
  expect(await readOrganisation(db, 'roc')).toBeUndefined()
  expect(await listOrganisations(db)).toEqual(['grand-contex', 'roc-midden-nederland', 'uwv'])
})

test('an id that is taken stays with who has it', async () => {
  const db = await openTestDatabase()
  expect(await insertOrganisation(db, { id: 'uwv', profile: { name: 'other' }, createdAt: NOW + 1 })).toBe(false)
  expect(await readOrganisation(db, 'uwv')).toEqual({ id: 'uwv', profile: { name: 'UWV' }, createdAt: NOW })
})

describe('an id', () => {
  test.each([['uwv'], ['roc-midden-nederland'], ['pid'], ['a1-2'], ['a'.repeat(63)]])('may be %s', (id) => {
    expect(isOrganisationId(id)).toBe(true)
  })

  test.each([
    ['empty', ''],
    ['upper case', 'UWV'],
    ['a slash', 'a/b'],
    ['a dot', '.well-known'],
    ['a hyphen at the end', 'a-'],
    ['two hyphens', 'a--b'],
    ['a digit first', '1a'],
    ['a line break at its end', 'uwv\n'],
    ['a space', 'a b'],
    ['64 characters', 'a'.repeat(64)],
    ['a path of the service itself', 'health'],
    ['the version', 'v1'],
    ['no text', 42],
  ])('may not have or be %s', async (_name, id) => {
    expect(isOrganisationId(id)).toBe(false)
    const db = await openTestDatabase()
    await expect(insertOrganisation(db, { id: String(id), profile: {}, createdAt: NOW })).rejects.toThrow(TypeError)
  })
})
