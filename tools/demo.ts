/**
 * The demo organisations at work, for the tour: `npm run demo -- offer|request|result|revoke …`.
 *
 * On standard output stands what the next program reads; what a person wants to know stands on standard error.
 */
import { parseArgs } from 'node:util'
import type { Config } from '@wegwijzer/server/config'
import { makeDemoOffer } from './demo/offer.ts'
import { makeDemoRequest } from './demo/request.ts'
import { readDemoResult } from './demo/result.ts'
import { describeResult } from './demo/result-text.ts'
import { revokeLatest } from './demo/revoke.ts'
import { readToolConfig } from './setup/development-only.ts'
import { runProgram, UsageError } from './setup/failure.ts'
import { readFirstDay } from './setup/installation.ts'

const USAGE = `usage: npm run demo -- <command>

  offer <type> [--tx-code]          a demo organisation offers a credential; prints the offer
  request <policy> [--same-device]  a demo organisation asks for a presentation; prints the request
  result [<request id>]             what that organisation got, by default of the latest request
  revoke <type>                     the organisation revokes the latest credential of this type

  --json                            the whole answer, as JSON`

const OPTIONS = {
  json: { type: 'boolean', default: false },
  'tx-code': { type: 'boolean', default: false },
  'same-device': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

await runProgram(async () => {
  const { values, positionals } = readArguments(process.argv.slice(2))
  if (values.help) return print(USAGE)
  const config = readToolConfig(process.env)
  const [command, ...words] = positionals
  await runCommand(config, command, words, values)
})

type Values = ReturnType<typeof readArguments>['values']

async function runCommand(
  config: Config,
  command: string | undefined,
  words: readonly string[],
  values: Values,
): Promise<void> {
  const isJson = values.json
  switch (command) {
    case 'offer': {
      const offer = await makeDemoOffer(config, onlyWord(words), values['tx-code'])
      if (isJson) return printJson(offer)
      if (offer.txCode !== undefined) tell(`The code for the worker, by another way: ${offer.txCode}`)
      return print(offer.credentialOffer)
    }
    case 'request': {
      const request = await makeDemoRequest(
        config,
        onlyWord(words),
        values['same-device'] ? 'same_device' : 'cross_device',
      )
      if (isJson) return printJson(request)
      if (values['same-device']) tell('Open this in the browser that is to have the answer.')
      return print(request.authorizationRequest ?? request.startLink ?? '')
    }
    case 'result': {
      if (words.length > 1) throw new UsageError(USAGE)
      const result = await readDemoResult(config, words[0])
      return isJson ? printJson(result) : print(describeResult(result, readFirstDay(config)))
    }
    case 'revoke': {
      const revoked = await revokeLatest(config, onlyWord(words))
      if (isJson) return printJson(revoked)
      return print(`${revoked.organisation} revoked its latest ${revoked.credentialType}: ${revoked.id}`)
    }
    default:
      throw new UsageError(USAGE)
  }
}

function readArguments(parameters: readonly string[]) {
  try {
    return parseArgs({ args: [...parameters], options: OPTIONS, allowPositionals: true })
  } catch (cause) {
    throw new UsageError(USAGE, { cause })
  }
}

function onlyWord(words: readonly string[]): string {
  const [word, ...more] = words
  if (word === undefined || more.length > 0) throw new UsageError(USAGE)
  return word
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2))
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}
