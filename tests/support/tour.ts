import { spawn } from 'node:child_process'
import { PROJECT_ROOT, readProjectFile } from './project-files.ts'
import { makeEnvironment } from './running-start.ts'

/** The shell blocks of the README's tour, in their order, exactly as a reader copies them. */
export function readTour(): readonly string[] {
  const [, afterHeading = ''] = readProjectFile('README.md').split('\n## Tour in five minutes\n')
  const [tour = ''] = afterHeading.split('\n## ')
  return Array.from(tour.matchAll(/^```sh\n(.*?)^```$/gms), ([, block = '']) => block)
}

export interface BlockResult {
  readonly block: string
  /** Exit code of each of its lines; a line is one command. */
  readonly codes: readonly number[]
  readonly stdout: string
  readonly stderr: string
}

/**
 * Pastes blocks into one shell, line by line, as into a terminal: what one exports, the next has.
 *
 * @param settings The environment of that terminal, beside what every terminal has.
 */
export async function pasteIntoShell(
  blocks: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<readonly BlockResult[]> {
  const script = blocks
    .map((block) => `${markEach(block)}printf '${END_OF_BLOCK}'; printf '${END_OF_BLOCK}' >&2\n`)
    .join('')
  const { stdout, stderr } = await runBash(script, settings)
  const outs = stdout.split(END_OF_BLOCK)
  const errors = stderr.split(END_OF_BLOCK)
  return blocks.map((block, index) => {
    const out = outs[index] ?? ''
    return {
      block,
      codes: Array.from(out.matchAll(END_OF_LINE), ([, code]) => Number(code)),
      stdout: out.replaceAll(END_OF_LINE, ''),
      stderr: errors[index] ?? '',
    }
  })
}

const END_OF_BLOCK = '<<end of block>>'
const END_OF_LINE = /<<exit (\d+)>>/g

function markEach(block: string): string {
  return block
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `${line}\nprintf '<<exit %s>>' "$?"\n`)
    .join('')
}

function runBash(script: string, settings: Readonly<Record<string, string>>) {
  return new Promise<{ readonly stdout: string; readonly stderr: string }>((resolve, reject) => {
    const shell = spawn('bash', ['-c', script], {
      cwd: PROJECT_ROOT,
      env: makeEnvironment(settings),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = { stdout: '', stderr: '' }
    shell.stdout.setEncoding('utf8').on('data', (part: string) => {
      output.stdout += part
    })
    shell.stderr.setEncoding('utf8').on('data', (part: string) => {
      output.stderr += part
    })
    shell.once('error', reject)
    shell.once('close', () => resolve(output))
  })
}
