/** Keeps the trust list of a development machine: `npm run trust-list -- add|remove|sign`. The programs may be running. */
import { parseArgs } from 'node:util'
import { addEntry, removeEntry, type TrustListContent, TrustListEntrySchema } from '@wegwijzer/trust/trust-list'
import { Check, Errors } from 'typebox/value'
import { openDevelopmentInstallation } from './setup/development-only.ts'
import { runProgram, UsageError } from './setup/failure.ts'
import { readProfileFile } from './setup/profile-files.ts'
import { SetupError } from './setup/setup-error.ts'
import { publishTrustList, readTrustListContent, signTrustList } from './setup/trust-list.ts'

const USAGE = `usage: npm run trust-list -- <command>

  add --entry <file>     adds an organisation, or replaces its entry; the file is one entry, as in data/trust-list.json
  remove <organisation>  removes an organisation: from then on nobody believes it
  sign                   signs the list as it is, with a new date`

await runProgram(async () => {
  const { values, positionals } = readArguments(process.argv.slice(2))
  if (values.help) return void process.stdout.write(`${USAGE}\n`)
  const change = parseChange(positionals, values.entry)
  const now = Math.floor(Date.now() / 1000)
  const installation = await openDevelopmentInstallation(process.env, now)
  const content = change(readTrustListContent(installation))
  publishTrustList(installation, await signTrustList(installation.authorities, content, now))
  process.stdout.write(
    `Signed: sequence ${content.sequence}, ${content.entries.length} organisations. Wallets see it within minutes.\n`,
  )
})

type TrustListChange = (content: TrustListContent) => TrustListContent

function parseChange([command, word, ...more]: readonly string[], entryFile: string | undefined): TrustListChange {
  if (more.length > 0) throw new UsageError(USAGE)
  if (command === 'add' && word === undefined && entryFile !== undefined) return readAddition(entryFile)
  if (command === 'remove' && word !== undefined && entryFile === undefined) return makeRemoval(word)
  if (command === 'sign' && word === undefined && entryFile === undefined) return (content) => content
  throw new UsageError(USAGE)
}

function readAddition(file: string): TrustListChange {
  const entry = readProfileFile(file, (value) => {
    if (Check(TrustListEntrySchema, value)) return value
    const [first] = Errors(TrustListEntrySchema, value)
    throw new TypeError(`not an entry of a trust list, at ${first?.instancePath || 'its root'}`)
  })
  return (content) => addEntry(content, entry)
}

function makeRemoval(organisation: string): TrustListChange {
  return (content) => {
    const changed = removeEntry(content, organisation)
    if (changed === content) throw new SetupError(`${organisation} does not stand in the trust list`)
    return changed
  }
}

function readArguments(parameters: readonly string[]) {
  try {
    return parseArgs({
      args: [...parameters],
      options: { entry: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
      allowPositionals: true,
    })
  } catch (cause) {
    throw new UsageError(USAGE, { cause })
  }
}
