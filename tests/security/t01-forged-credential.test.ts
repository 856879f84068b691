import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { makeDevelopmentCa, makeLeafCertificate, makeX5c, parseX5c } from '@wegwijzer/keys/x509'
import type { PublicJwk } from '@wegwijzer/protocol/crypto'
import { makeJwt, parseJws, readClaims } from '@wegwijzer/protocol/jose'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { selectDisclosures } from '@wegwijzer/protocol/sd-jwt'
import { describe, expect, test } from 'vitest'
import { attackWorld, trapVisitors } from './attacked.testing.ts'
import { type Forgery, forgeries } from './forged-jwt.testing.ts'
import { type Copy, collectDiplomas, present } from './hostile-wallet.testing.ts'
import { bind, expectRejected, judge } from './judged.testing.ts'

/** T1: credentials that the issuer did not sign, or did not sign so, are not believed, and nothing that they name is fetched. */
const world = await attackWorld()
const trap = await trapVisitors()
const copies = await collectDiplomas(world, 20)

function takeCopy(): Copy {
  const copy = copies[0]
  if (copy === undefined) throw new Error('there are no copies left')
  return copy
}

test('the presentation that is broken below is accepted as it is', async () => {
  expect((await judge(world, (request) => present(world, takeCopy(), request))).verdict).toBe('accepted')
})

const names = forgeries(generateNodeSigner(), generateNodeSigner().publicJwk, 'http://x').map(({ name }) => [name])

function find(all: readonly Forgery[], name: string): Forgery['forge'] {
  const found = all.find((forgery) => forgery.name === name)
  if (found === undefined) throw new Error('there is no such forgery')
  return found.forge
}

describe('a credential', () => {
  /** The presentation of a copy whose issuer JWT was forged, bound as it should be. */
  const withIssuerJwt = (forge: (jwt: string) => Promise<string>, { held, holder } = takeCopy()) =>
    judge(world, async ({ clientId, nonce }) => {
      const presentation = selectDisclosures(held, [['qualification_name'], ['institution_name'], ['completion_date']])
      const [jwt = '', ...disclosures] = presentation.split('~')
      const forged = [await forge(jwt), ...disclosures].join('~')
      return bind(forged, { audience: clientId, nonce, issuedAt: world.clock.now(), signer: holder })
    })

  test.each(names)('with %s is not believed', async (name) => {
    const stranger = generateNodeSigner()
    const judged = await withIssuerJwt(find(forgeries(stranger, issuerKeyOf(takeCopy()), trap.url), name ?? ''))
    expectRejected(judged)
  })

  test('by a stranger with certificates of his own, in the name of the school, is not believed and not looked up', async () => {
    const now = world.clock.now()
    const caSigner = generateNodeSigner()
    const ca = await makeDevelopmentCa({ commonName: 'Evil', now, signer: caSigner, crypto: nodeCrypto })
    const signer = generateNodeSigner()
    const { iss } = takeCopy().held.sdJwt.issuerClaims
    const leaf = await makeLeafCertificate({
      ca,
      subject: {
        commonName: 'ROC Midden-Nederland (demo)',
        organizationName: 'ROC Midden-Nederland (demo)',
        organizationIdentifier: 'NTRNL-90001354',
        countryName: 'NL',
      },
      sanUris: [String(iss)],
      sanDnsNames: [],
      publicJwk: signer.publicJwk,
      notBefore: now - 60,
      notAfter: now + 86_400,
      crypto: nodeCrypto,
    })
    const evil: JsonObject = {
      status: { status_list: { idx: 0, uri: `${trap.url}/status` } },
      vct: `${trap.url}/type`,
    }
    const x5c = makeX5c([leaf])
    for (const change of [{}, { status: evil.status ?? null }, evil]) {
      expectRejected(await withIssuerJwt((jwt) => forgeAs(jwt, x5c, change)), 'issuer_trusted')
    }
    expectRejected(await withIssuerJwt((jwt) => forgeAs(jwt, makeX5c([leaf, ca.certificate]), {})))

    async function forgeAs(jwt: string, chain: readonly string[], change: JsonObject) {
      const jws = parseJws(jwt)
      return makeJwt({ typ: 'dc+sd-jwt', x5c: [...chain] }, { ...readClaims(jws), ...change }, signer)
    }
  })
})

test('nothing that a stranger named was visited', () => {
  expect(trap.visits).toEqual([])
})

/** The key in the leaf certificate that the credential came with: what a verifier uses, and everybody knows. */
function issuerKeyOf({ held }: Copy): PublicJwk {
  const [leaf] = parseX5c(held.sdJwt.issuerJws.header.x5c)
  if (leaf === undefined) throw new Error('the credential has no certificate')
  return leaf.publicJwk
}
