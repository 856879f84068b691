import { type Certificate, parseCertificate, TRUST_ROLES, type TrustRole } from '@wegwijzer/keys/x509'
import type { CryptoPort, EpochSeconds, Signer } from '@wegwijzer/protocol/crypto'
import { ProtocolError, rejectAs } from '@wegwijzer/protocol/errors'
import {
  type CompactJws,
  checkType,
  checkValidity,
  decodeBase64,
  isSameKey,
  makeJwt,
  parseJws,
  readClaims,
  verifySignature,
} from '@wegwijzer/protocol/jose'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { Check } from 'typebox/value'
import type { LocalizedText } from '../localized-text.ts'
import {
  findAmbiguity,
  type TrustListClaims,
  TrustListClaimsSchema,
  type TrustListContent,
  TrustListContentSchema,
  type TrustListEntry,
} from './content.ts'

/** `typ` of a trust list; its media type is the same after `application/`. */
export const TRUST_LIST_TYPE = 'trust-list+jwt'
export const TRUST_LIST_MEDIA_TYPE = 'application/trust-list+jwt'

/** Characters of a trust list: room for some thousands of organisations. */
export const MAX_TRUST_LIST_LENGTH = 8_000_000

/** A trust list that has been verified; its certificate authorities are read once. */
export interface TrustList {
  readonly sequence: number
  readonly issuedAt: EpochSeconds
  /** From then on this list says nothing any more. */
  readonly nextUpdate: EpochSeconds
  readonly schemeOperatorName: readonly LocalizedText[]
  readonly trustAnchors: Readonly<Record<TrustRole, readonly Certificate[]>>
  readonly entries: readonly TrustListEntry[]
}

export interface TrustListSigning {
  readonly issuedAt: EpochSeconds
  readonly nextUpdate: EpochSeconds
  readonly signer: Signer
  /** The certificate of that signer, base64 DER, alone. */
  readonly x5c: readonly string[]
}

export interface ExpectedTrustList {
  /** DER of the certificate that must have signed the list; from configuration, never from the list. */
  readonly anchor: Uint8Array
  readonly now: EpochSeconds
  /** The highest `sequence` that was ever seen under this anchor. */
  readonly previousSequence?: number
  readonly crypto: CryptoPort
}

/** @throws {ProtocolError} `invalid_trust_list` when nobody would accept it. */
export function makeTrustList(content: TrustListContent, signing: TrustListSigning): Promise<string> {
  const { issuedAt, nextUpdate, signer, x5c } = signing
  return rejectAs('invalid_trust_list', () => {
    checkContent(content)
    readAnchors(content)
    const claims: TrustListClaims & JsonObject = {
      iat: issuedAt,
      exp: nextUpdate,
      sequence: content.sequence,
      schemeOperatorName: content.schemeOperatorName,
      listIssueDateTime: formatDateTime(issuedAt),
      nextUpdate: formatDateTime(nextUpdate),
      trustAnchors: content.trustAnchors,
      entries: content.entries,
    }
    return makeJwt({ typ: TRUST_LIST_TYPE, x5c }, claims, signer)
  })
}

/**
 * Verifies that a trust list was signed by the certificate that the caller was given, holds now, and is not older than one
 * already seen.
 *
 * Does not validate a path: the signing certificate is compared octet by octet, so there is nothing to learn from the list.
 *
 * Narrower than ETSI TS 119 602: each certificate authority stands under one role only, by its key.
 *
 * @throws {ProtocolError} `invalid_trust_list`; `expired_trust_list` when its `nextUpdate` or its signing certificate has
 *   passed; `trust_list_rollback` when its `sequence` is lower than `previousSequence`.
 */
