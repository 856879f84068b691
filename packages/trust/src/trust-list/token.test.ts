import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { makeSelfSignedCertificate, makeX5c } from '@wegwijzer/keys/x509'
import { encodeBase64, makeJwt } from '@wegwijzer/protocol/jose'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { describe, expect, test } from 'vitest'
import { DAY, makeParties, NOW, SCHOOL } from '../parties.testing.ts'
import type { TrustListContent } from './content.ts'
import { makeTrustList, verifyTrustList } from './token.ts'

const { keeper, content, authorityOf, certify } = await makeParties()
const expected = { anchor: keeper.leaf.der, now: NOW, crypto: nodeCrypto }
const signing = { issuedAt: NOW, nextUpdate: NOW + DAY, signer: keeper.signer, x5c: keeper.x5c }

const CLAIMS: JsonObject = {
  ...content,
  iat: NOW,
  exp: NOW + DAY,
  listIssueDateTime: '2026-10-01T00:00:00Z',
  nextUpdate: '2026-10-02T00:00:00Z',
}

function sign(claims: JsonObject = {}, header: JsonObject = {}, by = keeper.signer): Promise<string> {
  return makeJwt({ typ: 'trust-list+jwt', x5c: keeper.x5c, ...header }, { ...CLAIMS, ...claims }, by)
}

function withEntry(change: JsonObject): JsonObject {
  return { entries: [{ ...SCHOOL, ...change }] }
}

test('a list that was made says to its reader what its keeper said', async () => {
  const list = await verifyTrustList(await makeTrustList(content, signing), expected)
  expect(list).toMatchObject({ sequence: content.sequence, issuedAt: NOW, nextUpdate: NOW + DAY, entries: [SCHOOL] })
  expect(list.trustAnchors.status_list.map(({ der }) => encodeBase64(der))).toEqual(content.trustAnchors.status_list)
})

test('unknown members and a role without anchors are let pass', async () => {
  const list = await verifyTrustList(
    await sign({ statusDeterminationApproach: 'x', trustAnchors: { ...content.trustAnchors, status_list: [] } }),
    { ...expected, previousSequence: content.sequence },
  )
  expect(list.trustAnchors.status_list).toEqual([])
})

describe('refuses, as invalid_trust_list', () => {
  const diploma = SCHOOL.mayIssue[0]
  test.each<[string, JsonObject, JsonObject?]>([
    ['an untyped JWT', {}, { typ: 'JWT' }],
    ['a list without certificate', {}, { x5c: [] }],
    ['a certificate that is not a string', {}, { x5c: [1] }],
    ['a list without sequence', { sequence: '3' }],
    ['a sequence of zero', { sequence: 0 }],
    ['a list without nextUpdate', { nextUpdate: null }],
    ['a nextUpdate with an offset', { nextUpdate: '2026-10-02T00:00:00+02:00' }],
    ['a nextUpdate on a day that does not exist', { nextUpdate: '2027-02-30T00:00:00Z' }],
    ['a list of the future', { iat: NOW + 61 }],
    ['anchors that are not certificates', { trustAnchors: { status_list: ['AAAA'] } }],
    ['entries that are not a list', { entries: {} }],
    ['an entry without identifier', withEntry({ identifier: '' })],
    ['an entry without name', withEntry({ name: [] })],
    [
      'an organisation that stands in the list twice',
      { entries: [SCHOOL, { ...SCHOOL, identifier: 'NTRNL-2', credentialIssuers: [] }] },
    ],
    [
      'an identifier of two organisations',
      { entries: [SCHOOL, { ...SCHOOL, organisation: 'b', credentialIssuers: [] }] },
    ],
    [
      'a credential issuer of two organisations',
      { entries: [SCHOOL, { ...SCHOOL, organisation: 'b', identifier: 'NTRNL-2' }] },
    ],
    [
      'a type with two metadata documents',
      withEntry({ mayIssue: [{ ...diploma }, { ...diploma, typeMetadataIntegrity: 'sha256-BBBB' }] }),
    ],
  ])('%s', async (_name, claims, header = {}) => {
    await expect(verifyTrustList(await sign(claims, header), expected)).rejects.toMatchObject({
      code: 'invalid_trust_list',
    })
  })

  test('an authority that stands under two roles', async () => {
    const anchor = encodeBase64(authorityOf('status_list').certificate.der)
    const trustAnchors = { ...content.trustAnchors, credential_issuer: [anchor] }
    await expect(verifyTrustList(await sign({ trustAnchors }), expected)).rejects.toThrow('two roles')
    await expect(makeTrustList({ ...content, trustAnchors }, signing)).rejects.toThrow('two roles')
  })

  test('another signer under the right certificate', async () => {
    const list = await sign({}, {}, generateNodeSigner())
    await expect(verifyTrustList(list, expected)).rejects.toMatchObject({ code: 'invalid_trust_list' })
  })

  test('the same key under another certificate', async () => {
    const other = await makeSelfSignedCertificate({
      subject: { commonName: 'Another list' },
      signer: keeper.signer,
      notBefore: NOW,
      notAfter: NOW + DAY,
      crypto: nodeCrypto,
    })
    await expect(verifyTrustList(await sign({}, { x5c: makeX5c([other]) }), expected)).rejects.toThrow(
      'another certificate',
    )
  })

  test('a list signed by a certificate that the list itself trusts', async () => {
    const school = await certify('credential_issuer', { commonName: 'School' })
    const list = await sign({}, { x5c: school.x5c }, school.signer)
    await expect(verifyTrustList(list, expected)).rejects.toMatchObject({ code: 'invalid_trust_list' })
  })

  test('what is no token at all, or too long to be one', async () => {
    for (const compact of ['', 'a.b.c']) {
      await expect(verifyTrustList(compact, expected)).rejects.toMatchObject({ code: 'invalid_trust_list' })
    }
    await expect(verifyTrustList('x'.repeat(8_000_001), expected)).rejects.toThrow('too long')
  })
})

describe('refuses, as expired_trust_list', () => {
  test.each([
    ['a list whose nextUpdate is now', {}, NOW + DAY],
    ['a list whose exp has come before its nextUpdate', { exp: NOW + 10 }, NOW + 10],
    ['a list whose nextUpdate has come before its exp', { exp: NOW + 2 * DAY }, NOW + DAY],
    [
      'a list after its signing certificate',
      { exp: NOW + 2000 * DAY, nextUpdate: '2036-01-01T00:00:00Z' },
      NOW + 1001 * DAY,
    ],
    ['a list before its signing certificate', {}, NOW - 2 * DAY],
  ])('%s', async (_name, claims: JsonObject, now) => {
    await expect(verifyTrustList(await sign(claims), { ...expected, now })).rejects.toMatchObject({
      code: 'expired_trust_list',
    })
  })
})

test('refuses, as trust_list_rollback, a list older than one already seen', async () => {
  const previousSequence = content.sequence + 1
  await expect(verifyTrustList(await sign(), { ...expected, previousSequence })).rejects.toMatchObject({
    code: 'trust_list_rollback',
  })
})

test('a keeper cannot sign a list that nobody would accept', async () => {
  const twice: TrustListContent = { ...content, entries: [SCHOOL, SCHOOL] }
  const empty: TrustListContent = { ...content, schemeOperatorName: [] }
  for (const wrong of [twice, empty]) {
    await expect(makeTrustList(wrong, signing)).rejects.toMatchObject({ code: 'invalid_trust_list' })
  }
})
