import type { CryptoPort, EpochSeconds, PublicJwk, Signer } from '@wegwijzer/protocol/crypto'
import { CLOCK_SKEW_SECONDS, decodeBase64, decodeBase64url } from '@wegwijzer/protocol/jose'
import { type Certificate, KEY_ALGORITHM, parseCertificate, SIGNATURE_ALGORITHM } from './certificate.ts'
import { writeBitString, writeDer, writeSequence, writeTime, writeUnsigned } from './der-writer.ts'
import { KEY_USAGE } from './extensions.ts'
import {
  type AlternativeNamesInput,
  makeAlternativeNames,
  makeAuthorityKeyId,
  makeBasicConstraints,
  makeKeyUsage,
  makeNameConstraints,
  makeServerAuthUsage,
  makeSubjectKeyId,
  type NameConstraintsInput,
} from './make-extensions.ts'
import { type CertificateSubject, makeName } from './name.ts'
import { signatureToDer } from './signature.ts'

/** A certificate that may issue certificates, and its key. */
export interface CertificateAuthority {
  readonly certificate: Certificate
  readonly signer: Signer
}

interface Validities {
  readonly notBefore: EpochSeconds
  readonly notAfter: EpochSeconds
}

interface AuthorityLimits {
  /** How many authorities may stand below this one; none by default. */
  readonly pathLength?: number
  readonly nameConstraints?: NameConstraintsInput
}

export interface DevelopmentCaInput extends AuthorityLimits {
  readonly commonName: string
  readonly organizationName?: string
  /** `NL` by default. */
  readonly countryName?: string
  readonly now: EpochSeconds
  /** Ten years by default. */
  readonly validDays?: number
  readonly signer: Signer
  readonly crypto: CryptoPort
}

export interface IntermediateCaInput extends AuthorityLimits, Validities {
  readonly ca: CertificateAuthority
  readonly subject: CertificateSubject
  readonly signer: Signer
  readonly crypto: CryptoPort
}

export interface LeafCertificateInput extends Validities, AlternativeNamesInput {
  readonly ca: CertificateAuthority
  readonly subject: CertificateSubject
  readonly publicJwk: PublicJwk
  /** A server shows it in TLS. */
  readonly isForTlsServer?: boolean
  readonly crypto: CryptoPort
}

export interface SelfSignedCertificateInput extends Validities {
  readonly subject: CertificateSubject
  readonly signer: Signer
  readonly crypto: CryptoPort
}

const SECONDS_PER_DAY = 86_400

/**
 * Makes the root of one role, for development and tests: its key is in this process, and nobody checks whom it certifies.
 *
 * @param input A signer of its own for every role.
 */
export async function makeDevelopmentCa(input: DevelopmentCaInput): Promise<CertificateAuthority> {
  const { commonName, organizationName, countryName = 'NL', now, validDays = 3650, signer, crypto } = input
  const name = makeName({ commonName, countryName, ...(organizationName !== undefined && { organizationName }) })
  const keyId = await keyIdOf(signer.publicJwk, crypto)
  const tbs = makeTbsCertificate({
    subject: name,
    issuer: name,
    publicJwk: signer.publicJwk,
    // Honest clocks that run behind accept it at once.
    notBefore: now - CLOCK_SKEW_SECONDS,
    notAfter: now + validDays * SECONDS_PER_DAY,
    extensions: [...makeAuthorityExtensions(input), makeSubjectKeyId(keyId), makeAuthorityKeyId(keyId)],
    crypto,
  })
  return { certificate: await signCertificate(tbs, signer), signer }
}

/** Makes an authority below another one; its certificate is sent along with those of its leaves. */
export async function makeIntermediateCa(input: IntermediateCaInput): Promise<CertificateAuthority> {
  const { ca, subject, signer, crypto } = input
  const tbs = makeTbsCertificate({
    ...input,
    subject: makeName(subject),
    issuer: nameOf(ca.certificate),
    publicJwk: signer.publicJwk,
    extensions: [...makeAuthorityExtensions(input), ...(await makeKeyIds(signer.publicJwk, ca.certificate, crypto))],
  })
  return { certificate: await signCertificate(tbs, ca.signer), signer }
}

