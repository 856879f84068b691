/** One command that checks everything quick: format, lint, types (Node, portable, pages), generated files, unit tests. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

const STEPS: readonly (readonly [name: string, command: string, ...parameters: string[]])[] = [
  ['format and lint', 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
  ['types', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
  ['types of the portable code', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.portable.json'],
  ['types of what runs in a page', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.web.json'],
  ['generated files', 'tools/generate.ts', '--check'],
  ['unit tests', 'node_modules/vitest/vitest.mjs', 'run', '--exclude', 'tests/e2e/**', '--exclude', 'tests/e2e-web/**'],
]

const skipTests = process.argv.includes('--no-tests')

for (const [name, program, ...parameters] of STEPS) {
  if (skipTests && name === 'unit tests') continue
  console.log(`• ${name}`)
  const { status } = spawnSync(process.execPath, [program, ...parameters], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
