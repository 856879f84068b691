import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '@wegwijzer/server/config'
import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import { writeDurably } from '../setup/durable-file.ts'
import { UsageError } from '../setup/failure.ts'
import { readDemoVerifiers } from '../setup/profile-files.ts'
import { openDemoOrganisation, readAnswer } from './demo-organisation.ts'

const MadeRequest = Type.Object({
  id: Type.String(),
  authorizationRequest: Type.Optional(Type.String()),
  startLink: Type.Optional(Type.String()),
})

const RememberedRequest = Type.Object({ organisation: Type.String(), id: Type.String() })
export type RememberedRequest = Readonly<Static<typeof RememberedRequest>>

/** The demo organisation that has this policy asks the demo worker, and its latest request is remembered. */
export async function makeDemoRequest(config: Config, policyId: string, flow: 'same_device' | 'cross_device') {
  const verifiers = readDemoVerifiers()
  const found = verifiers.find(({ policies }) => policies.some(({ id }) => id === policyId))
  if (!found) {
    const known = verifiers.flatMap(({ policies }) => policies.map(({ id }) => id))
    throw new UsageError(`there is no policy ${policyId}; there are ${known.join(', ')}`)
  }
  const organisation = openDemoOrganisation(config, 'verifier', found.profile.id)
  const answer = await organisation.call('POST', '/presentation-requests', { policy: policyId, flow })
  const made = readAnswer(MadeRequest, answer)
  writeDurably(requestFile(config), `${JSON.stringify({ organisation: organisation.id, id: made.id })}\n`)
  return made
}

export function readRememberedRequest(config: Config): RememberedRequest | undefined {
  if (!existsSync(requestFile(config))) return undefined
  const request: unknown = JSON.parse(readFileSync(requestFile(config), 'utf8'))
  return Check(RememberedRequest, request) ? request : undefined
}

function requestFile({ dataDir }: Config): string {
  return join(dataDir, 'demo-request.json')
}
