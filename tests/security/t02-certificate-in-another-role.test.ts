import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { TRUST_ROLES } from '@wegwijzer/keys/x509'
import { makeX509HashClientId } from '@wegwijzer/protocol/openid4vp'
import { describe, expect, test } from 'vitest'
import { UWV } from '../../wallet/core/src/testing/authorities.ts'
import { DIPLOMA_QUERY } from '../../wallet/core/src/testing/queries.ts'
import { openWorld } from '../../wallet/core/src/testing/world.ts'
import { attackWorld } from './attacked.testing.ts'
import { collectDiplomas } from './hostile-wallet.testing.ts'
import { expectRejected } from './judged.testing.ts'
import { certifyAnew, judgeReissued, partyAt } from './reissued.testing.ts'

/** T2: a certificate counts in the role that it was given for, and in no other. */
const world = await attackWorld()
const [copy] = await collectDiplomas(world, 1)
const school = partyAt(world, 'roc-midden-nederland')

describe('a diploma that the school signs under a certificate of its own', () => {
  test.each(TRUST_ROLES)('for the role %s is believed only when that is the issuer’s', async (role) => {
    if (copy === undefined) throw new Error('there is no copy')
    const judged = await judgeReissued(world, { copy, ...(await certifyAnew(world, role, school)) })
    if (role === 'credential_issuer') expect(judged).toMatchObject({ verdict: 'accepted', failed: [] })
    else expectRejected(judged, 'issuer_trusted')
  })

  test('but with another key than the certificate’s is not', async () => {
    if (copy === undefined) throw new Error('there is no copy')
    const { x5c } = await certifyAnew(world, 'credential_issuer', school)
    expectRejected(await judgeReissued(world, { copy, x5c, signer: generateNodeSigner() }))
  })
})

describe('a request that a verifier signs under a certificate of its own', () => {
  test.each(TRUST_ROLES)(
    'for the role %s is read by a wallet only when that is the access certificate’s',
    async (role) => {
      const { authorities, uwv, openWallet } = await openWorld()
      const party = await authorities.certify(role, UWV, { url: uwv.url })
      const clientId = await makeX509HashClientId(party.leaf.der, nodeCrypto)
      const change = { party, clientId, claims: (claims: object) => ({ ...claims, client_id: clientId }) }
      const begun = openWallet().beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY, change }))
      if (role === 'access_certificate') await expect(begun).resolves.toMatchObject({ verifier: { name: UWV.name } })
      else await expect(begun).rejects.toMatchObject({ kind: 'not_trusted', reason: 'untrusted_certificate' })
      expect(uwv.posted()).toEqual([])
    },
  )
})
