import { expect, test } from 'vitest'
import { makeParties, SCHOOL } from '../parties.testing.ts'
import type { TrustListEntry } from './content.ts'
import { anchorsFor, findCredentialIssuer, findIssuableType, findOrganisation, findType } from './lookup.ts'

const DIPLOMA = 'https://wegwijzer.example/types/diploma/1'
const parties = await makeParties()
const verifierOnly: TrustListEntry = {
  ...SCHOOL,
  organisation: 'b',
  identifier: 'NTRNL-2',
  roles: ['verifier'],
  credentialIssuers: ['http://localhost:4100/b'],
}
const list = await parties.readList({ entries: [verifierOnly, SCHOOL] })

test('an organisation is found by its credential issuer identifier and by its number', () => {
  expect(findCredentialIssuer(list, 'http://localhost:4100/roc-midden-nederland')?.organisation).toBe(
    SCHOOL.organisation,
  )
  expect(findOrganisation(list, 'NTRNL-2')?.organisation).toBe('b')
})

test('nothing is found by something that only looks the same', () => {
  expect(findCredentialIssuer(list, 'http://localhost:4100/roc-midden-nederland/')).toBeUndefined()
  expect(findCredentialIssuer(list, 'http://LOCALHOST:4100/roc-midden-nederland')).toBeUndefined()
  expect(findOrganisation(list, 'NTRNL-90000001 ')).toBeUndefined()
})

test('who has not the role of a credential issuer issues nothing, whatever else the entry says', () => {
  expect(findCredentialIssuer(list, 'http://localhost:4100/b')).toBeUndefined()
  expect(findIssuableType(verifierOnly, DIPLOMA)).toBeUndefined()
})

test('a type is found with its metadata, in one entry or in any', () => {
  expect(findIssuableType(SCHOOL, DIPLOMA)).toEqual(SCHOOL.mayIssue[0])
  expect(findType(list, DIPLOMA)).toEqual(SCHOOL.mayIssue[0])
  expect(findIssuableType(SCHOOL, `${DIPLOMA}0`)).toBeUndefined()
  expect(findType(list, 'https://wegwijzer.example/types/diploma/2')).toBeUndefined()
})

test('each role has its own anchors', () => {
  const anchor = parties.authorityOf('status_list').certificate
  expect(anchorsFor(list, 'status_list').map(({ serialNumber }) => serialNumber)).toEqual([anchor.serialNumber])
  expect(anchorsFor(list, 'credential_issuer').map(({ serialNumber }) => serialNumber)).not.toContain(
    anchor.serialNumber,
  )
})
