// Runs a program of this project on a machine that has only Node (20 or later) and npm.
//
// What is missing is put into .tools/ (Node itself where the system's is older than 24, and pnpm) and node_modules/, from
// the npm registry alone; outside the checkout only npm and pnpm keep their caches. Plain JavaScript, because the system's Node may be too
// old to run TypeScript.

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_VERSION = '26.10.0'
const OLDEST_NODE = 24
const PNPM_VERSION = '12.21.0'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const tools = join(root, '.tools')

const [program, ...programArguments] = process.argv.slice(2)
if (!program) fail('usage: node tools/bootstrap.mjs <program> [argument…]')

const node = findNode()
installDependencies()
run(node, [...nodeOptions(), join(root, program), ...programArguments])

/** Of what runs for long: V8 would let young objects take some 60 MB, and a service does as much work with a third of that. */
function nodeOptions() {
  return program === 'tools/start.ts' || program.endsWith('/src/main.ts') ? ['--max-semi-space-size=8'] : []
}

/** The system's Node where it is young enough, else one of our own. */
function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) return process.execPath
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${platform}-${process.arch}`
  const executable = join(tools, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  installTool(name, NODE_VERSION)
  if (!existsSync(executable))
    fail(
      `Node ${NODE_VERSION} is not to be had for ${platform}-${process.arch}; please install Node ${OLDEST_NODE} or later`,
    )
  return executable
}

/** Installs what pnpm-lock.yaml names, when it has changed since the last time. */
function installDependencies() {
  const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'))
  const wanted = createHash('sha256')
    .update(lockfile)
    .update(process.platform + process.arch)
    .digest('hex')
  const stamp = join(root, 'node_modules', '.wegwijzer-installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  installTool('pnpm', PNPM_VERSION)
  say('installing the dependencies (once)')
  // A plain script on every platform, which hands over to the program that npm installed beside it.
  const pnpm = join(tools, 'node_modules', 'pnpm', 'bin', 'pnpm.mjs')
  const installed = spawnSync(node, [pnpm, 'install', '--frozen-lockfile'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, CI: 'true' },
  })
  if (installed.status !== 0)
    fail(`the dependencies could not be installed\n${installed.stdout ?? ''}${installed.stderr ?? ''}`)
  writeFileSync(stamp, wanted)
}

function installTool(name, version) {
  const manifest = join(tools, 'node_modules', name, 'package.json')
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version) return
  say(`installing ${name} ${version} (once)`)
  mkdirSync(tools, { recursive: true })
  // An npm that is told of no package.json here would install into the project around it.
  if (!existsSync(join(tools, 'package.json'))) writeFileSync(join(tools, 'package.json'), '{ "private": true }\n')
  const flags = [
    'install',
    '--prefix',
    tools,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--save-exact',
    `${name}@${version}`,
  ]
  // Under `npm start` npm itself says where it is, which also works where `npm` is no plain executable (Windows).
  const npm = process.env.npm_execpath
  const installed = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...flags], { cwd: tools, encoding: 'utf8' })
    : spawnSync('npm', flags, { cwd: tools, encoding: 'utf8' })
  if (installed.status !== 0)
    fail(`${name} ${version} could not be installed from the npm registry\n${installed.stderr ?? ''}`)
}

/** Hands over to the program: its output, its exit code; signals reach it and it decides when to stop. */
function run(executable, parameters) {
  const child = spawn(executable, parameters, { stdio: 'inherit', env: { ...process.env, WEGWIJZER_ROOT: root } })
  // A signal sent to this process alone is passed on. A Ctrl-C reaches the child through the terminal too: it takes that for one.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  // npm that is told to end ends its shell, which passes nothing on: without this the program would run on, unseen.
  const parent = process.ppid
  if (process.env.npm_lifecycle_event) {
    const watch = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(watch)
      child.kill('SIGTERM')
    }, 500)
  }
  child.on('error', (error) => fail(error.message))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
}

function say(message) {
  process.stderr.write(`wegwijzer: ${message}\n`)
}

function fail(message) {
  say(message)
  process.exit(1)
}
