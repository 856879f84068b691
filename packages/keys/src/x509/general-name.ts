import { type DerValue, elementsOf, invalidCertificate, readAscii } from './der.ts'
import { writeDer, writeText } from './der-writer.ts'
import { type CertificateSubject, type DistinguishedName, makeName, readName } from './name.ts'

/** A name of one of the kinds that have a meaning here; `other` for those that have none. */
export type GeneralName =
  | { readonly kind: 'dns_name' | 'uri'; readonly text: string }
  | { readonly kind: 'directory_name'; readonly name: DistinguishedName }
  | { readonly kind: 'other' }

const DNS_NAME = 0x82
const DIRECTORY_NAME = 0xa4
const URI = 0x86
const IP_ADDRESS = 0x87

/** Names of persons' mail, of hosts by address, of systems of long ago. */
const OTHERS: readonly number[] = [0xa0, 0x81, 0xa3, 0xa5, IP_ADDRESS, 0x88]

/**
 * @throws {ProtocolError} `invalid_certificate`
 * @see RFC 5280 §4.2.1.6
 */
export function readGeneralName(value: DerValue): GeneralName {
  if (value.tag === DNS_NAME) return { kind: 'dns_name', text: readAscii(value.contents) }
  if (value.tag === URI) return { kind: 'uri', text: readAscii(value.contents) }
  if (value.tag === DIRECTORY_NAME) return { kind: 'directory_name', name: readOnlyName(value) }
  if (OTHERS.includes(value.tag)) return { kind: 'other' }
  throw invalidCertificate('a name is of an unknown kind')
}

function readOnlyName(value: DerValue): DistinguishedName {
  const [name, ...rest] = elementsOf(value, DIRECTORY_NAME)
  if (!name || rest.length > 0) throw invalidCertificate('a directory name is not one name')
  return readName(name)
}

export function writeDnsName(dnsName: string): Uint8Array {
  return writeText(DNS_NAME, dnsName)
}

export function writeUri(uri: string): Uint8Array {
  return writeText(URI, uri)
}

/** @param address Four or sixteen octets. */
export function writeIpAddress(address: Uint8Array): Uint8Array {
  return writeDer(IP_ADDRESS, address)
}

export function writeDirectoryName(subject: CertificateSubject): Uint8Array {
  return writeDer(DIRECTORY_NAME, makeName(subject))
}
