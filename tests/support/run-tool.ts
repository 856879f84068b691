import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { PROJECT_ROOT } from './project-files.ts'
import { makeEnvironment } from './running-start.ts'

export interface ToolResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program of ours to its end, as `npm run` does. @param program Path from the root of the project. */
export function runTool(
  program: string,
  parameters: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(PROJECT_ROOT, program), ...parameters], {
      cwd: PROJECT_ROOT,
      env: makeEnvironment(settings),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      output.stdout += part
    })
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      output.stderr += part
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...output }))
  })
}
