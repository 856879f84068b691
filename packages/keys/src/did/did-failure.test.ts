import { didJwkOf, type UnverifiedJwtVc } from '@wegwijzer/protocol/w3c'
import { expect, test } from 'vitest'
import { generateNodeSigner } from '../node-crypto.ts'
import { holderIdentity, verifyJwtVc } from './did.ts'

test('what the library throws is a refusal, never a pass, and is not repeated', async () => {
  const { did, keyUrl, signer } = holderIdentity(generateNodeSigner())
  const { publicJwk } = signer
  const vc: UnverifiedJwtVc = {
    // Nothing that was parsed comes here as this: the library cannot read it and throws.
    compact: 'zeer.persoonlijk.geheim',
    issuer: did,
    kid: keyUrl,
    subject: didJwkOf(publicJwk),
    types: [],
    claims: {},
    issuedAt: 0,
    expiresAt: undefined,
    status: undefined,
    payload: {},
  }
  const key = { id: keyUrl, publicJwk }
  const resolver = { resolve: async () => ({ did, assertionMethod: [key], authentication: [] }) }
  await expect(verifyJwtVc(vc, { resolver, now: 1 })).rejects.toMatchObject({
    code: 'invalid_signature',
    message: expect.not.stringContaining('persoonlijk'),
  })
})
