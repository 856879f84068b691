/**
 * Mutation testing of packages/protocol and packages/keys, folder by folder: each change of the code that its own tests do
 * not notice is a survivor (docs/mutation.md).
 *
 * Stryker is installed on the first run, into .tools/mutate: nothing else needs its two hundred packages. Arguments are
 * folders, such as `packages/protocol/src/jose`; `--concurrency=2` uses more of the machine, `--full` forgets what earlier
 * runs found. Reports stand in .tools/mutate/reports.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { countMutants, describeCounts, type MutantCounts, sumCounts } from './mutate/mutant-counts.ts'

const TARGET_PERCENT = 85
const PACKAGES = ['packages/protocol/src', 'packages/keys/src']

const root = fileURLToPath(new URL('..', import.meta.url))
const home = join(root, '.tools/mutate')
const flags = process.argv.slice(2)
const concurrency = Number(flags.find((flag) => flag.startsWith('--concurrency='))?.split('=')[1] ?? 1)
const given = flags.filter((flag) => !flag.startsWith('--'))

installStryker()
const counts = new Map<string, MutantCounts>()
for (const folder of given.length > 0 ? given : allFolders()) counts.set(folder, mutate(folder))

console.log()
for (const [folder, count] of counts) console.log(`${folder}: ${describeCounts(count)}`)
const total = sumCounts([...counts.values()])
console.log(`together: ${describeCounts(total)}; the target is ${TARGET_PERCENT} %`)
process.exitCode = total.scorePercent < TARGET_PERCENT ? 1 : 0

/** Exactly what tools/mutate/package-lock.json names. */
function installStryker(): void {
  const lockfile = join(root, 'tools/mutate/package-lock.json')
  const installed = join(home, 'package-lock.json')
  const isCurrent = existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(lockfile, 'utf8')
  if (isCurrent && existsSync(strykerProgram())) return
  mkdirSync(home, { recursive: true })
  for (const file of ['package.json', 'package-lock.json'])
    copyFileSync(join(root, 'tools/mutate', file), join(home, file))
  // Its peer, vitest, is found in the project around it: the one that the tests are written for.
  const parameters = ['ci', '--omit=peer', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund']
  const { status } = spawnSync('npm', parameters, { cwd: home, stdio: 'inherit', shell: process.platform === 'win32' })
  if (status === 0) return
  rmSync(installed, { force: true })
  throw new Error('Stryker could not be installed from the npm registry')
}

function strykerProgram(): string {
  return join(home, 'node_modules/@stryker-mutator/core/bin/stryker.js')
}

/** Each folder with code of its own, and `.` of a package for the files that stand directly in it. */
function allFolders(): readonly string[] {
  return PACKAGES.flatMap((source) => [
    ...readdirSync(join(root, source), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${source}/${name}`),
    source,
  ])
}

function entriesBut(folder: string, ...kept: readonly string[]): readonly string[] {
  return readdirSync(join(root, folder)).flatMap((entry) => (kept.includes(entry) ? [] : [`/${join(folder, entry)}`]))
}

/** @throws {Error} when Stryker itself fails, as it does when a test fails before anything was changed. */
function mutate(folder: string): MutantCounts {
  const isPackage = PACKAGES.includes(folder)
  const name = folder.replaceAll('/', '-')
  const report = join(home, `reports/${name}.json`)
  const incrementalFile = join(home, `reports/${name}.incremental.json`)
  if (flags.includes('--full')) rmSync(incrementalFile, { force: true })
  const settings = {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'tools/mutate/vitest.config.ts' },
    mutate: [`${folder}/${isPackage ? '' : '**/'}*.ts`, '!packages/**/*.test.ts', '!packages/**/*.testing.ts'],
    // Only what the two packages need is copied; other folders are changed while this runs.
    ignorePatterns: [
      ...entriesBut('.', 'packages', 'tools', 'package.json', 'node_modules'),
      ...entriesBut('tools', 'mutate'),
      ...entriesBut('packages', 'protocol', 'keys'),
    ],
    // TypeScript 7 has no programming interface that Stryker could read a tsconfig with; nothing here needs it to.
    tsconfigFile: 'none',
    tempDirName: `.tools/mutate/sandbox/${name}`,
    concurrency,
    incremental: true,
    incrementalFile,
    // Enough for a loaded machine, and not for many an endless loop.
    timeoutMS: 8_000,
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: report },
    warnings: { slow: false },
    allowConsoleColors: false,
    thresholds: { high: 95, low: TARGET_PERCENT, break: null },
  }
  const settingsFile = join(home, `${name}.conf.json`)
  writeFileSync(settingsFile, JSON.stringify(settings, undefined, 2))
  const environment = { ...process.env, WEGWIJZER_MUTATED_FOLDER: isPackage ? `${folder}/.` : folder }
  const { status } = spawnSync(process.execPath, [strykerProgram(), 'run', settingsFile], {
    cwd: root,
    stdio: 'inherit',
    env: environment,
  })
  if (status !== 0) throw new Error(`Stryker failed at ${folder}`)
  return countMutants(JSON.parse(readFileSync(report, 'utf8')))
}
