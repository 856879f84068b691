import { describe, expect, test } from 'vitest'
import type { IssuerChanges } from '../../wallet/core/src/testing/issuer.ts'
import { openWorld, type World } from '../../wallet/core/src/testing/world.ts'

/** T29: what one issuer gave goes to that issuer only, and what comes back is from that issuer. */
describe('the school sends the wallet to the identity issuer', () => {
  test.each<[string, (world: World) => IssuerChanges]>([
    [
      'for its credentials',
      ({ identity }) => ({
        metadata: (metadata) => ({ ...metadata, credential_endpoint: `${identity.credentialIssuer}/credential` }),
      }),
    ],
    [
      'for its nonces',
      ({ identity }) => ({
        metadata: (metadata) => ({ ...metadata, nonce_endpoint: `${identity.credentialIssuer}/nonce` }),
      }),
    ],
    [
      'as its authorization server',
      ({ identity }) => ({
        metadata: (metadata) => ({ ...metadata, authorization_servers: [identity.credentialIssuer] }),
      }),
    ],
    [
      'for its tokens',
      ({ identity }) => ({
        answers: {
          server_metadata: (answer) => ({
            ...answer,
            body: JSON.stringify({
              ...JSON.parse(String(answer.body)),
              token_endpoint: `${identity.credentialIssuer}/token`,
            }),
          }),
        },
      }),
    ],
    [
      'as who it is',
      ({ identity }) => ({
        metadata: (metadata) => ({ ...metadata, credential_issuer: identity.credentialIssuer }),
      }),
    ],
  ])('%s: nobody gets anything', async (_name, change) => {
    const world = await openWorld()
    const { school, identity, openWallet } = world
    school.change(change(world))
    const wallet = openWallet()
    const received = wallet.beginReceipt(school.offer()).then((receipt) => wallet.acceptReceipt(receipt))
    await expect(received).rejects.toMatchObject({ name: 'WalletError' })
    expect(await wallet.list()).toEqual([])
    expect(identity.notifications).toEqual([])
    // What another issuer got was of no use to it: a code and a proof that name the school, and no copy was made of it.
    for (const { body } of identity.received) expect(body).not.toContain(identity.credentialIssuer)
  })
})

test('a credential that another issuer signed, and whose issuer it names, is not kept as the school’s', async () => {
  const { school, identity, authorities, openWallet } = await openWorld()
  const party = await authorities.certify('credential_issuer', identity.organisation, {
    url: identity.credentialIssuer,
  })
  for (const iss of [school.credentialIssuer, identity.credentialIssuer]) {
    school.change({ copy: (copy) => ({ ...copy, party, claims: { ...copy.claims, iss } }) })
    const wallet = openWallet()
    const receipt = await wallet.beginReceipt(school.offer())
    await expect(wallet.acceptReceipt(receipt)).rejects.toMatchObject({ name: 'WalletError' })
    expect(await wallet.list()).toEqual([])
  }
})

test('an offer of one issuer that names a type of another is refused', async () => {
  const { school, openWallet } = await openWorld()
  const wallet = openWallet()
  await expect(wallet.beginReceipt(school.offer({ type: 'pid' }))).rejects.toMatchObject({ name: 'WalletError' })
  expect(school.visits('token')).toBe(0)
})
