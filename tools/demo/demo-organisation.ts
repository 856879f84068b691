import type { Config } from '@wegwijzer/server/config'
import type { Static, TSchema } from 'typebox'
import { Check } from 'typebox/value'
import { type ApiProgram, apiUrlOf } from '../running/addresses.ts'
import { demoKeysFile, readDemoKeys } from '../setup/demo-keys.ts'
import { SetupError } from '../setup/setup-error.ts'
import { callApi } from './api-call.ts'

/** The systems of a demo organisation, calling its API with its own key. */
export interface DemoOrganisation {
  readonly id: string
  /** @throws {SetupError} when the program does not run or refuses; the message says why. */
  call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown>
}

/** @throws {SetupError} when nothing is set up yet, or there is no such organisation. */
export function openDemoOrganisation(config: Config, program: ApiProgram, id: string): DemoOrganisation {
  const apiKey = readDemoKeys(config.dataDir)[program][id]?.apiKey
  if (apiKey === undefined) {
    throw new SetupError(
      `${demoKeysFile(config.dataDir)} has no API key of ${id}: run \`npm start\` first, with the same DATA_DIR`,
    )
  }
  const apiUrl = `${apiUrlOf(config, program)}/${id}/v1`
  return {
    id,
    async call(method, path, body) {
      const answer = await callApi(config, `${apiUrl}${path}`, { method, apiKey, body }).catch((cause: unknown) => {
        throw new SetupError(
          `The ${program} does not answer at ${apiUrlOf(config, program)}: is \`npm start\` running?`,
          { cause },
        )
      })
      const { status, text } = answer
      if (status < 200 || status > 299)
        throw new SetupError(`The ${program} refused, ${status}: ${describeProblem(text)}`)
      return text === '' ? undefined : JSON.parse(text)
    },
  }
}

/** @throws {SetupError} when an answer is not one of the API as we know it. */
export function readAnswer<T extends TSchema>(schema: T, answer: unknown): Static<T> {
  if (!Check(schema, answer))
    throw new SetupError('The answer is not that of the API: is another program at this address?')
  return answer
}

/** A problem document as a line for each thing that is wrong; of another answer nothing. */
function describeProblem(text: string): string {
  const problem = parseMembers(text)
  const errors = Array.isArray(problem?.errors) ? problem.errors : []
  const lines = errors.flatMap((error: unknown) =>
    isMembers(error) ? [`\n  ${String(error.pointer)} ${String(error.detail)}`] : [],
  )
  return `${typeof problem?.detail === 'string' ? problem.detail : 'without a reason'}${lines.join('')}`
}

function parseMembers(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isMembers(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
