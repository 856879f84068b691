import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  BasicConstraints,
  Certificate as CertificateStructure,
  id_ce_basicConstraints,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  KeyUsage,
  KeyUsageFlags,
  SubjectAlternativeName,
} from '@peculiar/asn1-x509'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Certificate, parseCertificate, SIGNATURE_ALGORITHM } from './certificate.ts'
import { makeLeaf, makeRoot, serializeDer } from './chain.testing.ts'
import { writeBitString, writeSequence } from './der-writer.ts'
import { signatureToDer } from './signature.ts'

/** What a library that shares nothing with ours reads in the same octets. */
function readIndependently(der: Uint8Array) {
  const certificate = AsnConvert.parse(der, CertificateStructure)
  const { validity, subject, extensions, serialNumber, subjectPublicKeyInfo } = certificate.tbsCertificate
  const extension = <T>(id: string, type: new () => T): T | undefined => {
    const found = extensions?.find(({ extnID }) => extnID === id)
    return found && AsnConvert.parse(found.extnValue.buffer, type)
  }
  const flags = extension(id_ce_keyUsage, KeyUsage)?.toNumber()
  const constraints = extension(id_ce_basicConstraints, BasicConstraints)
  const names = [...(extension(id_ce_subjectAltName, SubjectAlternativeName) ?? [])]
  return {
    /** Whatever it did not understand, or would have written otherwise, is not there when it writes it again. */
    rewritten: serializeDer(certificate),
    facts: {
      serialNumber: Buffer.from(serialNumber).toString('hex'),
      notBefore: validity.notBefore.getTime().getTime() / 1000,
      notAfter: validity.notAfter.getTime().getTime() / 1000,
      point: Buffer.from(subjectPublicKeyInfo.subjectPublicKey).toString('hex'),
      commonName: [...subject]
        .flat()
        .find(({ type }) => type === '2.5.4.3')
        ?.value.toString(),
      isCa: constraints?.cA ?? false,
      pathLength: constraints?.pathLenConstraint,
      keyUsage: flags !== undefined && {
        digitalSignature: (flags & KeyUsageFlags.digitalSignature) !== 0,
        keyCertSign: (flags & KeyUsageFlags.keyCertSign) !== 0,
      },
      sanUris: names.flatMap((name) => name.uniformResourceIdentifier ?? []),
      sanDnsNames: names.flatMap((name) => name.dNSName ?? []),
    },
  }
}

function factsOf(certificate: Certificate) {
  const { x, y } = certificate.publicJwk
  return {
    serialNumber: certificate.serialNumber,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    point: `04${Buffer.from(x, 'base64url').toString('hex')}${Buffer.from(y, 'base64url').toString('hex')}`,
    commonName: certificate.subject.commonName,
    isCa: certificate.isCa,
    pathLength: certificate.pathLength,
    keyUsage: certificate.keyUsage ?? false,
    sanUris: certificate.sanUris,
    sanDnsNames: certificate.sanDnsNames,
  }
}

const ca = await makeRoot({ nameConstraints: { permitted: { uriHosts: ['school.example'] } } })
const originals = [ca.certificate, await makeLeaf(ca)]

test.each(originals)('reads what an independent library reads', (certificate) => {
  const { rewritten, facts } = readIndependently(certificate.der)
  expect(factsOf(certificate)).toEqual(facts)
  expect(rewritten).toEqual(certificate.der)
})

test('reads every public root of this profile that Node ships, as the library does', () => {
  const roots = rootCertificates
    .map((pem) => new X509Certificate(pem))
    .filter(({ publicKey, signatureAlgorithm }) => {
      const isP256 = publicKey.asymmetricKeyDetails?.namedCurve === 'prime256v1'
      return isP256 && signatureAlgorithm === 'ecdsa-with-SHA256'
    })
  expect(roots.length).toBeGreaterThan(0)
  for (const { raw } of roots) expect(factsOf(parseCertificate(raw))).toEqual(readIndependently(raw).facts)
})

test('whatever is still accepted after octets were changed, an independent library reads alike', () => {
  let accepted = 0
  const change = fc.record({ at: fc.nat(), removed: fc.nat(2), added: fc.uint8Array({ maxLength: 2 }) })
  fc.assert(
    fc.property(
      fc.constantFrom(...originals),
      fc.array(change, { minLength: 1, maxLength: 2 }),
      (original, changes) => {
        const octets = [...original.signedOctets]
        for (const { at, removed, added } of changes) octets.splice(at % octets.length, removed, ...added)
        const der = writeSequence(
          Uint8Array.from(octets),
          SIGNATURE_ALGORITHM,
          writeBitString(signatureToDer(original.signature)),
        )
        let certificate: Certificate
        try {
          certificate = parseCertificate(der)
        } catch (error) {
          expect(error).toMatchObject({ name: 'ProtocolError', code: 'invalid_certificate' })
          return
        }
        accepted++
        const { rewritten, facts } = readIndependently(der)
        expect(factsOf(certificate)).toEqual(facts)
        expect(rewritten).toEqual(der)
      },
    ),
    { numRuns: 3000 },
  )
  expect(accepted).toBeGreaterThan(50)
})
