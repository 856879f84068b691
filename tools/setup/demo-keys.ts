import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import { writeDurably } from './durable-file.ts'
import { SetupError } from './setup-error.ts'

const KeysByOrganisation = Type.Record(Type.String(), Type.Object({ apiKey: Type.String() }))
const DemoKeys = Type.Object(
  { issuer: KeysByOrganisation, verifier: KeysByOrganisation },
  { additionalProperties: false },
)

/** The API keys of the demo organisations: `data/demo.json`, which only its owner may read. */
export type DemoKeys = Readonly<Static<typeof DemoKeys>>

export function demoKeysFile(dataDir: string): string {
  return join(dataDir, 'demo.json')
}

/** @throws {SetupError} when the file is damaged. */
export function readDemoKeys(dataDir: string): DemoKeys {
  const file = demoKeysFile(dataDir)
  if (!existsSync(file)) return { issuer: {}, verifier: {} }
  const keys: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!Check(DemoKeys, keys)) throw new SetupError(`${file} is damaged`)
  return keys
}

export function writeDemoKeys(dataDir: string, keys: DemoKeys): void {
  writeDurably(demoKeysFile(dataDir), `${JSON.stringify(keys, undefined, 2)}\n`)
}
