/** Runs the bench (`tests/bench`), on one core where the system lets us choose; other arguments are passed on. */
import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

const bench = fileURLToPath(new URL('../tests/bench/bench.ts', import.meta.url))
const command = [process.execPath, bench, ...process.argv.slice(2)]
// The last core: the first one has most of the system's own work.
const pinned = ['taskset', '--cpu-list', String(availableParallelism() - 1)]
const canPin = spawnSync('taskset', ['--version']).status === 0

const [program = process.execPath, ...parameters] = canPin ? [...pinned, ...command] : command
if (!canPin) process.stderr.write('bench: on all cores, as there is no taskset here\n')
process.exitCode = spawnSync(program, parameters, { stdio: 'inherit' }).status ?? 1
