import { CREDENTIAL_TYPE_NAMES, isCredentialTypeName } from '@wegwijzer/schemas'
import type { Config } from '@wegwijzer/server/config'
import { Type } from 'typebox'
import { DEMO_ISSUER_OF, demoClaims } from '../setup/demo-claims.ts'
import { UsageError } from '../setup/failure.ts'
import { readFirstDay } from '../setup/installation.ts'
import { openDemoOrganisation, readAnswer } from './demo-organisation.ts'

const MadeOffer = Type.Object({ credentialOffer: Type.String(), txCode: Type.Optional(Type.String()) })

/** A demo organisation offers the demo worker a credential. */
export async function makeDemoOffer(config: Config, typeName: string, txCode: boolean) {
  if (!isCredentialTypeName(typeName)) {
    throw new UsageError(`there is no credential type ${typeName}; there are ${CREDENTIAL_TYPE_NAMES.join(', ')}`)
  }
  const firstDay = readFirstDay(config)
  const organisation = openDemoOrganisation(config, 'issuer', DEMO_ISSUER_OF[typeName])
  const claims = demoClaims(firstDay)[typeName]
  const answer = await organisation.call('POST', '/offers', { credentialType: typeName, claims, txCode })
  return readAnswer(MadeOffer, answer)
}
