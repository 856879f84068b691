import { runOnPostgres } from '../../tests/support/test-databases.ts'

/** The tests of everything that the verifier stores, once more, on PostgreSQL. */
await runOnPostgres(async () => {
  await import('./operator/operator.test.ts')
  await import('./statements.test.ts')
  await import('./organisation/enrol.test.ts')
  await import('./presentation/cross-device.test.ts')
  await import('./presentation/same-device.test.ts')
  await import('./presentation/single-use.test.ts')
  await import('./sweep.test.ts')
  await import('./trust-list-memory.test.ts')
})
