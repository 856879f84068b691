/**
 * Generates every file that is made of others: the types of the claims, and docs/spec-coverage.md.
 *
 *     node tools/generate.ts          writes them
 *     node tools/generate.ts --check  fails when one is not what would be written
 */
import { run as generateSpecCoverage } from './generate-spec-coverage.ts'
import { run as generateTypes } from './generate-types.ts'

const parameters = process.argv.slice(2)
process.exitCode = Math.max(...[generateTypes, generateSpecCoverage].map((generate) => generate(parameters)))
