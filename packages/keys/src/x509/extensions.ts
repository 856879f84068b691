import { encodeBase64url } from '@wegwijzer/protocol/jose'
import {
  checkTag,
  type DerValue,
  elementsOf,
  invalidCertificate,
  membersOf,
  readDer,
  readFlags,
  readObjectIdentifier,
  readTrue,
  readUnsigned,
  TAG,
} from './der.ts'
import { type GeneralName, readGeneralName } from './general-name.ts'
import type { DistinguishedName } from './name.ts'
import { type NameConstraints, readNameConstraints } from './name-constraints.ts'
import { OID } from './object-identifier.ts'

/** What the extensions of a certificate say, with the meaning of absence filled in. */
export interface CertificateExtensions {
  readonly isCa: boolean
  /** How many further authorities may stand between this one and a leaf; `undefined` for any number. */
  readonly pathLength: number | undefined
  /** `undefined` when the certificate does not limit its key. */
  readonly keyUsage: { readonly digitalSignature: boolean; readonly keyCertSign: boolean } | undefined
  readonly sanUris: readonly string[]
  readonly sanDnsNames: readonly string[]
  readonly sanDirectoryNames: readonly DistinguishedName[]
  readonly nameConstraints: NameConstraints | undefined
  /** base64url */
  readonly subjectKeyId: string | undefined
  /** base64url */
  readonly authorityKeyId: string | undefined
}

/** Bits of the key usage, the first one highest (RFC 5280 §4.2.1.3). */
export const KEY_USAGE = { digitalSignature: 0x80, keyCertSign: 0x04, crlSign: 0x02 } as const

/** The extensions that are evaluated here; a critical one of any other type cannot be honoured (RFC 5280 §4.2). */
const EVALUATED: readonly string[] = [
  OID.authorityKeyIdentifier,
  OID.basicConstraints,
  OID.keyUsage,
  OID.nameConstraints,
  OID.subjectAltName,
  OID.subjectKeyIdentifier,
]

const MAX_EXTENSIONS = 32
const MAX_ALTERNATIVE_NAMES = 32

/**
 * Not evaluated, and therefore refused when critical: policies, extended key usage, CRL distribution points. Revocation of
 * certificates is not checked.
 *
 * @param extensions `Extensions` of the certificate; `undefined` when it has none.
 * @throws {ProtocolError} `invalid_certificate`
 * @see RFC 5280 §4.2.1
 */
export function readExtensions(extensions: DerValue | undefined): CertificateExtensions {
  const values = extensions ? readValues(elementsOf(extensions)) : new Map<string, DerValue>()
  const basic = readBasicConstraints(values.get(OID.basicConstraints))
  const constraints = values.get(OID.nameConstraints)
  if (constraints && !basic.isCa) throw invalidCertificate('only an authority may constrain names')
  return {
    ...basic,
    ...readAlternativeNames(values.get(OID.subjectAltName)),
    keyUsage: readKeyUsage(values.get(OID.keyUsage)),
    nameConstraints: constraints && readNameConstraints(constraints),
    subjectKeyId: readSubjectKeyId(values.get(OID.subjectKeyIdentifier)),
    authorityKeyId: readAuthorityKeyId(values.get(OID.authorityKeyIdentifier)),
  }
}

/** @returns What each extension that is evaluated here holds. */
function readValues(extensions: readonly DerValue[]): ReadonlyMap<string, DerValue> {
  if (extensions.length > MAX_EXTENSIONS) throw invalidCertificate('the certificate has too many extensions')
  const seen = new Set<string>()
  const values = new Map<string, DerValue>()
  for (const extension of extensions) {
    const members = membersOf(extension)
    const id = readObjectIdentifier(members.next(TAG.objectIdentifier))
    const critical = members.optional(TAG.boolean)
    const isCritical = critical !== undefined && readTrue(critical)
    const { contents } = members.next(TAG.octetString)
    members.end()
    if (seen.has(id)) throw invalidCertificate('the certificate has an extension twice')
    seen.add(id)
    if (EVALUATED.includes(id)) values.set(id, readDer(contents))
    else if (isCritical) throw invalidCertificate('a critical extension is not understood')
  }
  return values
}

function readBasicConstraints(extension: DerValue | undefined): Pick<CertificateExtensions, 'isCa' | 'pathLength'> {
  if (!extension) return { isCa: false, pathLength: undefined }
  const members = membersOf(extension)
  const ca = members.optional(TAG.boolean)
  const limit = members.optional(TAG.integer)
  members.end()
  const isCa = ca !== undefined && readTrue(ca)
  if (limit && !isCa) throw invalidCertificate('a path length is given by what is no authority')
  return { isCa, pathLength: limit && readPathLength(limit) }
}

function readPathLength(limit: DerValue): number {
  const [length = 0, ...rest] = readUnsigned(limit)
  // Longer than any chain that is accepted: as good as no limit.
  return rest.length === 0 ? length : Number.POSITIVE_INFINITY
}

function readKeyUsage(extension: DerValue | undefined): CertificateExtensions['keyUsage'] {
  if (!extension) return undefined
  checkTag(extension, TAG.bitString)
  const flags = readFlags(extension)
  return {
    digitalSignature: (flags & KEY_USAGE.digitalSignature) !== 0,
    keyCertSign: (flags & KEY_USAGE.keyCertSign) !== 0,
  }
}

/** Names of other kinds have no meaning here and are left out. */
function readAlternativeNames(
  extension: DerValue | undefined,
): Pick<CertificateExtensions, 'sanUris' | 'sanDnsNames' | 'sanDirectoryNames'> {
  const names: readonly GeneralName[] = extension ? elementsOf(extension).map(readGeneralName) : []
  if (names.length > MAX_ALTERNATIVE_NAMES) throw invalidCertificate('the certificate has too many names')
  return {
    sanUris: names.flatMap((name) => (name.kind === 'uri' ? [name.text] : [])),
    sanDnsNames: names.flatMap((name) => (name.kind === 'dns_name' ? [name.text] : [])),
    sanDirectoryNames: names.flatMap((name) => (name.kind === 'directory_name' ? [name.name] : [])),
  }
}

function readSubjectKeyId(extension: DerValue | undefined): string | undefined {
  if (!extension) return undefined
  checkTag(extension, TAG.octetString)
  return readKeyId(extension)
}

/** The name and number of the issuer's certificate may stand beside it (RFC 5280 §4.2.1.1); they are not compared. */
function readAuthorityKeyId(extension: DerValue | undefined): string | undefined {
  if (!extension) return undefined
  const members = membersOf(extension)
  const keyId = members.optional(0x80)
  members.optional(0xa1)
  members.optional(0x82)
  members.end()
  return keyId && readKeyId(keyId)
}

function readKeyId({ contents }: DerValue): string {
  if (contents.length === 0) throw invalidCertificate('a key identifier is empty')
  return encodeBase64url(contents)
}
