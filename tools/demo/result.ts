import type { Config } from '@wegwijzer/server/config'
import { type Static, Type } from 'typebox'
import { readDemoVerifiers } from '../setup/profile-files.ts'
import { SetupError } from '../setup/setup-error.ts'
import { openDemoOrganisation, readAnswer } from './demo-organisation.ts'
import { type RememberedRequest, readRememberedRequest } from './request.ts'

const DemoResult = Type.Object({
  id: Type.String(),
  policy: Type.String(),
  state: Type.String(),
  error: Type.Optional(Type.String()),
  report: Type.Optional(
    Type.Object({
      verdict: Type.String(),
      checks: Type.Array(
        Type.Object({
          check: Type.String(),
          outcome: Type.String(),
          reason: Type.Optional(Type.String()),
          credential: Type.Optional(Type.String()),
        }),
      ),
    }),
  ),
  claims: Type.Optional(Type.Record(Type.String(), Type.Array(Type.Record(Type.String(), Type.Unknown())))),
})
/** What the organisation reads of a request, and which organisation that is. */
export type DemoResult = Static<typeof DemoResult> & { readonly organisation: string }

/** @param id Of a request of any demo organisation; absent, the latest that was made here. */
export async function readDemoResult(config: Config, id: string | undefined): Promise<DemoResult> {
  const { organisation, id: requestId } = id === undefined ? latestRequest(config) : await findRequest(config, id)
  return readResultOf(config, organisation, requestId)
}

function latestRequest(config: Config): RememberedRequest {
  const latest = readRememberedRequest(config)
  if (latest) return latest
  throw new SetupError('Nothing was asked yet: run `npm run demo -- request uwv-inschrijving`')
}

async function findRequest(config: Config, id: string): Promise<RememberedRequest> {
  for (const { profile } of readDemoVerifiers()) {
    try {
      await readResultOf(config, profile.id, id)
      return { organisation: profile.id, id }
    } catch (error) {
      // Each organisation knows its own requests only.
      if (!(error instanceof SetupError) || error.cause !== undefined) throw error
    }
  }
  throw new SetupError('No demo organisation has a request with this id')
}

async function readResultOf(config: Config, organisation: string, id: string): Promise<DemoResult> {
  const path = `/presentation-requests/${encodeURIComponent(id)}`
  const answer = await openDemoOrganisation(config, 'verifier', organisation).call('GET', path)
  return { ...readAnswer(DemoResult, answer), organisation }
}