/** Makes a certificate for a key that signs messages and no certificates. */
export async function makeLeafCertificate(input: LeafCertificateInput): Promise<Certificate> {
  const { ca, subject, publicJwk, isForTlsServer = false, crypto } = input
  const tbs = makeTbsCertificate({
    ...input,
    subject: makeName(subject),
    issuer: nameOf(ca.certificate),
    extensions: [
      makeKeyUsage(KEY_USAGE.digitalSignature),
      ...(isForTlsServer ? [makeServerAuthUsage()] : []),
      ...(await makeKeyIds(publicJwk, ca.certificate, crypto)),
      ...makeAlternativeNames(input),
    ],
  })
  return signCertificate(tbs, ca.signer)
}

/**
 * Makes a certificate to be handed over and compared as a whole, such as the one that signs the trust list.
 *
 * It is no authority, and `validatePath` refuses it in a chain.
 */
export async function makeSelfSignedCertificate(input: SelfSignedCertificateInput): Promise<Certificate> {
  const { signer, crypto } = input
  const name = makeName(input.subject)
  const tbs = makeTbsCertificate({
    ...input,
    subject: name,
    issuer: name,
    publicJwk: signer.publicJwk,
    extensions: [makeKeyUsage(KEY_USAGE.digitalSignature), makeSubjectKeyId(await keyIdOf(signer.publicJwk, crypto))],
  })
  return signCertificate(tbs, signer)
}

function makeAuthorityExtensions({ pathLength = 0, nameConstraints }: AuthorityLimits): Uint8Array[] {
  return [
    makeBasicConstraints(pathLength),
    makeKeyUsage(KEY_USAGE.keyCertSign | KEY_USAGE.crlSign),
    ...(nameConstraints ? [makeNameConstraints(nameConstraints)] : []),
  ]
}

async function makeKeyIds(publicJwk: PublicJwk, issuer: Certificate, crypto: CryptoPort): Promise<Uint8Array[]> {
  const subjectKeyId = makeSubjectKeyId(await keyIdOf(publicJwk, crypto))
  if (issuer.subjectKeyId === undefined) return [subjectKeyId]
  return [subjectKeyId, makeAuthorityKeyId(decodeBase64url(issuer.subjectKeyId))]
}

/** @returns `TBSCertificate`, DER. @see RFC 5280 §4.1.2 */
function makeTbsCertificate(
  input: Validities & {
    /** DER. */
    readonly subject: Uint8Array
    /** DER. */
    readonly issuer: Uint8Array
    readonly publicJwk: PublicJwk
    readonly extensions: readonly Uint8Array[]
    readonly crypto: CryptoPort
  },
): Uint8Array {
  return writeSequence(
    writeDer(0xa0, writeUnsigned(Uint8Array.of(2))),
    writeUnsigned(makeSerialNumber(input.crypto)),
    SIGNATURE_ALGORITHM,
    input.issuer,
    writeSequence(writeTime(input.notBefore), writeTime(input.notAfter)),
    input.subject,
    writeSequence(KEY_ALGORITHM, writeBitString(pointOf(input.publicJwk))),
    writeDer(0xa3, writeSequence(...input.extensions)),
  )
}

async function signCertificate(tbs: Uint8Array, signer: Signer): Promise<Certificate> {
  const signature = signatureToDer(await signer.sign(tbs))
  return parseCertificate(writeSequence(tbs, SIGNATURE_ALGORITHM, writeBitString(signature)))
}

/** Positive, and nothing that can be guessed before it is issued (RFC 5280 §4.1.2.2). */
function makeSerialNumber(crypto: CryptoPort): Uint8Array {
  return Uint8Array.of(0x01, ...crypto.randomBytes(16))
}

/** @see RFC 7093 §2, method 1 */
async function keyIdOf(publicJwk: PublicJwk, crypto: CryptoPort): Promise<Uint8Array> {
  return (await crypto.digest('sha-256', pointOf(publicJwk))).subarray(0, 20)
}

function pointOf({ x, y }: PublicJwk): Uint8Array {
  return Uint8Array.of(0x04, ...decodeBase64url(x), ...decodeBase64url(y))
}

/** The subject of an authority, attribute by attribute as its own certificate has it. */
function nameOf({ subjectName }: Certificate): Uint8Array {
  return decodeBase64(subjectName.encoded)
}
