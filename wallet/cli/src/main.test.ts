import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const PROGRAM = fileURLToPath(new URL('main.ts', import.meta.url))
const run = promisify(execFile)

test('the program says what it can', async () => {
  const { stdout, stderr } = await run(process.execPath, [PROGRAM, '--help'], { env: { LANG: 'en_GB.UTF-8' } })
  expect(stdout).toContain('receive <offer>')
  expect(stderr).toBe('')
})

test('the example of the README says what it promises, and the process ends with its exit code', async () => {
  const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8')
  const [, command = '', document = ''] =
    /^npm run --silent wallet -- (.*)\n```\n+```json\n(.*?)^```/ms.exec(readme) ?? []
  await expect(run(process.execPath, [PROGRAM, ...command.split(' ')], { env: {} })).rejects.toMatchObject({
    code: 2,
    stdout: document,
    stderr: '',
  })
})

test('who stops reading our output ends nothing', async () => {
  const script = `"${process.execPath}" "${PROGRAM}" --help | true; echo "\${PIPESTATUS[0]}"`
  expect(await run('bash', ['-c', script])).toEqual({ stdout: '0\n', stderr: '' })
})
