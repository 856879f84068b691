import { didWebOf, parseDidDocument } from '@wegwijzer/keys/did'
import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { makeLeafCertificate, makeX5c } from '@wegwijzer/keys/x509'
import { insertSigningKey } from '@wegwijzer/organisation/signing-key'
import { expect, test } from 'vitest'
import { DAY, NOW, startTestIssuer } from '../testing/issuer.testing.ts'

const SCHOOL = 'roc-midden-nederland'

test('a DID document has every key with which something was signed that still holds, and no other', async () => {
  const issuer = await startTestIssuer({ organisations: [SCHOOL, 'opleidingsfonds-logistiek'] })
  const did = didWebOf(`${issuer.url}/${SCHOOL}`)
  const listed = async () => {
    const answer = await fetch(`${issuer.url}/${SCHOOL}/did.json`)
    return (await parseDidDocument(await answer.text(), did)).assertionMethod.map(({ publicJwk }) => publicJwk)
  }
  const certifyKey = async (notBefore: number, notAfter: number) => {
    const { publicJwk } = generateNodeSigner()
    const ca = issuer.authorities.credential
    const subject = { commonName: 'ROC (demo)', organizationIdentifier: 'NTRNL-90001025', countryName: 'NL' }
    const certificate = await makeLeafCertificate({ ca, subject, publicJwk, notBefore, notAfter, crypto: nodeCrypto })
    const key = { organisation: SCHOOL, purpose: 'credential', wrapped: '', certificateChain: makeX5c([certificate]) }
    await insertSigningKey(issuer.db, { ...key, notBefore, notAfter }, NOW)
    return publicJwk
  }

  const [current] = await listed()
  const earlier = await certifyKey(NOW - 2 * DAY, NOW)
  const next = await certifyKey(NOW + DAY, NOW + 2 * DAY)
  expect(await listed()).toHaveLength(3)
  expect(await listed()).toEqual(expect.arrayContaining([current, earlier, next]))
  issuer.clock.now += 1
  expect(await listed()).not.toContainEqual(earlier)
})
