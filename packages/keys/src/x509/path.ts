import type { CryptoPort, EpochSeconds, VerificationKey } from '@wegwijzer/protocol/crypto'
import { ProtocolError, rejectAs } from '@wegwijzer/protocol/errors'
import type { Certificate } from './certificate.ts'
import { invalidCertificate, isSameOctets } from './der.ts'
import { satisfiesNameConstraints } from './name-constraints.ts'
import { MAX_CHAIN_LENGTH } from './x5c.ts'

export interface ValidPath {
  readonly leaf: Certificate
  /** The leaf's key, imported. */
  readonly key: VerificationKey
}

export interface PathContext {
  readonly now: EpochSeconds
  readonly crypto: CryptoPort
}

/**
 * Establishes that an unbroken line of authorities leads from the leaf to one of the anchors at `now`.
 *
 * Does not establish what the leaf may be used for: the caller chooses the anchors, by role, and compares the subject with
 * the party that it expects. Does not check the revocation of certificates, nor policies or extended key usage.
 *
 * Narrower than RFC 5280: the chain stands in order; no certificate in it may be an anchor or be issued to its own name
 * (HAIP 1.0 §5 openid-for-verifiable-presentations, HAIP 1.0 §6.1.1 issuer-key-resolution); every certificate has a key
 * usage; issuer and subject are equal octet by octet; the anchor is held to the same rules as the authorities below it, its
 * dates included.
 *
 * @param chain Leaf first, without the anchor, as `parseX5c` returns it.
 * @param anchors Certificates that the caller trusts for this purpose, from elsewhere than the message.
 * @throws {ProtocolError} `untrusted_certificate` when no anchor issued the last certificate; `expired_certificate` when
 *   one does not hold at `now`; `invalid_certificate` when another rule is broken.
 * @see RFC 5280 §6.1
 */
export async function validatePath(
  chain: readonly Certificate[],
  anchors: readonly Certificate[],
  context: PathContext,
): Promise<ValidPath> {
  const [leaf] = chain
  if (!leaf) throw invalidCertificate('the chain is empty')
  if (chain.length > MAX_CHAIN_LENGTH) throw invalidCertificate('the chain is too long')
  checkNoAnchor(chain, anchors)
  const anchor = await findAnchor(chain.at(-1) ?? leaf, anchors, context)
  checkLeaf(leaf)
  for (const [depth, authority] of [...chain.slice(1), anchor].entries()) {
    checkAuthority(authority, chain.slice(0, depth + 1))
  }
  for (const [at, certificate] of chain.entries()) {
    const issuer = chain[at + 1]
    if (issuer) await checkIssuedBy(certificate, issuer, context)
  }
  for (const certificate of [...chain, anchor]) checkHolds(certificate, context.now)
  return { leaf, key: await importKey(leaf, context) }
}

function checkNoAnchor(chain: readonly Certificate[], anchors: readonly Certificate[]): void {
  for (const certificate of chain) {
    if (isSameName(certificate, certificate)) throw invalidCertificate('the chain has a self-issued certificate')
    if (anchors.some((anchor) => isSameOctets(anchor.der, certificate.der))) {
      throw invalidCertificate('the chain includes the trust anchor')
    }
  }
}

/** @returns The anchor that issued the last certificate; where several did, one that holds at `now` if there is one. */
async function findAnchor(
  last: Certificate,
  anchors: readonly Certificate[],
  context: PathContext,
): Promise<Certificate> {
  const issuers: Certificate[] = []
  for (const anchor of anchors) {
    if (await isIssuedBy(last, anchor, context)) issuers.push(anchor)
  }
  const anchor = issuers.find((issuer) => holds(issuer, context.now)) ?? issuers[0]
  if (!anchor) throw new ProtocolError('untrusted_certificate', 'no trust anchor issued the certificate')
  return anchor
}

async function isIssuedBy(certificate: Certificate, issuer: Certificate, context: PathContext): Promise<boolean> {
  if (!isSameName(certificate, issuer) || !isSameKeyId(certificate, issuer)) return false
  return (await importKey(issuer, context)).verify(certificate.signedOctets, certificate.signature)
}

async function checkIssuedBy(certificate: Certificate, issuer: Certificate, context: PathContext): Promise<void> {
  if (!isSameName(certificate, issuer))
    throw invalidCertificate('the issuer is not the subject of the next certificate')
  if (!isSameKeyId(certificate, issuer)) throw invalidCertificate('the key identifiers of the chain do not fit')
  if (!(await isIssuedBy(certificate, issuer, context))) {
    throw invalidCertificate('a certificate is not signed by the next one')
  }
}

function isSameName(certificate: Certificate, issuer: Certificate): boolean {
  return certificate.issuerName.encoded === issuer.subjectName.encoded
}

function isSameKeyId({ authorityKeyId }: Certificate, { subjectKeyId }: Certificate): boolean {
  return authorityKeyId === undefined || subjectKeyId === undefined || authorityKeyId === subjectKeyId
}

function checkLeaf({ isCa, keyUsage }: Certificate): void {
  if (isCa || keyUsage?.keyCertSign) throw invalidCertificate('the leaf is a certificate authority')
  if (!keyUsage?.digitalSignature) throw invalidCertificate('the key of the leaf may not sign')
}

/** @param below What stands between this authority and nothing: the leaf and the authorities after it. */
function checkAuthority(authority: Certificate, below: readonly Certificate[]): void {
  const { isCa, keyUsage, pathLength, nameConstraints, subjectName } = authority
  if (!isCa) throw invalidCertificate('the issuer of a certificate is not a certificate authority')
  if (!keyUsage?.keyCertSign) throw invalidCertificate('the key of an authority may not sign certificates')
  if (subjectName.relativeNames.length === 0) throw invalidCertificate('an authority has no name')
  if (pathLength !== undefined && below.length - 1 > pathLength) {
    throw invalidCertificate('the chain is longer than an authority allows')
  }
  if (nameConstraints && !below.every((certificate) => satisfiesNameConstraints(certificate, nameConstraints))) {
    throw invalidCertificate('a certificate has a name that its authority may not give')
  }
}

function checkHolds(certificate: Certificate, now: EpochSeconds): void {
  if (!holds(certificate, now)) throw new ProtocolError('expired_certificate', 'a certificate does not hold now')
}

function holds({ notBefore, notAfter }: Certificate, now: EpochSeconds): boolean {
  return notBefore <= now && now <= notAfter
}

function importKey(certificate: Certificate, { crypto }: PathContext): Promise<VerificationKey> {
  return rejectAs('invalid_certificate', () => crypto.importVerificationKey(certificate.publicJwk))
}
