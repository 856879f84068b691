import { type MasterKey, wrapKey } from '@wegwijzer/keys/key-store'
import { nodeCrypto, readPrivateKey } from '@wegwijzer/keys/node'
import { type Certificate, decodePem, makeX5c, parseCertificate, parseX5c, validatePath } from '@wegwijzer/keys/x509'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { CLOCK_SKEW_SECONDS, isSameKey } from '@wegwijzer/protocol/jose'
import { parseJsonObject } from '@wegwijzer/protocol/json'
import type { Database } from '@wegwijzer/storage/sql'
import { insertSigningKey, readCurrentSigningKey } from './signing-key.ts'
import type { OrganisationTables } from './tables.ts'

/** A key that an organisation brings instead of having one made, with its certificates; checked, and not stored yet. */
export interface BroughtKey {
  /** Private, DER. */
  readonly pkcs8: Uint8Array
  /** Without the anchor, leaf first, base64 DER. */
  readonly certificateChain: readonly string[]
  /** Validity of the leaf. */
  readonly notBefore: EpochSeconds
  readonly notAfter: EpochSeconds
}

/** The contents of files. */
export interface BroughtFiles {
  /** PEM (PKCS #8 or SEC 1) or a JWK. */
  readonly key: string
  /** PEM, leaf first; absent, the `x5c` of the JWK. */
  readonly certificates: string | undefined
}

export interface ExpectedCertificate {
  /** Organisation identifier of the subject, such as `NTRNL-90001354`. */
  readonly identifier: string
  /** Identifier URL of the party, which must be among the names. */
  readonly uri: string
  /** The authorities that the trust list has in the role of the key. */
  readonly anchors: readonly Certificate[]
  readonly now: EpochSeconds
}

/**
 * Reads a key and its certificates, and establishes that wallets and verifiers would accept what it signs: the key is that of
 * the leaf, an unbroken chain leads to an authority of the role, everything holds now, and the subject is the party.
 *
 * Wider than what is sent: the files may end in the anchor, which is left out.
 *
 * @throws {ProtocolError} `invalid_key` for the key; `unusable_certificate`, `invalid_certificate`, `expired_certificate`,
 *   `untrusted_certificate` for the certificates. No message quotes a file.
 */
export async function readBroughtKey(files: BroughtFiles, expected: ExpectedCertificate): Promise<BroughtKey> {
  const { identifier, uri, anchors, now } = expected
  const { signer, pkcs8 } = readPrivateKey(files.key)
  const isAnchor = (certificate: Certificate) => anchors.some(({ der }) => isSameOctets(der, certificate.der))
  const chain = readCertificates(files).filter((certificate) => !isAnchor(certificate))
  const [first] = chain
  if (first !== undefined && !isSameKey(first.publicJwk, signer.publicJwk)) {
    throw unusable('the first certificate is of another key')
  }
  const { leaf } = await validatePath(chain, anchors, { now, crypto: nodeCrypto })
  if (leaf.subject.organizationIdentifier !== identifier) {
    throw unusable(
      `the certificate is of another organisation: its subject must have organizationIdentifier ${identifier}`,
    )
  }
  if (!leaf.sanUris.includes(uri)) {
    throw unusable(`the certificate does not name the party: its alternative names must have the URI ${uri}`)
  }
  return { pkcs8, certificateChain: makeX5c(chain), notBefore: leaf.notBefore, notAfter: leaf.notAfter }
}

/**
 * Stores a key that was brought, wrapped. It signs from now on, whatever keys there were before; what those signed stays
 * good. The very certificate that is in use already is not stored again.
 */
export async function storeBroughtKey(
  db: Database<OrganisationTables>,
  context: { readonly organisation: string; readonly purpose: string },
  { pkcs8, certificateChain, notBefore, notAfter }: BroughtKey,
  { masterKey, now }: { readonly masterKey: MasterKey; readonly now: EpochSeconds },
): Promise<void> {
  const { organisation, purpose } = context
  const current = await readCurrentSigningKey(db, { organisation, purpose }, now)
  if (current?.certificateChain[0] === certificateChain[0]) return
  const wrapped = wrapKey(masterKey, pkcs8, { organisation, purpose })
  // The latest to begin is the one that signs, so it begins now, for programs whose clock runs behind too, and not on the
  // day of its certificate.
  const begins = Math.max(notBefore, now - CLOCK_SKEW_SECONDS)
  await insertSigningKey(db, { organisation, purpose, wrapped, certificateChain, notBefore: begins, notAfter }, now)
}

function readCertificates({ key, certificates }: BroughtFiles): readonly Certificate[] {
  if (certificates !== undefined) return decodePem('CERTIFICATE', certificates).map((der) => parseCertificate(der))
  const x5c = key.trimStart().startsWith('{') ? parseJsonObject(key).x5c : undefined
  if (x5c === undefined) throw unusable('there are no certificates: give them as PEM, or as x5c of a JWK')
  return parseX5c(x5c)
}

function isSameOctets(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((octet, at) => octet === other[at])
}

function unusable(message: string): ProtocolError {
  return new ProtocolError('unusable_certificate', message)
}
