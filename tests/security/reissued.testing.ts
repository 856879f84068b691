import { generateNodeSigner } from '@wegwijzer/keys/node'
import { makeX5c, type TrustRole } from '@wegwijzer/keys/x509'
import type { Signer } from '@wegwijzer/protocol/crypto'
import { makeJwt, parseJws, readClaims } from '@wegwijzer/protocol/jose'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { selectDisclosures } from '@wegwijzer/protocol/sd-jwt'
import { certify, type Party } from '../../tools/setup/authorities.ts'
import { readTrustListContent } from '../../tools/setup/trust-list.ts'
import type { World } from '../support/world.ts'
import type { Copy } from './hostile-wallet.testing.ts'
import { bind, type Judged, judge } from './judged.testing.ts'

/** Who signs a diploma anew, and what it says then. */
export interface Reissue {
  readonly copy: Copy
  readonly x5c: readonly string[]
  readonly signer: Signer
  readonly claims?: JsonObject
}

/** Presents a real diploma that somebody else signed anew; everything else about it is as it should be. */
export function judgeReissued(world: World, { copy, x5c, signer, claims }: Reissue): Promise<Judged> {
  const { held, holder } = copy
  return judge(world, async ({ clientId, nonce }) => {
    const presentation = selectDisclosures(held, [['qualification_name'], ['institution_name'], ['completion_date']])
    const [jwt = '', ...disclosures] = presentation.split('~')
    const signed = await makeJwt(
      { typ: 'dc+sd-jwt', x5c: [...x5c] },
      { ...readClaims(parseJws(jwt)), ...claims },
      signer,
    )
    const binding = { audience: clientId, nonce, issuedAt: world.clock.now(), signer: holder }
    return bind([signed, ...disclosures].join('~'), binding)
  })
}

/** A key that the development authority of this role has certified for this party. */
export async function certifyAnew(
  world: World,
  role: TrustRole,
  party: Party,
): Promise<{ readonly signer: Signer; readonly x5c: readonly string[] }> {
  const signer = generateNodeSigner()
  const { authorities } = world.installation
  const leaf = await certify(authorities, role, party, signer.publicJwk, world.clock.now())
  return { signer, x5c: makeX5c([leaf]) }
}

/** A demo organisation as its certificates name it: by what stands of it on the trust list. */
export function partyAt({ installation, urls }: World, organisation: string): Party {
  const entry = readTrustListContent(installation).entries.find((one) => one.organisation === organisation)
  const name = entry?.name[0]?.value
  if (entry === undefined || name === undefined) throw new Error('there is no demo organisation of this name')
  return {
    subject: {
      commonName: name,
      organizationName: name,
      organizationIdentifier: entry.identifier,
      countryName: 'NL',
    },
    uri: `${urls.issuer}/${organisation}`,
  }
}
