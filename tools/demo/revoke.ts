import { CREDENTIAL_TYPE_NAMES, isCredentialTypeName } from '@wegwijzer/schemas'
import type { Config } from '@wegwijzer/server/config'
import { Type } from 'typebox'
import { DEMO_ISSUER_OF } from '../setup/demo-claims.ts'
import { UsageError } from '../setup/failure.ts'
import { SetupError } from '../setup/setup-error.ts'
import { type DemoOrganisation, openDemoOrganisation, readAnswer } from './demo-organisation.ts'

const Page = Type.Object({
  credentials: Type.Array(Type.Object({ id: Type.String(), credentialType: Type.String(), state: Type.String() })),
  nextCursor: Type.Optional(Type.String()),
})

/** The demo organisation that issues a type revokes the latest credential of it. */
export async function revokeLatest(config: Config, typeName: string) {
  if (!isCredentialTypeName(typeName)) {
    throw new UsageError(`there is no credential type ${typeName}; there are ${CREDENTIAL_TYPE_NAMES.join(', ')}`)
  }
  const organisation = openDemoOrganisation(config, 'issuer', DEMO_ISSUER_OF[typeName])
  const id = await findLatest(organisation, typeName)
  if (id === undefined) throw new SetupError(`${organisation.id} has issued no ${typeName} that could be revoked`)
  await organisation.call('POST', `/credentials/${id}/revocation`, { reason: 'demo' })
  return { organisation: organisation.id, credentialType: typeName, id }
}

/** The list begins with the newest. */
async function findLatest(organisation: DemoOrganisation, typeName: string): Promise<string | undefined> {
  let cursor: string | undefined
  do {
    const query = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`
    const page = readAnswer(Page, await organisation.call('GET', `/credentials${query}`))
    const found = page.credentials.find(
      ({ credentialType, state }) => credentialType === typeName && (state === 'valid' || state === 'suspended'),
    )
    if (found) return found.id
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return undefined
}
