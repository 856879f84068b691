import { describe, expect, test } from 'vitest'
import { nodeCrypto } from '../node-crypto.ts'
import { LEAF_SUBJECT, makeLeaf, makeRoot, NOW } from './chain.testing.ts'
import type { NameConstraintsInput } from './make-extensions.ts'
import type { CertificateSubject } from './name.ts'
import { validatePath } from './path.ts'

interface Names {
  readonly sanUris?: readonly string[]
  readonly sanDnsNames?: readonly string[]
  readonly subject?: CertificateSubject
}

/** Whether a leaf with these names is accepted below an authority with these constraints. */
async function accepts(nameConstraints: NameConstraintsInput, names: Names): Promise<boolean> {
  const ca = await makeRoot({ nameConstraints })
  const leaf = await makeLeaf(ca, { sanUris: [], sanDnsNames: [], ...names })
  return validatePath([leaf], [ca.certificate], { now: NOW, crypto: nodeCrypto }).then(
    () => true,
    (error: unknown) => {
      expect(error).toMatchObject({ code: 'invalid_certificate' })
      return false
    },
  )
}

describe('URIs, by their host [RFC 5280 §4.2.1.10]', () => {
  test.each<[string, NameConstraintsInput, readonly string[], boolean]>([
    ['the permitted host', { permitted: { uriHosts: ['school.example'] } }, ['https://school.example/roc'], true],
    ['any port and scheme', { permitted: { uriHosts: ['localhost'] } }, ['http://localhost:4100/roc'], true],
    ['any case', { permitted: { uriHosts: ['School.example'] } }, ['HTTPS://SCHOOL.EXAMPLE/roc'], true],
    ['a host below it', { permitted: { uriHosts: ['school.example'] } }, ['https://a.school.example'], false],
    ['a host that ends like it', { permitted: { uriHosts: ['school.example'] } }, ['https://myschool.example'], false],
    ['its name before an @', { permitted: { uriHosts: ['school.example'] } }, ['https://school.example@x.nl'], false],
    [
      'one host of two',
      { permitted: { uriHosts: ['school.example'] } },
      ['https://school.example', 'https://x.nl'],
      false,
    ],
    [
      'two permitted hosts',
      { permitted: { uriHosts: ['school.example', 'x.nl'] } },
      ['https://school.example', 'https://x.nl'],
      true,
    ],
    ['a host below a dot', { permitted: { uriHosts: ['.school.example'] } }, ['https://a.b.school.example'], true],
    ['the host itself, for a dot', { permitted: { uriHosts: ['.school.example'] } }, ['https://school.example'], false],
    ['no URI at all', { permitted: { uriHosts: ['school.example'] } }, [], true],
    ['a URI without a host', { permitted: { uriHosts: ['school.example'] } }, ['urn:school.example'], false],
    ['what is no URI', { permitted: { uriHosts: ['school.example'] } }, ['school.example'], false],
    ['an address instead of a host', { excluded: { uriHosts: ['school.example'] } }, ['https://192.0.2.1'], false],
    [
      'an IPv6 address instead of a host',
      { excluded: { uriHosts: ['school.example'] } },
      ['https://[2001:db8::1]'],
      false,
    ],
    ['an excluded host', { excluded: { uriHosts: ['school.example'] } }, ['https://school.example'], false],
    [
      'an excluded host with a dot at its end',
      { excluded: { uriHosts: ['school.example'] } },
      ['https://school.example.'],
      false,
    ],
    ['another than the excluded host', { excluded: { uriHosts: ['school.example'] } }, ['https://x.nl'], true],
    ['any host, when all are excluded', { excluded: { uriHosts: [''] } }, ['https://x.nl'], false],
    [
      'a host both permitted and excluded',
      { permitted: { uriHosts: ['x.nl'] }, excluded: { uriHosts: ['x.nl'] } },
      ['https://x.nl'],
      false,
    ],
    [
      'a URI under constraints on DNS names only',
      { permitted: { dnsNames: ['x.nl'] } },
      ['https://school.example'],
      true,
    ],
  ])('%s', async (_name, constraints, sanUris, expected) => {
    expect(await accepts(constraints, { sanUris })).toBe(expected)
  })
})

describe('DNS names [RFC 5280 §4.2.1.10]', () => {
  test.each<[string, NameConstraintsInput, readonly string[], boolean]>([
    ['the permitted name', { permitted: { dnsNames: ['school.example'] } }, ['school.example'], true],
    ['a name below it', { permitted: { dnsNames: ['school.example'] } }, ['a.School.example'], true],
    ['a name that ends like it', { permitted: { dnsNames: ['school.example'] } }, ['myschool.example'], false],
    ['a wildcard', { permitted: { dnsNames: ['school.example'] } }, ['*.school.example'], false],
    ['a name below the excluded one', { excluded: { dnsNames: ['school.example'] } }, ['a.school.example'], false],
    [
      'the excluded name, with a dot at its end',
      { excluded: { dnsNames: ['school.example'] } },
      ['school.example.'],
      false,
    ],
    ['any name, when all are excluded', { excluded: { dnsNames: [''] } }, ['x.nl'], false],
    ['any name, when all are permitted', { permitted: { dnsNames: [''] } }, ['x.nl'], true],
  ])('%s', async (_name, constraints, sanDnsNames, expected) => {
    expect(await accepts(constraints, { sanDnsNames })).toBe(expected)
  })
})

describe('directory names [RFC 5280 §4.2.1.10]', () => {
  const SCHOOL = { countryName: 'NL', organizationName: 'ROC Midden Nederland' }

  test.each<[string, NameConstraintsInput, CertificateSubject, boolean]>([
    ['a name below the permitted one', { permitted: { subjects: [SCHOOL] } }, LEAF_SUBJECT, true],
    ['the permitted name itself', { permitted: { subjects: [LEAF_SUBJECT] } }, LEAF_SUBJECT, true],
    ['a name above it', { permitted: { subjects: [LEAF_SUBJECT] } }, SCHOOL, false],
    [
      'another organisation',
      { permitted: { subjects: [SCHOOL] } },
      { ...LEAF_SUBJECT, organizationName: 'UWV' },
      false,
    ],
    [
      'another spelling of the permitted name',
      { permitted: { subjects: [SCHOOL] } },
      { ...LEAF_SUBJECT, organizationName: ' roc  midden NEDERLAND' },
      true,
    ],
    ['a name below the excluded one', { excluded: { subjects: [SCHOOL] } }, LEAF_SUBJECT, false],
    [
      'another spelling of the excluded name',
      { excluded: { subjects: [SCHOOL] } },
      { ...LEAF_SUBJECT, organizationName: 'ＲＯＣ midden nederland' },
      false,
    ],
    ['another than the excluded name', { excluded: { subjects: [{ countryName: 'BE' }] } }, LEAF_SUBJECT, true],
    ['any name, when all are excluded', { excluded: { subjects: [{}] } }, LEAF_SUBJECT, false],
  ])('%s', async (_name, constraints, subject, expected) => {
    expect(await accepts(constraints, { subject })).toBe(expected)
  })
})
