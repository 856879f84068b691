import { generateNodeSigner } from '@wegwijzer/keys/node'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { createMemoryRecords } from '@wegwijzer/storage/records/memory'
import { expect, test } from 'vitest'
import { DAY, IDENTITY, NOW, SCHOOL } from '../testing/authorities.ts'
import type { CopyToSign } from '../testing/copy.ts'
import type { IssuerChanges } from '../testing/issuer.ts'
import { openWorld, type World } from '../testing/world.ts'

/** Changes the claims of one copy, the fourth. */
function changeOne(change: (claims: JsonObject) => JsonObject): IssuerChanges {
  return { copy: (copy, at) => (at === 3 ? { ...copy, claims: change(copy.claims) } : copy) }
}

function changeAll(change: (claims: JsonObject) => JsonObject): IssuerChanges {
  return { copy: (copy) => ({ ...copy, claims: change(copy.claims) }) }
}

async function signedBy(
  { authorities, school }: World,
  role: 'credential_issuer' | 'access_certificate',
  organisation = SCHOOL,
): Promise<IssuerChanges> {
  const party = await authorities.certify(role, organisation, { url: school.credentialIssuer })
  return { copy: (copy) => ({ ...copy, party }) }
}

/** Each copy with what stood in the first one before it was signed. */
function sharing(member: 'cnf' | 'status'): IssuerChanges {
  let first: CopyToSign | undefined
  return {
    copy: (copy) => {
      first ??= copy
      return { ...copy, claims: { ...copy.claims, [member]: first.claims[member] ?? null } }
    },
  }
}

const OTHER_KEY: JsonObject = { jwk: { ...generateNodeSigner().publicJwk } }

test.each<[string, IssuerChanges | ((world: World) => Promise<IssuerChanges>), string]>([
  [
    'signed under the certificate authority of another role',
    (world) => signedBy(world, 'access_certificate'),
    'untrusted_certificate',
  ],
  [
    'signed by another issuer of the trust list',
    (world) => signedBy(world, 'credential_issuer', IDENTITY),
    'invalid_credential',
  ],
  ['of another type', changeOne((claims) => ({ ...claims, vct: 'urn:eudi:pid:nl:1' })), 'invalid_credential'],
  [
    'with the integrity of other type metadata',
    changeOne((claims) => ({ ...claims, 'vct#integrity': `sha256-${'A'.repeat(43)}=` })),
    'invalid_credential',
  ],
  [
    'whose iss is another issuer',
    changeOne((claims) => ({ ...claims, iss: 'http://127.0.0.1:1/another' })),
    'invalid_credential',
  ],
  ['that has expired', changeAll((claims) => ({ ...claims, exp: NOW - DAY })), 'expired'],
  ['that is not valid yet', changeAll((claims) => ({ ...claims, nbf: NOW + DAY })), 'not_yet_valid'],
  ['that was issued in the future', changeAll((claims) => ({ ...claims, iat: NOW + DAY })), 'not_yet_valid'],
  ['bound to a key that is not ours', changeOne((claims) => ({ ...claims, cnf: OTHER_KEY })), 'invalid_credential'],
  ['bound to no key', changeOne(({ cnf: _none, ...claims }) => claims), 'invalid_credential'],
  ['bound to the key of another copy', sharing('cnf'), 'invalid_credential'],
  [
    'that says something else than the others',
    changeOne((claims) => ({ ...claims, eqf_level: 3 })),
    'invalid_credential',
  ],
  [
    'that holds longer than the others',
    changeOne((claims) => ({ ...claims, exp: NOW + 2 * DAY })),
    'invalid_credential',
  ],
  ['with the status index of another copy', sharing('status'), 'invalid_credential'],
  [
    'without a status where the others have one',
    changeOne(({ status: _none, ...claims }) => claims),
    'invalid_credential',
  ],
  ['with a status that names no list', changeAll((claims) => ({ ...claims, status: { other: {} } })), 'invalid_claims'],
  [
    'that lets everyone see what its type wants selectively disclosable',
    { copy: (copy) => ({ ...copy, selectivelyDisclosable: [] }) },
    'invalid_credential',
  ],
  [
    'without a claim that its type demands',
    {
      copy: ({ claims: { qualification_name: _left_out, ...claims }, selectivelyDisclosable, ...copy }) => ({
        ...copy,
        claims,
        selectivelyDisclosable: selectivelyDisclosable.filter(([name]) => name !== 'qualification_name'),
      }),
    },
    'invalid_credential',
  ],
  [
    'with another signature',
    { copies: (sdJwts) => sdJwts.map((sdJwt) => sdJwt.replace(/\.[^.~]{10}([^.~]+~)/, '.AAAAAAAAAA$1')) },
    'invalid_signature',
  ],
  [
    'with a disclosure that belongs to nothing',
    { copies: (sdJwts) => sdJwts.map((sdJwt) => `${sdJwt}WyJhIiwiYiIsImMiXQ~`) },
    'invalid_disclosure',
  ],
  [
    'that is bound to a verifier already',
    { copies: (sdJwts) => sdJwts.map((sdJwt) => `${sdJwt}a.b.c`) },
    'invalid_sd_jwt',
  ],
  ['that is no credential', { copies: (sdJwts) => sdJwts.map(() => 'onzin') }, 'invalid_sd_jwt'],
])('a copy %s is not kept, and the issuer is told', async (_title, change, reason) => {
  const world = await openWorld()
  const { school, openWallet } = world
  const records = createMemoryRecords()
  const wallet = openWallet({ records })
  const receipt = await wallet.beginReceipt(school.offer())
  school.change(typeof change === 'function' ? await change(world) : change)

  await expect(wallet.acceptReceipt(receipt)).rejects.toMatchObject({ kind: 'not_trusted', reason })
  expect(school.notifications).toMatchObject([{ event: 'credential_failure' }])
  expect(await records.list('credential')).toEqual([])
  expect(await wallet.activity()).toMatchObject([
    { transactionResult: 'NotCompleted', reasonOfNoncompletion: reason, credentialNumberIssued: 0 },
  ])
  expect(await records.list('notification')).toEqual([])
})

