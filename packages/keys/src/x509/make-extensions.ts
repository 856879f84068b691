import { TAG } from './der.ts'
import { writeDer, writeFlags, writeObjectIdentifier, writeSequence, writeTrue, writeUnsigned } from './der-writer.ts'
import { writeDirectoryName, writeDnsName, writeIpAddress, writeUri } from './general-name.ts'
import type { CertificateSubject } from './name.ts'
import { OID } from './object-identifier.ts'

/** The part of the name space that an authority may, or may not, give names in. */
export interface SubtreesInput {
  readonly subjects?: readonly CertificateSubject[]
  readonly dnsNames?: readonly string[]
  /** A host, or with a leading dot everything below it; never a whole URI. */
  readonly uriHosts?: readonly string[]
}

export interface NameConstraintsInput {
  readonly permitted?: SubtreesInput
  readonly excluded?: SubtreesInput
}

export interface AlternativeNamesInput {
  /** The identifier URL of the party. */
  readonly sanUris?: readonly string[]
  readonly sanDnsNames?: readonly string[]
  /** Four or sixteen octets each. */
  readonly sanIpAddresses?: readonly Uint8Array[]
}

/** @param pathLength At most 255. */
export function makeBasicConstraints(pathLength: number): Uint8Array {
  return critical(OID.basicConstraints, writeSequence(writeTrue(), writeUnsigned(Uint8Array.of(pathLength))))
}

/** @param flags Of `KEY_USAGE`. */
export function makeKeyUsage(flags: number): Uint8Array {
  return critical(OID.keyUsage, writeFlags(flags))
}

/** For a certificate that a TLS server shows, which some clients take from no other. */
export function makeServerAuthUsage(): Uint8Array {
  return plain(OID.extendedKeyUsage, writeSequence(writeObjectIdentifier(OID.serverAuth)))
}

export function makeSubjectKeyId(keyId: Uint8Array): Uint8Array {
  return plain(OID.subjectKeyIdentifier, writeDer(TAG.octetString, keyId))
}

export function makeAuthorityKeyId(keyId: Uint8Array): Uint8Array {
  return plain(OID.authorityKeyIdentifier, writeSequence(writeDer(0x80, keyId)))
}

/** @returns Nothing when there is no name: the extension may not be empty (RFC 5280 §4.2.1.6). */
export function makeAlternativeNames({
  sanUris = [],
  sanDnsNames = [],
  sanIpAddresses = [],
}: AlternativeNamesInput): readonly Uint8Array[] {
  const names = [...sanUris.map(writeUri), ...sanDnsNames.map(writeDnsName), ...sanIpAddresses.map(writeIpAddress)]
  return names.length === 0 ? [] : [plain(OID.subjectAltName, writeSequence(...names))]
}

export function makeNameConstraints({ permitted, excluded }: NameConstraintsInput): Uint8Array {
  return critical(
    OID.nameConstraints,
    writeSequence(
      ...(permitted ? [writeSubtrees(0xa0, permitted)] : []),
      ...(excluded ? [writeSubtrees(0xa1, excluded)] : []),
    ),
  )
}

function writeSubtrees(tag: number, { subjects = [], dnsNames = [], uriHosts = [] }: SubtreesInput): Uint8Array {
  const bases = [...subjects.map(writeDirectoryName), ...dnsNames.map(writeDnsName), ...uriHosts.map(writeUri)]
  return writeDer(tag, ...bases.map((base) => writeSequence(base)))
}

function critical(id: string, value: Uint8Array): Uint8Array {
  return writeSequence(writeObjectIdentifier(id), writeTrue(), writeDer(TAG.octetString, value))
}

function plain(id: string, value: Uint8Array): Uint8Array {
  return writeSequence(writeObjectIdentifier(id), writeDer(TAG.octetString, value))
}
