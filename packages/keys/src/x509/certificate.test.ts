import { createPublicKey, X509Certificate } from 'node:crypto'
import { id_ecdsaWithSHA384, id_secp384r1 } from '@peculiar/asn1-ecc'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate as CertificateStructure,
  ExtendedKeyUsage,
  Extension,
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_nameConstraints,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_clientAuth,
  NameConstraints,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  type TBSCertificate,
  Time,
  Version,
} from '@peculiar/asn1-x509'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { nodeCrypto } from '../node-crypto.ts'
import { type Certificate, parseCertificate } from './certificate.ts'
import {
  DAY,
  LEAF_SUBJECT,
  makeExtension,
  makeLeaf,
  makeRoot,
  NOW,
  reissue,
  serializeDer,
  setExtension,
} from './chain.testing.ts'
import type { CertificateAuthority } from './make-certificate.ts'
import { validatePath } from './path.ts'

const INVALID = { code: 'invalid_certificate' }

let ca: CertificateAuthority
let leaf: Certificate

beforeAll(async () => {
  ca = await makeRoot()
  leaf = await makeLeaf(ca)
})

test('reads who a certificate is about, its names, its dates and its key', () => {
  expect(parseCertificate(leaf.der)).toMatchObject({
    subject: LEAF_SUBJECT,
    sanUris: ['https://school.example/roc'],
    sanDnsNames: ['school.example'],
    notBefore: NOW - DAY,
    notAfter: NOW + DAY,
    isCa: false,
    pathLength: undefined,
    keyUsage: { digitalSignature: true, keyCertSign: false },
    authorityKeyId: ca.certificate.subjectKeyId,
  })
  expect(ca.certificate).toMatchObject({ isCa: true, pathLength: 1, subject: { commonName: 'Root (demo)' } })
})

test('reads in a certificate what node:crypto reads in it', () => {
  const oracle = new X509Certificate(leaf.der)
  expect(leaf.serialNumber.toUpperCase()).toBe(oracle.serialNumber)
  expect(leaf.notAfter).toBe(Date.parse(oracle.validTo) / 1000)
  expect(leaf.notBefore).toBe(Date.parse(oracle.validFrom) / 1000)
  expect(oracle.publicKey.equals(createPublicKey({ key: { ...leaf.publicJwk }, format: 'jwk' }))).toBe(true)
  expect(oracle.subjectAltName).toBe('URI:https://school.example/roc, DNS:school.example')
})

test('does not keep the octets of the caller', () => {
  const der = Uint8Array.from(leaf.der)
  const certificate = parseCertificate(der)
  der.fill(0)
  expect(certificate.der).toEqual(leaf.der)
})

test('a certificate with one octet changed is refused, wherever that octet is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(leaf.der.length - 1), fc.integer({ min: 1, max: 255 }), async (at, difference) => {
      const der = leaf.der.map((octet, index) => (index === at ? octet ^ difference : octet))
      const attempt = async () =>
        validatePath([parseCertificate(der)], [ca.certificate], { now: NOW, crypto: nodeCrypto })
      await expect(attempt()).rejects.toMatchObject({ name: 'ProtocolError' })
    }),
  )
})

describe('refuses octets that are not exactly one certificate in DER [RFC 5280 §4.1]', () => {
  test.each<[string, (der: Uint8Array) => Uint8Array]>([
    ['nothing', () => Uint8Array.of()],
    ['text', () => new TextEncoder().encode('-----BEGIN CERTIFICATE-----')],
    ['a part of one', (der) => der.subarray(0, -1)],
    ['one with something after it', (der) => Uint8Array.of(...der, 0)],
    ['a length in more octets than it needs', (der) => Uint8Array.of(0x30, 0x83, 0, ...der.subarray(2))],
    ['a length that is not told', (der) => Uint8Array.of(0x30, 0x80, ...der.subarray(4), 0, 0)],
    ['another member after the signature', (der) => resized(Uint8Array.of(...der, 0x05, 0x00))],
    ['more than 8 kB', (der) => resized(Uint8Array.of(...der, ...new Uint8Array(8192)))],
    ['nesting without end', () => Uint8Array.from({ length: 8000 }, (_, at) => (at % 2 === 0 ? 0x30 : 0x80))],
  ])('%s', (_name, change) => {
    expect(() => parseCertificate(change(leaf.der))).toThrow(expect.objectContaining(INVALID))
  })

  /** The outer length, in two octets, made to fit. */
  function resized(der: Uint8Array): Uint8Array {
    new DataView(der.buffer).setUint16(2, der.length - 4)
    return der
  }

  test.each([
    ['a date that does not exist', '260231000000Z'],
    ['a date without a zone', '2610010000000'],
    ['a date in another zone', '261001+0100'],
  ])('%s [RFC 5280 §4.1.2.5]', (_name, date) => {
    const der = Buffer.from(leaf.der)
    const at = der.indexOf(Buffer.from([0x17, 0x0d]))
    der.write(date, at + 2)
    expect(() => parseCertificate(der)).toThrow(expect.objectContaining(INVALID))
  })
})