test('more copies than keys are not kept', async () => {
  const { identity, openWallet } = await openWorld()
  const wallet = openWallet()
  const receipt = await wallet.beginReceipt(identity.offer())
  identity.change({ copies: (sdJwts) => [...sdJwts, ...sdJwts] })
  const refused = wallet.acceptReceipt(receipt)
  await expect(refused).rejects.toMatchObject({ kind: 'refused', reason: 'invalid_credential_response' })
  expect(await wallet.list()).toEqual([])
})

test('fewer copies than keys are kept', async () => {
  const { school, openWallet } = await openWorld()
  const wallet = openWallet()
  const receipt = await wallet.beginReceipt(school.offer())
  school.change({ copies: (sdJwts) => sdJwts.slice(0, 2) })
  await wallet.acceptReceipt(receipt)
  expect(await wallet.list()).toMatchObject([{ copiesLeft: 2 }])
})

test('after a failure the same offer may be collected again, once the issuer does it right', async () => {
  const { school, openWallet } = await openWorld()
  const wallet = openWallet()
  const offer = school.offer()
  const receipt = await wallet.beginReceipt(offer)
  school.change(sharing('status'))
  await expect(wallet.acceptReceipt(receipt)).rejects.toMatchObject({ kind: 'not_trusted' })
  school.change({})
  await wallet.acceptReceipt(await wallet.beginReceipt(offer))
  expect(await wallet.list()).toHaveLength(1)
})

test('an issuer that left the trust list after its offer was shown gives nothing that is kept', async () => {
  const { clock, registry, school, openWallet } = await openWorld()
  const wallet = openWallet()
  const receipt = await wallet.beginReceipt(school.offer())
  registry.edit((list) => ({ ...list, entries: [] }))
  clock.now = NOW + 400
  await expect(wallet.acceptReceipt(receipt)).rejects.toMatchObject({ kind: 'not_trusted', reason: 'issuer_unknown' })
  expect(await wallet.list()).toEqual([])
})
