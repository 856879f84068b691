import { parseArgs } from 'node:util'
import { UsageError } from './failure.ts'
import type { Language } from './texts/texts.ts'

/** What the worker typed, understood. Nothing here was opened or fetched yet. */
export type Invocation =
  | { readonly command: 'help' }
  | { readonly command: 'receive'; readonly offers: readonly string[]; readonly txCodes: readonly string[] }
  | {
      readonly command: 'present'
      readonly request: string
      readonly answers: PresentAnswers
      readonly hasConsent: boolean
    }
  | { readonly command: 'list' | 'activity' }
  | { readonly command: 'show'; readonly id: string }
  | { readonly command: 'export' | 'import'; readonly file: string }

/** Choices by the id of the credential query, with the numbers that the consent screen shows. */
export interface PresentAnswers {
  /** `--choose`: places among the query's candidates, from 1; several where the query takes several. */
  readonly choose: ReadonlyMap<string, readonly number[]>
  /** `--with`: optional queries to answer too. */
  readonly include: readonly string[]
  /** `--claim-set`: the number of a combination of claims, from 1. */
  readonly claimSets: ReadonlyMap<string, number>
}

/** What may stand with every command. */
export interface CommandLine {
  readonly invocation: Invocation
  readonly language: Language | undefined
}

const OPTIONS = {
  json: { type: 'boolean' },
  lang: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  'tx-code': { type: 'string', multiple: true },
  choose: { type: 'string', multiple: true },
  with: { type: 'string', multiple: true },
  'claim-set': { type: 'string', multiple: true },
  yes: { type: 'boolean' },
} as const

type Values = ReturnType<typeof parseOptions>['values']

/** How many words a command takes, which options of its own, and how they are read. */
interface Grammar {
  readonly atLeast: number
  readonly atMost: number
  readonly options: readonly string[]
  readonly read: (words: readonly string[], values: Values) => Invocation
}

const GRAMMARS: ReadonlyMap<string, Grammar> = new Map(
  Object.entries<Grammar>({
    receive: {
      ...{ atLeast: 1, atMost: 100, options: ['tx-code'] },
      read: (offers, values) => ({ command: 'receive', offers, txCodes: values['tx-code'] ?? [] }),
    },
    present: {
      ...{ atLeast: 1, atMost: 1, options: ['choose', 'with', 'claim-set', 'yes'] },
      read: ([request = ''], values) => ({
        command: 'present',
        request,
        answers: readAnswers(values),
        hasConsent: values.yes === true,
      }),
    },
    list: { atLeast: 0, atMost: 0, options: [], read: () => ({ command: 'list' }) },
    show: { atLeast: 1, atMost: 1, options: [], read: ([id = '']) => ({ command: 'show', id }) },
    activity: { atLeast: 0, atMost: 0, options: [], read: () => ({ command: 'activity' }) },
    export: { atLeast: 1, atMost: 1, options: [], read: ([file = '']) => ({ command: 'export', file }) },
    import: { atLeast: 1, atMost: 1, options: [], read: ([file = '']) => ({ command: 'import', file }) },
  }),
)

const COMMON_OPTIONS: readonly string[] = ['json', 'lang', 'help']

/**
 * Understands the arguments of the program, strictly.
 *
 * @throws {UsageError} for whatever is not in the grammar of the help text.
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parseOptions(args)
  const language = readLanguage(values.lang)
  if (values.help === true) return { language, invocation: { command: 'help' } }
  const [command, ...words] = positionals
  if (command === undefined) throw new UsageError('no_command')
  const grammar = GRAMMARS.get(command)
  if (grammar === undefined) throw new UsageError('unknown_command', command)
  const stray = Object.keys(values).find((name) => !COMMON_OPTIONS.includes(name) && !grammar.options.includes(name))
  if (stray !== undefined) throw new UsageError('option_not_here', `--${stray}`)
  if (words.length < grammar.atLeast || words.length > grammar.atMost) throw new UsageError('wrong_arguments', command)
  return { language, invocation: grammar.read(words, values) }
}

/** Whether a JSON document is wanted: asked before all else, because a mistake in the arguments is told in one too. */
export function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return args.slice(0, end === -1 ? undefined : end).includes('--json')
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true })
  } catch (cause) {
    // Node names the option in quotes; a value it may have is not part of that.
    const [, option = ''] = /'(-[^'= ]*)/.exec(cause instanceof Error ? cause.message : '') ?? []
    throw new UsageError('unknown_option', option, { cause })
  }
}

function readLanguage(given: string | undefined): Language | undefined {
  if (given === undefined || given === 'nl' || given === 'en') return given
  throw new UsageError('unknown_language', given)
}

function readAnswers(values: Values): PresentAnswers {
  const choose = new Map<string, number[]>()
  for (const [queryId, number] of (values.choose ?? []).map(readNumberedChoice)) {
    choose.set(queryId, [...(choose.get(queryId) ?? []), number])
  }
  const claimSets = new Map<string, number>()
  for (const text of values['claim-set'] ?? []) {
    const [queryId, number] = readNumberedChoice(text)
    if (claimSets.has(queryId)) throw new UsageError('not_a_choice', text)
    claimSets.set(queryId, number)
  }
  return { choose, include: [...new Set(values.with)], claimSets }
}

/** `<query id>=<n>`, whose id has the form of OpenID4VP 1.0 §6.1 credential_query. */
function readNumberedChoice(text: string): readonly [string, number] {
  const [, queryId, number] = /^([A-Za-z0-9_-]{1,100})=([1-9][0-9]{0,3})$/.exec(text) ?? []
  if (queryId === undefined) throw new UsageError('not_a_choice', text)
  return [queryId, Number(number)]
}
