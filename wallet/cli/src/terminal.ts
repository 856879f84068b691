import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'
import { RefusedByUserError } from './failure.ts'

/** Where the worker types and reads. */
export interface Terminal {
  /** Whether somebody is there to read a question and to answer it. */
  readonly isInteractive: boolean
  /** What the worker asked for, on standard output. */
  print(text: string): void
  /** What goes on meanwhile, on standard error. */
  note(text: string): void
  /** What a question is about, where the one who answers sees it. */
  showForAnswer(text: string): void
  /** @throws {RefusedByUserError} when the worker stops (Ctrl-C, Ctrl-D). */
  ask(question: string): Promise<string>
  /** As `ask`; what is typed does not show. */
  askHidden(question: string): Promise<string>
}

export interface Streams {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }
}

/** @param isJson Standard output is kept for one document, so that a question and what it is about go to standard error. */
export function openTerminal({ stdin, stdout, stderr }: Streams, isJson: boolean): Terminal {
  for (const stream of [stdout, stderr]) stream.on('error', ignoreClosedPipe)
  const write = (stream: NodeJS.WritableStream, text: string) => void stream.write(`${text}\n`)
  return {
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    print: (text) => write(stdout, text),
    note: (text) => write(stderr, text),
    showForAnswer: (text) => write(isJson || stdout.isTTY !== true ? stderr : stdout, text),
    ask: (question) => readLine(stdin, stderr, (lines) => lines.setPrompt(question)),
    async askHidden(question) {
      try {
        return await readLine(stdin, nowhere(), () => stderr.write(question))
      } finally {
        stderr.write('\n')
      }
    },
  }
}

/**
 * @param echo Where what is typed shows.
 * @param startAsking Called when nothing shows any more of itself: what is typed before the question must not either.
 */
function readLine(
  stdin: NodeJS.ReadableStream,
  echo: NodeJS.WritableStream,
  startAsking: (lines: Interface) => void,
): Promise<string> {
  // As a terminal, readline itself echoes what is typed, and so can be made not to.
  const lines = createInterface({ input: stdin, output: echo, prompt: '', terminal: true, historySize: 0 })
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      resolve(line)
      lines.close()
    })
    lines.on('close', () => reject(new RefusedByUserError('the worker stopped at a question')))
    startAsking(lines)
    lines.prompt()
  })
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}

/** Who reads our output may stop before its end (`| head`); what was begun is still finished. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
