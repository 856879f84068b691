import { runOnPostgres } from '../../../tests/support/test-databases.ts'

/** The tests of everything that is stored here, once more, on PostgreSQL. */
await runOnPostgres(async () => {
  await import('./api-key.test.ts')
  await import('./organisation.test.ts')
  await import('./signing-key.test.ts')
})
