import { configDefaults, defineConfig } from 'vitest/config'

/** They run other files once more on PostgreSQL, which is a state of their process and needs those files not yet loaded. */
const ON_POSTGRES = '**/postgres.test.ts'

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          // Their tests leave nothing behind in the process, so one process takes many files: a third of the processor time.
          name: 'parts',
          include: [
            'packages/**/*.test.ts',
            'schemas/**/*.test.ts',
            'wallet/core/**/*.test.ts',
            '{issuer,verifier}/**/*.test.ts',
          ],
          exclude: [...configDefaults.exclude, ON_POSTGRES],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: [ON_POSTGRES, 'wallet/{cli,server,web}/**/*.test.ts', 'tools/**/*.test.ts', 'tests/**/*.test.ts'],
        },
      },
    ],
    // By default one core is left idle, and much of the time is spent waiting for programs and browsers.
    maxWorkers: '100%',
    globalSetup: 'tests/support/postgres-of-the-run.ts',
    // Real servers, real keys and real files: a slow machine may take a while, but nothing may hang for ever.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