describe('refuses, as invalid_certificate', () => {
  test.each<[string, (tbs: TBSCertificate) => void]>([
    ['a certificate of version 1 [RFC 5280 §4.1.2.1]', (tbs) => (tbs.version = Version.v1)],
    ['a unique identifier [RFC 5280 §4.1.2.8]', (tbs) => (tbs.subjectUniqueID = Uint8Array.of(1).buffer)],
    ['a serial number of zero [RFC 5280 §4.1.2.2]', (tbs) => (tbs.serialNumber = Uint8Array.of(0).buffer)],
    ['a serial number with a zero too many [X.690 §8.3.2]', (tbs) => (tbs.serialNumber = Uint8Array.of(0, 1).buffer)],
    ['a negative serial number [RFC 5280 §4.1.2.2]', (tbs) => (tbs.serialNumber = Uint8Array.of(0x80).buffer)],
    [
      'a serial number of 21 octets [RFC 5280 §4.1.2.2]',
      (tbs) => (tbs.serialNumber = new Uint8Array(21).fill(1).buffer),
    ],
    [
      'another signature algorithm [RFC 5758 §3.2]',
      (tbs) => (tbs.signature = new AlgorithmIdentifier({ algorithm: id_ecdsaWithSHA384 })),
    ],
    [
      'parameters of the signature algorithm [RFC 5758 §3.2]',
      (tbs) => (tbs.signature.parameters = Uint8Array.of(5, 0).buffer),
    ],
    [
      'a key on another curve [RFC 5480 §2.1.1]',
      (tbs) => (tbs.subjectPublicKeyInfo.algorithm.parameters = objectIdentifier(id_secp384r1)),
    ],
    [
      'a key without a curve [RFC 5480 §2.1.1]',
      (tbs) => (tbs.subjectPublicKeyInfo.algorithm = new AlgorithmIdentifier({ algorithm: '1.2.840.10045.2.1' })),
    ],
    ['an RSA key [RFC 5480 §2.1.1]', (tbs) => (tbs.subjectPublicKeyInfo.algorithm.algorithm = '1.2.840.113549.1.1.1')],
    [
      'a compressed point [RFC 5480 §2.2]',
      (tbs) => (tbs.subjectPublicKeyInfo.subjectPublicKey = new Uint8Array(33).fill(2).buffer),
    ],
    [
      'an unknown critical extension [RFC 5280 §4.2]',
      (tbs) => tbs.extensions?.push(makeExtension('1.2.3.4', new BasicConstraints())),
    ],
    [
      'a critical extended key usage, which is not evaluated [RFC 5280 §4.2.1.12]',
      (tbs) => setExtension(tbs, id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_clientAuth])),
    ],
    [
      'an extension twice [RFC 5280 §4.2]',
      (tbs) =>
        tbs.extensions?.push(
          makeExtension(id_ce_basicConstraints, new BasicConstraints()),
          makeExtension(id_ce_basicConstraints, new BasicConstraints()),
        ),
    ],
    [
      'an extension with something after its contents [X.690 §8.1]',
      (tbs) =>
        tbs.extensions?.push(
          new Extension({ extnID: id_ce_basicConstraints, extnValue: new OctetString(Uint8Array.of(0x30, 0, 0)) }),
        ),
    ],
    [
      'an extension that is something else [RFC 5280 §4.2.1.2]',
      (tbs) => setExtension(tbs, id_ce_subjectKeyIdentifier, new BasicConstraints(), false),
    ],
    [
      'an empty key identifier [RFC 5280 §4.2.1.2]',
      (tbs) => setExtension(tbs, id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(new Uint8Array()), false),
    ],
    [
      'a path length on a leaf [RFC 5280 §4.2.1.9]',
      (tbs) => setExtension(tbs, id_ce_basicConstraints, new BasicConstraints({ pathLenConstraint: 0 })),
    ],
    [
      'a negative path length [RFC 5280 §4.2.1.9]',
      (tbs) => setExtension(tbs, id_ce_basicConstraints, new BasicConstraints({ cA: true, pathLenConstraint: -1 })),
    ],
    [
      'name constraints on a leaf [RFC 5280 §4.2.1.10]',
      (tbs) => setExtension(tbs, id_ce_nameConstraints, permitted(new GeneralName({ dNSName: 'school.example' }))),
    ],
    [
      'more alternative names than anyone has',
      (tbs) =>
        setExtension(
          tbs,
          id_ce_subjectAltName,
          new SubjectAlternativeName(Array.from({ length: 33 }, () => new GeneralName({ dNSName: 'a.example' }))),
        ),
    ],
    [
      'more extensions than any profile has',
      (tbs) => {
        for (let at = 0; at < 40; at++)
          tbs.extensions?.push(makeExtension(`1.2.3.${at}`, new BasicConstraints(), false))
      },
    ],
    ['a name that has an attribute twice', (tbs) => tbs.subject.push(attribute({ utf8String: 'Another' }))],
    [
      'a date with a part of a second [RFC 5280 §4.1.2.5.2]',
      (tbs) => (tbs.validity.notAfter = new Time({ generalTime: new Date('2060-01-01T00:00:00.500Z') })),
    ],
    ['a name of white space', (tbs) => tbs.issuer.push(attribute({ utf8String: ' ' }))],
    ['a name with a control character', (tbs) => tbs.issuer.push(attribute({ utf8String: 'UWV\n' }))],
    ['a name that turns its direction', (tbs) => tbs.issuer.push(attribute({ utf8String: '\u202evwu' }))],
    ['a name that is endless', (tbs) => tbs.issuer.push(attribute({ utf8String: 'a'.repeat(257) }))],
    ['a name in an encoding of long ago', (tbs) => tbs.issuer.push(attribute({ bmpString: 'UWV' }))],
  ])('%s', async (_name, change) => {
    await expect(reissue(leaf, ca.signer, change)).rejects.toMatchObject(INVALID)
  })

  test('another algorithm outside the signature than inside it [RFC 5280 §4.1.1.2]', () => {
    const outer = AsnConvert.parse(leaf.der, CertificateStructure)
    outer.signatureAlgorithm = new AlgorithmIdentifier({ algorithm: id_ecdsaWithSHA384 })
    expect(() => parseCertificate(serializeDer(outer))).toThrow(expect.objectContaining(INVALID))
  })

  test.each<[string, (tbs: TBSCertificate) => void]>([
    [
      'a kind of name that is not enforced',
      (tbs) => setExtension(tbs, id_ce_nameConstraints, permitted(new GeneralName({ rfc822Name: 'school.example' }))),
    ],
    ['no name at all', (tbs) => setExtension(tbs, id_ce_nameConstraints, new NameConstraints())],
    [
      'a host that is none',
      (tbs) => setExtension(tbs, id_ce_nameConstraints, permitted(new GeneralName({ dNSName: '*.example' }))),
    ],
    [
      'a distance',
      (tbs) => setExtension(tbs, id_ce_nameConstraints, permitted(new GeneralName({ dNSName: 'school.example' }), 1)),
    ],
  ])('constraints on %s [RFC 5280 §4.2.1.10]', async (_name, change) => {
    await expect(reissue(ca.certificate, ca.signer, change)).rejects.toMatchObject(INVALID)
  })
})

function permitted(base: GeneralName, minimum = 0): NameConstraints {
  return new NameConstraints({ permittedSubtrees: new GeneralSubtrees([new GeneralSubtree({ base, minimum })]) })
}

function attribute(value: Partial<AttributeValue>): RelativeDistinguishedName {
  return new RelativeDistinguishedName([
    new AttributeTypeAndValue({ type: '2.5.4.3', value: new AttributeValue(value) }),
  ])
}

/** DER of an object identifier, taken from an algorithm identifier without parameters. */
function objectIdentifier(oid: string): ArrayBuffer {
  return serializeDer(new AlgorithmIdentifier({ algorithm: oid })).slice(2).buffer
}
