import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { PROJECT_ROOT, projectFiles, readProjectFile } from '../support/project-files.ts'
import { parseObject } from './http.testing.ts'
import { PARSER_TARGETS } from './parsers/parser-targets.testing.ts'

/**
 * T23: nothing that a stranger can write makes a parser fail, hang or grow: random texts, good messages with one thing wrong
 * and runs of characters that make a careless regular expression slow.
 *
 * The bounds are of a process of its own: two seconds of processor for one input, because a loaded machine makes a clock
 * say anything, and 200 MB beyond what it has when it has loaded everything. A parser that hangs is ended, generously.
 */
const IS_LONG = process.env.WEGWIJZER_LONG_TESTS === '1'
const ROUNDS = IS_LONG ? 5_000 : 40
const SEED = Number(process.env.WEGWIJZER_FUZZ_SEED ?? Date.now() % 2 ** 31)
const HANGS_AFTER_MS = IS_LONG ? 7_200_000 : 240_000
const MAX_GROWTH_BYTES = 200 * 2 ** 20

const PROBE = fileURLToPath(new URL('parsers/parser-probe.testing.ts', import.meta.url))

async function runProbe() {
  // Bounded, so that a heap that only was not collected yet does not count as growth.
  const flags = ['--max-old-space-size=192', '--max-semi-space-size=8']
  const child = spawn(process.execPath, [...flags, PROBE, String(SEED), String(ROUNDS)], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), HANGS_AFTER_MS)
  const [output, complaints] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  clearTimeout(timer)
  const last = output.trim().split('\n').at(-1) ?? ''
  return { exitCode: child.exitCode, last: last === '' ? {} : parseObject(last), complaints }
}

test('what chance makes of a message is understood or refused, soon and in little room', {
  timeout: 2 * HANGS_AFTER_MS,
}, async () => {
  const { exitCode, last, complaints } = await runProbe()
  expect({ exitCode, last, complaints }).toEqual({
    exitCode: 0,
    last: { inputs: PARSER_TARGETS.length * ROUNDS, growthBytes: expect.any(Number) },
    complaints: '',
  })
  expect(last.growthBytes).toBeLessThan(MAX_GROWTH_BYTES)
})

/** Functions whose name sounds like a parser's, and that are not for what a stranger wrote: the reason behind each. */
const NOT_FOR_STRANGERS: Readonly<Record<string, string>> = {
  checkValidity: 'dates that were read',
  checkAnonymousPreAuthorizedCode: 'metadata that was parsed',
  checkKeyNamedOnce: 'a header that was parsed',
  checkedLegalGround: 'a policy that was parsed',
  decodeTextBase64url: 'decodeBase64url and decodeUtf8 in one',
  evaluatePolicy: 'facts',
  evaluateVpToken: 'presentations that were verified',
  matchCredentials: 'cards of the wallet',
  openDatabase: 'configuration',
  openFileRecords: 'a file of the wallet',
  openFileVault: 'a file of the wallet',
  openIndexedDbVault: 'a database of the wallet',
  openProgramDatabase: 'configuration',
  readBroughtKey: 'configuration',
  readConfig: 'configuration',
  readCurrentSigningKey: 'rows',
  readJwtBody: 'a body that our own server read',
  readOrganisation: 'rows',
  readPrivateKey: 'configuration',
  verifyJwtVc: 'what parseJwtVc read; it asks for a DID document',
  verifyJwtVp: 'what parseJwtVp read; it asks for a DID document',
  verifyRegistrationSignature: 'as verifyRegistrationCertificate',
  verifyIssuerRegistration: 'its own tests break it; it asks a status list',
  verifyRegistrationCertificate: 'its own tests break it; it asks a status list',
}

const PARSER_NAME = /^(parse|read|decode|decrypt|decompress|open|verify|process|match|check|evaluate)/

test('every parser that a package exports is among them', async () => {
  const tested = new Set(PARSER_TARGETS.flatMap(({ parsers }) => parsers))
  const found = new Set<string>()
  // packages/ui draws, and is loaded by browsers only.
  for (const manifest of projectFiles(/^packages\/(?!ui\/)[^/]+\/package\.json$/)) {
    const { exports = {} }: { readonly exports?: Readonly<Record<string, string>> } = JSON.parse(
      readProjectFile(manifest),
    )
    for (const entry of Object.values(exports)) {
      const file = join(PROJECT_ROOT, manifest, '..', entry)
      const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(file).href)
      for (const [name, value] of Object.entries(module)) if (typeof value === 'function') found.add(name)
    }
  }
  expect(
    [...found].filter((name) => PARSER_NAME.test(name) && !tested.has(name) && !(name in NOT_FOR_STRANGERS)).toSorted(),
  ).toEqual([])
  expect([...tested, ...Object.keys(NOT_FOR_STRANGERS)].filter((name) => !found.has(name)).toSorted()).toEqual([])
})
