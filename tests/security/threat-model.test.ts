import { expect, test } from 'vitest'
import { projectFiles, readProjectFile } from '../support/project-files.ts'

/** One row of the table in docs/threat-model.md: `| T1 | attack | what stops it | \`t01-….test.ts\` |`. */
const ROW = /^\| (T\d+) \| [^|]+ \| [^|]+ \| `([^`]+)` \|$/gm

const entries = [...readProjectFile('docs/threat-model.md').matchAll(ROW)].map(([, entry = '', file = '']) => ({
  entry,
  file,
}))

test('the threat model numbers its entries from T1 on, without gaps', () => {
  expect(entries.length).toBeGreaterThanOrEqual(32)
  expect(entries.map(({ entry }) => entry)).toEqual(entries.map((_, at) => `T${at + 1}`))
})

test('each entry has its file in tests/security, and each file its entry', () => {
  const files = projectFiles(/^tests\/security\/t\d+-.*\.test\.ts$/).map((path) => path.replace(/^.*\//, ''))
  expect(entries.map(({ file }) => file).toSorted()).toEqual(files.toSorted())
})

test('each file is named after its entry and says it in its first words', () => {
  for (const { entry, file } of entries) {
    const number = Number(entry.slice(1))
    expect([entry, file.startsWith(`t${String(number).padStart(2, '0')}-`)]).toEqual([entry, true])
    expect([entry, readProjectFile(`tests/security/${file}`).includes(` ${entry}: `)]).toEqual([entry, true])
  }
})
