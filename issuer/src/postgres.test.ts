import { runOnPostgres } from '../../tests/support/test-databases.ts'

/** The tests of everything that the issuer stores, once more, on PostgreSQL. */
await runOnPostgres(async () => {
  await import('./issuance/issuance.test.ts')
  await import('./issuance/single-use.test.ts')
  await import('./issuance/token-use.test.ts')
  await import('./operator/operator.test.ts')
  await import('./statements.test.ts')
  await import('./organisation/enrol.test.ts')
  await import('./status/allocation.test.ts')
  await import('./status/index-leases.test.ts')
  await import('./status/status.test.ts')
})
