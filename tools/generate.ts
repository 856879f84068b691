/**
 * Generates every file that is made of others: the types of the claims, and docs/spec-coverage.md.
 *
 *     node tools/generate.ts          writes them
 *     node tools/generate.ts --check  fails when one is not what would be written
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { COVERAGE_PAGE, makeCoveragePage, readCoverage } from './generate-spec-coverage.ts'
import { GENERATED_FILE, makeGeneratedFile } from './generate-types.ts'

const GENERATED: readonly (readonly [URL, () => string])[] = [
  [GENERATED_FILE, makeGeneratedFile],
  [COVERAGE_PAGE, () => makeCoveragePage(readCoverage())],
]

const isCheck = process.argv.includes('--check')

for (const [file, make] of GENERATED) {
  const wanted = make()
  if (!isCheck) writeFileSync(file, wanted)
  else if (readFileSync(file, 'utf8') !== wanted) {
    process.stderr.write(`${fileURLToPath(file)} is stale: run \`npm run generate\`\n`)
    process.exitCode = 1
  }
}
