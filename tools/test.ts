/**
 * Runs every test and ends in one line `N passed, N failed, N skipped`.
 *
 * `--long` takes the long rounds of crash and fuzz tests; `--no-skips` fails when anything was skipped, as CI wants it where
 * the reference data is present. Other arguments are passed to vitest as filters.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Results {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

const root = fileURLToPath(new URL('..', import.meta.url))
const flags = process.argv.slice(2)
const filters = flags.filter((flag) => !flag.startsWith('--'))
const folder = mkdtempSync(join(tmpdir(), 'wegwijzer-test-'))
const outputFile = join(folder, 'results.json')

const run = spawnSync(
  process.execPath,
  [
    fileURLToPath(new URL('node_modules/vitest/vitest.mjs', new URL('..', import.meta.url))),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${outputFile}`,
    ...filters,
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...(flags.includes('--long') && { WEGWIJZER_LONG_TESTS: '1' }) },
  },
)

const results = readResults()
const skipped = results.numPendingTests + results.numTodoTests
// A file that cannot be loaded fails without a failed test in it: it counts for one.
const failedFiles = results.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
).length
// An error outside any test fails the run and is neither.
const counted = results.numFailedTests + failedFiles
const failed = run.status === 0 ? counted : Math.max(counted, 1)

for (const { fullName, status } of results.testResults.flatMap((file) => file.assertionResults)) {
  if (status === 'pending' || status === 'skipped' || status === 'todo') console.log(`skipped: ${fullName}`)
}
const skipsFail = flags.includes('--no-skips') && skipped > 0
if (skipsFail) console.log('Nothing may be skipped here: the reference data is present.')
console.log(`${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = failed > 0 || skipsFail || results.numPassedTests === 0 ? 1 : 0

function readResults(): Results {
  try {
    return JSON.parse(readFileSync(outputFile, 'utf8')) as Results
  } catch {
    return { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0, testResults: [] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
