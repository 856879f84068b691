import { defineConfig } from 'vitest/config'

/** The tests that mutants of one folder are tried against: those beside its code. Examples of a README are about other things. */
export default defineConfig({
  test: {
    include: [`${process.env.WEGWIJZER_MUTATED_FOLDER}/**/*.test.ts`],
    exclude: ['**/node_modules/**', '**/readme.test.ts'],
    testTimeout: 30_000,
  },
})
