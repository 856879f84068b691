import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'

/** Where log lines go: standard output, or whatever a test or a program gives. */
export interface LogDestination {
  write(line: string): void
}

/**
 * What a domain event may say. A closed list on purpose: no field exists that could hold a name, a claim, a token or an
 * address, and every text must be a word from our own vocabulary (`isWord`).
 */
export interface EventFields {
  readonly organisation?: string
  readonly credentialType?: string
  readonly policy?: string
  readonly check?: string
  readonly outcome?: string
  readonly reason?: string
  readonly count?: number
  readonly durationMs?: number
}

export function makeLogger(service: string, destination?: LogDestination): Logger {
  const options = {
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
    // Whatever logs an error or a request, ours or fastify's: never its properties.
    serializers: { err: describeError, req: () => undefined, res: () => undefined },
  }
  return pino(options, destination ?? standardOutput())
}

/** Lines are written together, because each writing costs as much as some checks; a process that is killed loses so much. */
const WRITE_AFTER = { milliseconds: 100, characters: 16_000 } as const

let opened: DestinationStream | undefined

/** One for all services of a process, as there is one standard output: lines stay whole and in order. */
function standardOutput(): DestinationStream {
  if (opened) return opened
  const { milliseconds, characters } = WRITE_AFTER
  const output = pino.destination({ dest: 1, sync: true, minLength: characters, periodicFlush: milliseconds })
  // Also after an error that nobody caught.
  process.on('exit', () => output.flushSync())
  opened = output
  return output
}

/**
 * An error as `name: message`. Its other properties are left out (jose's carry the payload, PostgreSQL's the row), and so
 * are messages that quote what was received: those of `JSON.parse` and of fastify.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  if ('code' in error && typeof error.code === 'string' && error.code.startsWith('FST_')) return error.code
  if (error instanceof SyntaxError) return error.name
  return `${error.name}: ${error.message}`.slice(0, 300)
}

/** Where an error was thrown: file, line and column of the topmost frame, which hold no data. */
export function locateError(error: unknown): string | undefined {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return undefined
  return /^ {4}at .*?([\w.-]+\/[\w.-]+:\d+:\d+)\)?$/m.exec(error.stack)?.[1]
}

/** Text fields of an event that are not a word (`pid`, `status`, `urn:eudi:pid:nl:1`) are replaced, not printed. */
export function onlyWords(fields: EventFields): EventFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value !== 'string' || isWord(value) ? value : '(not a word)',
    ]),
  )
}

/** No capitals or digits first, no spaces, no `@`, no URL, and no number as long as those that people have. */
function isWord(text: string): boolean {
  return /^[a-z][A-Za-z0-9_.:/-]{0,99}$/.test(text) && !/\/\/|\d{6}/.test(text)
}
