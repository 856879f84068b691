import { asksForJson, type Invocation, parseCommandLine } from './command-line.ts'
import { activity } from './commands/activity.ts'
import type { CommandContext, Outcome } from './commands/command.ts'
import { exportWallet } from './commands/export.ts'
import { importWallet } from './commands/import.ts'
import { list } from './commands/list.ts'
import { present } from './commands/present.ts'
import { receive } from './commands/receive.ts'
import { show } from './commands/show.ts'
import { describeFailure, type ExitCode, exitCodeOf } from './failure.ts'
import { type Environment, openWallet } from './platform.ts'
import { safeJson } from './render/safe-text.ts'
import { openTerminal, type Streams, type Terminal } from './terminal.ts'
import { languageOf, type Wording, wordingIn } from './texts/texts.ts'

/**
 * Runs one command.
 *
 * With `--json`, standard output gets exactly one JSON document, whatever happens; without it, what the worker asked for.
 * Questions, progress and failures go to standard error.
 *
 * @param args Without the names of Node and of the program.
 * @returns The exit code of the process.
 */
export async function run(args: readonly string[], env: Environment, streams: Streams): Promise<ExitCode> {
  const isJson = asksForJson(args)
  let wording = wordingIn(languageOf(env))
  const terminal = openTerminal(streams, isJson)
  try {
    const { invocation, language } = parseCommandLine(args)
    if (language !== undefined) wording = wordingIn(language)
    const { document, text, exitCode = 0 } = await perform(invocation, { env, terminal, wording, isJson })
    if (isJson) terminal.print(safeJson(document))
    else if (text !== '') terminal.print(text)
    return exitCode
  } catch (error) {
    const failure = describeFailure(error, wording.words)
    if (isJson) terminal.print(safeJson({ error: failure }))
    else terminal.note(failure.message)
    return exitCodeOf(failure)
  }
}

interface Surroundings {
  readonly env: Environment
  readonly terminal: Terminal
  readonly wording: Wording
  readonly isJson: boolean
}

async function perform(invocation: Invocation, surroundings: Surroundings): Promise<Outcome> {
  const { env, terminal, wording } = surroundings
  if (invocation.command === 'help') return { document: { help: wording.words.help }, text: wording.words.help }
  const { wallet, passphrase, close } = await openWallet(env, terminal, wording.words)
  try {
    return await dispatch(invocation, { ...surroundings, wallet, passphrase })
  } finally {
    close()
  }
}

function dispatch(invocation: Exclude<Invocation, { command: 'help' }>, context: CommandContext): Promise<Outcome> {
  switch (invocation.command) {
    case 'receive':
      return receive(invocation, context)
    case 'present':
      return present(invocation, context)
    case 'list':
      return list(context)
    case 'show':
      return show(invocation.id, context)
    case 'activity':
      return activity(context)
    case 'export':
      return exportWallet(invocation.file, context)
    case 'import':
      return importWallet(invocation.file, context)
  }
}
