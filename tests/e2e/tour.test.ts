import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoClaims } from '../../tools/setup/demo-claims.ts'
import { makeStartSettings, type RunningStart, runStart } from '../support/running-start.ts'
import { type BlockResult, pasteIntoShell, readTour } from '../support/tour.ts'

/** The README's tour, its very commands, beside programs that run as `npm start` runs them. */
let folder: string
let dataDir: string
let running: RunningStart
let results: readonly BlockResult[]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wegwijzer-tour-'))
  dataDir = join(folder, 'data')
  const settings = await makeStartSettings(dataDir)
  running = await runStart(settings)
  // The one thing that a test does otherwise than a reader: its wallet is in a folder of its own.
  const blocks = readTour().map((block) => block.replace('./data/my-wallet', join(folder, 'my-wallet')))
  results = await pasteIntoShell(blocks, settings)
}, 300_000)

afterAll(async () => {
  await running.stop('SIGINT')
  rmSync(folder, { recursive: true, force: true })
})

/** The block of the tour with this command in it, whichever place it has. */
function blockWith(command: string): BlockResult {
  const [found, ...more] = results.filter(({ block }) => block.includes(command))
  if (found === undefined || more.length > 0) throw new Error(`the tour has not exactly one block with: ${command}`)
  return found
}

test('every command of the tour ends well', () => {
  expect(results.length).toBeGreaterThanOrEqual(7)
  for (const { block, codes, stderr } of results) {
    expect({ block, codes, stderr }).toEqual({ block, codes: codes.map(() => 0), stderr })
    expect(codes).toHaveLength(block.trim().split('\n').length)
  }
})

test('three credentials are received and listed, and one is shown with all its claims', () => {
  const { stdout } = blockWith('npm run wallet -- list')
  const [list = '', ...shown] = stdout.split('Gegevens:')
  expect(list.match(/^ {2}Uitgever: .+ \(demo\)$/gm)).toHaveLength(4)
  for (const card of ['Identiteit (demo)', 'Werkervaring', 'Diploma']) expect(list).toContain(`${card}\n  Uitgever: `)
  expect(shown.join('')).toContain('Cijfer (1): 7')
})

describe('what UWV got', () => {
  const accepted = () => results.find(({ block }) => block.trim() === 'npm run demo -- result')?.stdout ?? ''
  const claims = () => demoClaims(JSON.parse(readFileSync(join(dataDir, 'installation.json'), 'utf8')).firstDay)

  test('is accepted', () => {
    expect(accepted()).toMatch(/^verdict {2}accepted$/m)
    expect(accepted().match(/ (passed|skipped)\b/g)).toHaveLength(9)
  })

  test('is exactly what it asked', () => {
    const { diploma, werkervaring } = claims()
    expect(readGot(accepted())).toEqual({
      diploma: pick(diploma, [
        'qualification_name',
        'eqf_level',
        'isced_f_code',
        'completion_date',
        'institution_name',
      ]),
      beroep: pick(werkervaring, ['role_title', 'occupation_code', 'isco08', 'duration_months', 'work_region']),
    })
  })

  test('has no name, birth date, BSN, grade or employer in it, nor have the database and the log of the verifier', () => {
    const { pid, diploma, werkervaring } = claims()
    const neverSeen = [
      ...[pid.family_name, pid.birthdate, pid.bsn, werkervaring.employer_name],
      ...(diploma.grades ?? []).map(({ subject }) => subject),
    ].filter((value) => value !== undefined)
    expect(neverSeen).toHaveLength(7)
    const [got = ''] = accepted().split('did not get')
    const kept = ['verifier.sqlite', 'verifier.sqlite-wal', 'wegwijzer.log']
      .map((name) => join(dataDir, name))
      .filter((file) => existsSync(file))
      .map((file) => readFileSync(file, 'latin1'))
      .join('')
    expect(kept).toContain(diploma.qualification_name)
    expect(neverSeen.filter((value) => got.includes(value) || kept.includes(value))).toEqual([])
  })

  test('is told beside what it did not get', () => {
    const [, unseen = ''] = accepted().split('uwv did not get')
    for (const name of ['family_name', 'birthdate', 'grades', 'employer_name']) expect(unseen).toContain(name)
  })
})

test('after the school revoked the diploma, the next proof is rejected by one check: status', () => {
  const { stdout } = blockWith('npm run demo -- revoke diploma')
  expect(stdout).toMatch(/^verdict {2}rejected$/m)
  expect(stdout.match(/^ {2}\w+ +failed\b/gm)).toEqual([expect.stringContaining('status')])
})

test('the activity names who and why, and no value', () => {
  const { stdout } = blockWith('npm run wallet -- activity')
  expect(stdout.match(/Gedeeld met UWV \(demo\)/g)).toHaveLength(2)
  expect(stdout.match(/Ontvangen van/g)).toHaveLength(3)
  expect(stdout).toContain('UWV schrijft u in als werkzoekende')
  expect(stdout).not.toContain('Logistiek teamleider')
})

/** The claims as the result prints them, per query. */
function readGot(printed: string): Record<string, Record<string, string>> {
  const [, got = ''] = /\nuwv got\n(.*?)\n\n/s.exec(printed) ?? []
  const queries: Record<string, Record<string, string>> = {}
  let current: Record<string, string> = {}
  for (const line of got.split('\n')) {
    const [, query] = /^ {2}(\S+)$/.exec(line) ?? []
    const [, name, value] = /^ {4}(\S+) +(.+)$/.exec(line) ?? []
    if (query !== undefined) {
      current = {}
      queries[query] = current
    } else if (name !== undefined && value !== undefined) current[name] = value
    else throw new Error('the result has a line that is neither a query nor a claim')
  }
  return queries
}

function pick(claims: object, names: readonly string[]): Record<string, string> {
  const known = new Map<string, unknown>(Object.entries(claims))
  return Object.fromEntries(names.map((name) => [name, String(known.get(name))]))
}