export async function verifyTrustList(compact: string, expected: ExpectedTrustList): Promise<TrustList> {
  const { now, previousSequence, crypto } = expected
  const signedBy = await rejectAs('invalid_trust_list', () => parseCertificate(expected.anchor))
  const claims = await rejectAs('invalid_trust_list', async () => {
    if (compact.length > MAX_TRUST_LIST_LENGTH) throw invalidList('the trust list is too long')
    const jws = parseJws(compact)
    checkType(jws.header, TRUST_LIST_TYPE)
    checkSignedBy(jws, signedBy)
    await verifySignature(jws, await crypto.importVerificationKey(signedBy.publicJwk))
    return parseClaims(readClaims(jws, { maxLength: MAX_TRUST_LIST_LENGTH, maxDepth: 16 }))
  })
  const nextUpdate = readDateTime(claims.nextUpdate)
  if (signedBy.notBefore > now || signedBy.notAfter < now) throw expired('the signing certificate does not hold now')
  if (claims.exp <= now || nextUpdate <= now) throw expired('the next update is due')
  if (previousSequence !== undefined && claims.sequence < previousSequence) {
    throw new ProtocolError('trust_list_rollback', 'a later trust list was seen before')
  }
  return rejectAs('invalid_trust_list', () => {
    checkValidity({ iat: claims.iat }, now)
    return {
      sequence: claims.sequence,
      issuedAt: claims.iat,
      nextUpdate: Math.min(nextUpdate, claims.exp),
      schemeOperatorName: claims.schemeOperatorName,
      trustAnchors: readAnchors(claims),
      entries: claims.entries,
    }
  })
}

function checkSignedBy(jws: CompactJws, expected: Certificate): void {
  const { x5c } = jws.header
  const leaf: unknown = Array.isArray(x5c) ? x5c[0] : undefined
  if (typeof leaf !== 'string') throw invalidList('the header shows no certificate')
  const der = decodeBase64(leaf)
  if (der.length !== expected.der.length || !der.every((octet, at) => octet === expected.der[at])) {
    throw invalidList('the list is signed by another certificate than the one given')
  }
}

function parseClaims(claims: JsonObject): TrustListClaims {
  if (!Check(TrustListClaimsSchema, claims)) throw invalidList('the claims are not those of a trust list')
  const ambiguity = findAmbiguity(claims)
  if (ambiguity !== undefined) throw invalidList(ambiguity)
  return claims
}

function checkContent(content: TrustListContent): void {
  if (!Check(TrustListContentSchema, content)) throw invalidList('the content is not that of a trust list')
  const ambiguity = findAmbiguity(content)
  if (ambiguity !== undefined) throw invalidList(ambiguity)
}

function readAnchors({ trustAnchors }: Pick<TrustListContent, 'trustAnchors'>): TrustList['trustAnchors'] {
  const anchors = {
    credential_issuer: parseAnchors(trustAnchors.credential_issuer),
    access_certificate: parseAnchors(trustAnchors.access_certificate),
    registration_certificate: parseAnchors(trustAnchors.registration_certificate),
    status_list: parseAnchors(trustAnchors.status_list),
    wallet_attestation: parseAnchors(trustAnchors.wallet_attestation),
  }
  const all = TRUST_ROLES.flatMap((role) => anchors[role].map(({ publicJwk }) => ({ role, publicJwk })))
  const isShared = all.some(({ role, publicJwk }) =>
    all.some((other) => other.role !== role && isSameKey(other.publicJwk, publicJwk)),
  )
  if (isShared) throw invalidList('a certificate authority stands under two roles')
  return anchors
}

function parseAnchors(anchors: readonly string[] = []): readonly Certificate[] {
  return anchors.map((anchor) => parseCertificate(decodeBase64(anchor)))
}

function formatDateTime(date: EpochSeconds): string {
  return new Date(date * 1000).toISOString().replace('.000Z', 'Z')
}

/** RFC 3339; a day that does not exist is no date, though the platform would make one of it. */
function readDateTime(text: string): EpochSeconds {
  const milliseconds = Date.parse(text)
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().slice(0, 19) !== text.slice(0, 19)) {
    throw invalidList('nextUpdate is not a date')
  }
  return Math.floor(milliseconds / 1000)
}

function expired(message: string): ProtocolError {
  return new ProtocolError('expired_trust_list', message)
}

function invalidList(message: string): ProtocolError {
  return new ProtocolError('invalid_trust_list', message)
}
