import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { Certificate as CertificateStructure, Extension, Extensions, TBSCertificate } from '@peculiar/asn1-x509'
import type { Signer } from '@wegwijzer/protocol/crypto'
import { generateNodeSigner, nodeCrypto } from '../node-crypto.ts'
import { type Certificate, parseCertificate } from './certificate.ts'
import {
  type CertificateAuthority,
  type DevelopmentCaInput,
  type LeafCertificateInput,
  makeDevelopmentCa,
  makeIntermediateCa,
  makeLeafCertificate,
} from './make-certificate.ts'
import { signatureToDer } from './signature.ts'

/** 2026-10-01T00:00:00Z, the day of the fixtures. */
export const NOW = 1_790_812_800
export const DAY = 86_400

export const LEAF_SUBJECT = {
  commonName: 'ROC Midden Nederland (demo)',
  organizationName: 'ROC Midden Nederland',
  organizationIdentifier: 'NTRNL-90001354',
  countryName: 'NL',
}

export function makeRoot(change: Partial<DevelopmentCaInput> = {}): Promise<CertificateAuthority> {
  return makeDevelopmentCa({
    commonName: 'Root (demo)',
    now: NOW,
    pathLength: 1,
    signer: generateNodeSigner(),
    crypto: nodeCrypto,
    ...change,
  })
}

export function makeIntermediate(ca: CertificateAuthority): Promise<CertificateAuthority> {
  return makeIntermediateCa({
    ca,
    subject: { commonName: 'Intermediate (demo)', countryName: 'NL' },
    signer: generateNodeSigner(),
    notBefore: NOW - DAY,
    notAfter: NOW + 365 * DAY,
    crypto: nodeCrypto,
  })
}

export function makeLeaf(ca: CertificateAuthority, change: Partial<LeafCertificateInput> = {}): Promise<Certificate> {
  return makeLeafCertificate({
    ca,
    subject: LEAF_SUBJECT,
    publicJwk: generateNodeSigner().publicJwk,
    sanUris: ['https://school.example/roc'],
    sanDnsNames: ['school.example'],
    notBefore: NOW - DAY,
    notAfter: NOW + DAY,
    crypto: nodeCrypto,
    ...change,
  })
}

/**
 * The same certificate, changed in one place and signed again by `signer`.
 *
 * Written by a library that is independent of the code under test, and that writes what our own would not.
 */
export async function reissue(
  certificate: Certificate,
  signer: Signer,
  change: (tbs: TBSCertificate) => void,
): Promise<Certificate> {
  const tbs = AsnConvert.parse(certificate.signedOctets, TBSCertificate)
  change(tbs)
  const signature = await signer.sign(serializeDer(tbs))
  const reissued = new CertificateStructure({
    tbsCertificate: tbs,
    signatureAlgorithm: tbs.signature,
    signatureValue: signatureToDer(signature).buffer,
  })
  return parseCertificate(serializeDer(reissued))
}

export function serializeDer(value: unknown): Uint8Array<ArrayBuffer> {
  return new Uint8Array(AsnConvert.serialize(value))
}

/** @param value The extension's contents; `undefined` to leave the extension out. */
export function setExtension(tbs: TBSCertificate, extnID: string, value: unknown, critical = true): void {
  const others = [...(tbs.extensions ?? [])].filter((extension) => extension.extnID !== extnID)
  const changed = value === undefined ? [] : [makeExtension(extnID, value, critical)]
  tbs.extensions = new Extensions([...others, ...changed])
}

export function makeExtension(extnID: string, value: unknown, critical = true): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(serializeDer(value)) })
}
