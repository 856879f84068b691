import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { makeDevelopmentCa, makeX5c, parseX5c, validatePath } from '@wegwijzer/keys/x509'
import { describe, expect, test } from 'vitest'
import { attackWorld } from './attacked.testing.ts'
import { collectDiplomas } from './hostile-wallet.testing.ts'
import { expectRejected } from './judged.testing.ts'
import { growthDuring } from './memory.testing.ts'
import { certifyAnew, judgeReissued, partyAt } from './reissued.testing.ts'

/** T31: a certificate chain that is long, turns round, is enormous or is nonsense leads to nobody and costs nothing. */
const world = await attackWorld()
const [copy] = await collectDiplomas(world, 1)
const school = partyAt(world, 'roc-midden-nederland')
const genuine = await certifyAnew(world, 'credential_issuer', school)
const [leaf = ''] = genuine.x5c
const anchor = world.installation.authorities.byRole.credential_issuer.certificate

/** DER that opens a SEQUENCE in a SEQUENCE, as often as this. */
function nestedSequences(depth: number): string {
  let der = Buffer.alloc(0)
  for (let at = 0; at < depth; at++) {
    const length = der.length < 128 ? [der.length] : [0x82, der.length >> 8, der.length & 255]
    der = Buffer.concat([Buffer.from([0x30, ...length]), der])
  }
  return der.toString('base64')
}

const CHAINS: readonly (readonly [string, readonly string[]])[] = [
  ['of nobody', []],
  ['with the anchor in it', [leaf, ...makeX5c([anchor])]],
  ['with the leaf twice', [leaf, leaf]],
  ['of five', Array<string>(5).fill(leaf)],
  ['of ten thousand', Array<string>(60).fill(leaf)],
  ['in the other order', [...makeX5c([anchor]), leaf]],
  ['with an empty certificate', [leaf, '']],
  ['of which the leaf is half', [leaf.slice(0, 400)]],
  [
    'of which the leaf has something after it',
    [Buffer.concat([Buffer.from(leaf, 'base64'), Buffer.alloc(4)]).toString('base64')],
  ],
  ['of 40 kB in one certificate', [`${'A'.repeat(40_000)}`]],
  ['nested four thousand deep', [nestedSequences(4000)]],
  ['in base64url', [leaf.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')]],
  ['in PEM', [`-----BEGIN CERTIFICATE-----\n${leaf}\n-----END CERTIFICATE-----`]],
]

test('the chain that is broken below is believed', async () => {
  if (copy === undefined) throw new Error('there is no copy')
  expect(await judgeReissued(world, { copy, ...genuine })).toMatchObject({ verdict: 'accepted' })
})

describe('a diploma is not believed with a chain', () => {
  // In base64url only when there is something that is written differently.
  test.each(CHAINS.filter(([, x5c]) => x5c[0] !== leaf || x5c.length !== 1))('%s', async (_name, x5c) => {
    if (copy === undefined) throw new Error('there is no copy')
    expectRejected(await judgeReissued(world, { copy, signer: genuine.signer, x5c }))
  })
})

test('two authorities that vouch for each other vouch for nobody', async () => {
  const now = world.clock.now()
  const make = () => makeDevelopmentCa({ commonName: 'Round', now, signer: generateNodeSigner(), crypto: nodeCrypto })
  const [one, other] = [await make(), await make()]
  for (const chain of [
    [one.certificate, other.certificate],
    [one.certificate, other.certificate, one.certificate],
  ]) {
    await expect(validatePath(chain, [anchor], { now, crypto: nodeCrypto })).rejects.toMatchObject({
      name: 'ProtocolError',
    })
  }
})

test('a chain of a hundred thousand certificates is refused before one is read', async () => {
  const endless = Array<string>(100_000).fill(leaf)
  const growth = await growthDuring(async () => {
    for (let round = 0; round < 100; round++) expect(() => parseX5c(endless)).toThrow(/too many/)
  })
  expect(growth).toBeLessThan(50 * 2 ** 20)
})
