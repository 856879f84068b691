import { nodeCrypto } from '@wegwijzer/keys/node'
import { makeX5c } from '@wegwijzer/keys/x509'
import { expect, test, vi } from 'vitest'
import { makeParties } from '../parties.testing.ts'
import { createChainReader } from './chain-reader.ts'

const parties = await makeParties()
const [school, other] = await Promise.all(
  ['School', 'Other'].map((commonName) => parties.certify('credential_issuer', { commonName })),
)
const texts = [school, other].map((party) => makeX5c(party?.chain ?? []))

test('reads a chain once and its key once, for exactly that text', async () => {
  const importVerificationKey = vi.fn(nodeCrypto.importVerificationKey)
  const chains = createChainReader({ importVerificationKey })
  const [first, again, another] = [texts[0], structuredClone(texts[0]), texts[1]].map((x5c) => chains.read(x5c))
  expect(again).toBe(first)
  expect(another?.[0]?.subject.commonName).toBe('Other')
  const [leaf] = first ?? []
  if (leaf === undefined) throw new Error('the chain has a leaf')
  expect((await chains.keyOf(leaf)).publicJwk).toEqual(school?.signer.publicJwk)
  await chains.keyOf(leaf)
  expect(importVerificationKey).toHaveBeenCalledTimes(1)
})

test('keeps no more chains than it may', () => {
  const chains = createChainReader(nodeCrypto, 1)
  const first = chains.read(texts[0])
  chains.read(texts[1])
  expect(chains.read(texts[0])).not.toBe(first)
})

test.each([undefined, null, 'MIIB', [], [1], ['!'], [...Array(5).fill(texts[0]?.[0])]])(
  'refuses %j every time',
  (x5c) => {
    const chains = createChainReader(nodeCrypto)
    for (const _ of [1, 2])
      expect(() => chains.read(x5c)).toThrow(expect.objectContaining({ code: 'invalid_certificate' }))
  },
)
