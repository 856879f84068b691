import { encodeBase64 } from '@wegwijzer/protocol/jose'
import { type DerValue, elementsOf, invalidCertificate, readObjectIdentifier, readText, TAG } from './der.ts'
import { writeDer, writeObjectIdentifier, writeSequence, writeText } from './der-writer.ts'
import { OID } from './object-identifier.ts'

/** Who a certificate is about, as far as this project reads it. */
export interface CertificateSubject {
  /** Name for people. */
  readonly commonName?: string
  readonly organizationName?: string
  /** ETSI EN 319 412-1 §5.1.4, such as `NTRNL-90001354`. */
  readonly organizationIdentifier?: string
  /** ISO 3166-1 alpha-2, in capitals. */
  readonly countryName?: string
}

/** A distinguished name, made comparable. */
export interface DistinguishedName {
  /** Base64 of its DER: the issuer of one certificate is the subject of the next only when these are equal. */
  readonly encoded: string
  /** One text per relative name, alike for all that RFC 5280 §7.1 calls equal: for directory name constraints. */
  readonly relativeNames: readonly string[]
}

interface Attribute {
  readonly type: string
  readonly text: string
}

/** The attributes of a subject, in the order in which they are written. */
const ATTRIBUTES = ['countryName', 'organizationName', 'organizationIdentifier', 'commonName'] as const

const MAX_TEXT_LENGTH = 256

/** Control characters, and those that turn the direction of the text around them. */
const DECEPTIVE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u

/**
 * Narrower than RFC 5280: attributes that are no PrintableString, UTF8String or IA5String are refused, as is text that would
 * not show as it is.
 *
 * @throws {ProtocolError} `invalid_certificate`
 * @see RFC 5280 §4.1.2.4
 */
export function readName(name: DerValue): DistinguishedName {
  return {
    encoded: encodeBase64(name.encoded),
    relativeNames: readRelativeNames(name).map((attributes) =>
      JSON.stringify(attributes.map(({ type, text }) => `${type}=${foldText(text)}`).sort()),
    ),
  }
}

/** @throws {ProtocolError} `invalid_certificate` when an attribute that is read here stands there twice. */
export function readSubject(name: DerValue): CertificateSubject {
  const attributes = readRelativeNames(name).flat()
  const subject: Partial<Record<keyof CertificateSubject, string>> = {}
  for (const member of ATTRIBUTES) {
    const [first, second] = attributes.filter(({ type }) => type === OID[member])
    if (second) throw invalidCertificate('a name has an attribute twice')
    if (first) subject[member] = first.text
  }
  return subject
}

function readRelativeNames(name: DerValue): readonly (readonly Attribute[])[] {
  return elementsOf(name).map((relativeName) => {
    const attributes = elementsOf(relativeName, TAG.set)
    if (attributes.length === 0) throw invalidCertificate('a name has a part without attributes')
    return attributes.map(readAttribute)
  })
}

function readAttribute(attribute: DerValue): Attribute {
  const [type, value, ...rest] = elementsOf(attribute)
  if (type?.tag !== TAG.objectIdentifier || !value || rest.length > 0) {
    throw invalidCertificate('an attribute of a name is not a type and a value')
  }
  const text = readText(value)
  if (text.trim() === '' || text.length > MAX_TEXT_LENGTH || DECEPTIVE.test(text)) {
    throw invalidCertificate('a name has an attribute that cannot be shown')
  }
  return { type: readObjectIdentifier(type), text }
}

/** Case, width and spacing do not tell two names apart. @see RFC 5280 §7.1, RFC 4518 §2 */
function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ')
}

/** @returns DER. */
export function makeName(subject: CertificateSubject): Uint8Array<ArrayBuffer> {
  const relativeNames = ATTRIBUTES.flatMap((member) => {
    const text = subject[member]
    if (text === undefined) return []
    const value = writeText(member === 'countryName' ? TAG.printableString : TAG.utf8String, text)
    return [writeDer(TAG.set, writeSequence(writeObjectIdentifier(OID[member]), value))]
  })
  return writeSequence(...relativeNames)
}
