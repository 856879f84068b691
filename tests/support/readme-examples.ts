import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

/** One TypeScript example of a README. */
interface ReadmeExample {
  readonly code: string
  /** What it says it prints: the comments behind, or on the line after, its `console.log(…)`. */
  readonly promised: string
}

/**
 * Adds a test for each example in the README of a package: it runs as a reader would run it, in the folder of the package,
 * and prints what it says.
 */
export function testReadmeExamples(readme: URL): void {
  const examples = readExamples(readFileSync(readme, 'utf8'))
  test('the README has an example', () => {
    expect(examples).not.toEqual([])
  })

  test.each(examples)('example %$ of the README prints what it says', async ({ code, promised }) => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '--eval', code], {
      cwd: fileURLToPath(new URL('.', readme)),
    })
    expect(promised).not.toBe('')
    // Node breaks long objects into lines.
    expect(stdout.replaceAll(/\s+/g, ' ').trim()).toBe(promised)
  })
}

function readExamples(text: string): readonly ReadmeExample[] {
  return Array.from(text.matchAll(/^```ts\n(.*?)^```$/gms), ([, code = '']) => {
    const printed = Array.from(code.matchAll(/console\.log\(.*\)[ \n]\/\/ (.*)$/gm), ([, line = '']) => line)
    return { code, promised: printed.join(' ').trim() }
  })
}
