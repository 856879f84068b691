import { type DerValue, elementsOf, invalidCertificate, membersOf } from './der.ts'
import { type GeneralName, readGeneralName } from './general-name.ts'
import type { DistinguishedName } from './name.ts'

/** The parts of the name space below an authority, by kind of name. */
export interface NameSubtrees {
  readonly directoryNames: readonly DistinguishedName[]
  /** A host and everything below it; `''` for every host. */
  readonly dnsNames: readonly string[]
  /** One host, or with a leading dot everything below it; `''` for every host. */
  readonly uriHosts: readonly string[]
}

export interface NameConstraints {
  readonly permitted: NameSubtrees
  readonly excluded: NameSubtrees
}

/** The names of a certificate that constraints of the authorities above it bear on. */
export interface ConstrainedNames {
  readonly subjectName: DistinguishedName
  readonly sanDirectoryNames: readonly DistinguishedName[]
  readonly sanDnsNames: readonly string[]
  readonly sanUris: readonly string[]
}

const MAX_SUBTREES = 64

/**
 * Narrower than RFC 5280: constraints on names of other kinds (mail and IP addresses) are refused, because they are not
 * enforced here.
 *
 * @throws {ProtocolError} `invalid_certificate`
 * @see RFC 5280 §4.2.1.10
 */
export function readNameConstraints(extension: DerValue): NameConstraints {
  const members = membersOf(extension)
  const permitted = members.optional(0xa0)
  const excluded = members.optional(0xa1)
  members.end()
  if (!permitted && !excluded) throw invalidCertificate('name constraints are empty')
  return { permitted: readSubtrees(permitted), excluded: readSubtrees(excluded) }
}

function readSubtrees(subtrees: DerValue | undefined): NameSubtrees {
  const bases = subtrees ? elementsOf(subtrees, subtrees.tag).map(readBase) : []
  if (bases.length > MAX_SUBTREES) throw invalidCertificate('there are too many name constraints')
  return {
    directoryNames: bases.flatMap((base) => (base.kind === 'directory_name' ? [base.name] : [])),
    dnsNames: bases.flatMap((base) => (base.kind === 'dns_name' ? [readHostBase(base.text)] : [])),
    uriHosts: bases.flatMap((base) => (base.kind === 'uri' ? [readUriBase(base.text)] : [])),
  }
}

function readBase(subtree: DerValue): GeneralName {
  const [base, ...distances] = elementsOf(subtree)
  if (!base || distances.length > 0) throw invalidCertificate('a name constraint is not one name without distances')
  const name = readGeneralName(base)
  if (name.kind === 'other') throw invalidCertificate('a name constraint is of a kind that is not enforced here')
  return name
}

function readUriBase(base: string): string {
  return base.startsWith('.') ? `.${readHostBase(base.slice(1))}` : readHostBase(base)
}

function readHostBase(base: string): string {
  if (base === '') return ''
  const host = normalizeHost(base)
  if (host === undefined) throw invalidCertificate('a name constraint is not a host name')
  return host
}

/**
 * Wider than RFC 5280 in nothing; narrower in that every certificate below counts, also one that an authority issued to
 * itself, and that a name that cannot be compared (a wildcard, a URI without a host name) breaks any constraint on its kind.
 *
 * @returns Whether each name is within what is permitted, where anything of its kind is, and outside what is excluded.
 * @see RFC 5280 §6.1.3 (b), (c)
 */
export function satisfiesNameConstraints(names: ConstrainedNames, { permitted, excluded }: NameConstraints): boolean {
  const directoryNames = [names.subjectName, ...names.sanDirectoryNames].filter((name) => name.relativeNames.length > 0)
  return (
    areWithin(directoryNames, permitted.directoryNames, excluded.directoryNames, isBelowName) &&
    areWithin(names.sanDnsNames.map(normalizeHost), permitted.dnsNames, excluded.dnsNames, isBelowDnsName) &&
    areWithin(names.sanUris.map(hostOfUri), permitted.uriHosts, excluded.uriHosts, isBelowUriHost)
  )
}

function areWithin<N, B>(
  names: readonly (N | undefined)[],
  permitted: readonly B[],
  excluded: readonly B[],
  isBelow: (name: N, base: B) => boolean,
): boolean {
  if (permitted.length === 0 && excluded.length === 0) return true
  return names.every(
    (name) =>
      name !== undefined &&
      (permitted.length === 0 || permitted.some((base) => isBelow(name, base))) &&
      !excluded.some((base) => isBelow(name, base)),
  )
}

function isBelowName(name: DistinguishedName, base: DistinguishedName): boolean {
  return base.relativeNames.every((relativeName, at) => relativeName === name.relativeNames[at])
}

function isBelowDnsName(host: string, base: string): boolean {
  return base === '' || host === base || host.endsWith(`.${base}`)
}

function isBelowUriHost(host: string, base: string): boolean {
  return base === '' || host === base || (base.startsWith('.') && host.endsWith(base))
}

/** @returns `undefined` when there is no host name, or an IP address instead of one. */
function hostOfUri(uri: string): string | undefined {
  return URL.canParse(uri) ? normalizeHost(new URL(uri).hostname) : undefined
}

/** @returns In lower case; `undefined` for anything but letter-digit-hyphen labels, and for an IPv4 address. */
function normalizeHost(host: string): string | undefined {
  const isHostName = /^(?:[a-z0-9-]{1,63}\.)*(?=[a-z0-9-]*[a-z])[a-z0-9-]{1,63}$/i.test(host) && host.length <= 253
  return isHostName ? host.toLowerCase() : undefined
}
