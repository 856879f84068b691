import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'packages/**/*.test.ts',
      'schemas/**/*.test.ts',
      'wallet/**/*.test.ts',
      'issuer/**/*.test.ts',
      'verifier/**/*.test.ts',
      'tools/**/*.test.ts',
      'tests/**/*.test.ts',
    ],
    globalSetup: 'tests/support/postgres-of-the-run.ts',
    // Real servers, real keys and real files: a slow machine may take a while, but nothing may hang for ever.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
