import { migrate, openDatabase } from '@wegwijzer/storage/sql'
import { expect, onTestFinished, test } from 'vitest'
import { testDatabaseUrl } from '../../tests/support/test-databases.ts'
import { MIGRATIONS } from './migrations.ts'
import type { VerifierTables } from './tables.ts'
import { makeTrustListMemory } from './trust-list-memory.ts'

test('how far the trust list has come is never forgotten, per anchor', async () => {
  const url = await testDatabaseUrl()
  const db = await openDatabase<VerifierTables>(url === undefined ? { file: ':memory:' } : { url, schema: 'verifier' })
  onTestFinished(() => db.destroy())
  await migrate(db, MIGRATIONS)
  const memory = makeTrustListMemory(db, 'anchor-1')
  expect(await memory.read()).toBeUndefined()
  for (const sequence of [5, 7, 6]) await memory.write(sequence)
  expect(await memory.read()).toBe(7)
  expect(await makeTrustListMemory(db, 'anchor-2').read()).toBeUndefined()
})
