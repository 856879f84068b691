import { authorityKeyIdOf, parseX5c } from '@wegwijzer/keys/x509'
import type { EpochSeconds, PublicJwk } from '@wegwijzer/protocol/crypto'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { isSameKey, readDate } from '@wegwijzer/protocol/jose'
import { isJsonObject, type JsonObject, type JsonValue } from '@wegwijzer/protocol/json'
import { NEVER_DISCLOSABLE_CLAIMS, parseIssuedSdJwt } from '@wegwijzer/protocol/sd-jwt'
import { checkTypeConformance, readX5c, type TypeMetadata, verifySdJwtVc } from '@wegwijzer/protocol/sd-jwt-vc'
import { parseStatusReference, type StatusReference } from '@wegwijzer/protocol/status-list'
import type { IssuableType, TrustList, TrustListEntry } from '@wegwijzer/trust/trust-list'
import type { WalletContext } from '../platform.ts'

/** Against what a received credential is held: who was asked, for which type, with which keys. */
export interface ExpectedCredential {
  readonly list: TrustList
  readonly entry: TrustListEntry
  readonly credentialIssuer: string
  readonly type: IssuableType
  readonly metadata: TypeMetadata
}

/** One copy, believed. */
export interface ReceivedCopy {
  readonly sdJwt: string
  readonly holderKey: PublicJwk
  /** What the issuer states, without what only binds this copy. */
  readonly claims: JsonObject
  readonly expiresAt?: EpochSeconds
  readonly status?: StatusReference
  readonly authorityKeyIds: readonly string[]
}

/**
 * Verifies one copy before anything of it is kept: signed under a certificate of this very organisation in the role of
 * credential issuer, of the type that was asked, with that type's metadata, conforming to it, valid now, and bound to a key.
 *
 * @throws {ProtocolError} as the steps below; `invalid_credential` where it is not what was asked for.
 * @see OpenID4VCI 1.0 §8.3 credential-response
 * @see SD-JWT VC draft -13 §3.4 vc-sd-jwt-verification-and-processing
 */
export async function verifyCopy(
  { validateChain, crypto, now }: WalletContext,
  sdJwt: string,
  expected: ExpectedCredential,
): Promise<ReceivedCopy> {
  const { list, entry, credentialIssuer, type, metadata } = expected
  const parsed = parseIssuedSdJwt(sdJwt)
  const chain = parseX5c(readX5c(parsed.issuerJws.header))
  const { leaf, key } = await validateChain(list, 'credential_issuer', chain, now())
  if (leaf.subject.organizationIdentifier !== entry.identifier) throw invalid('it is signed by another organisation')
  const { vct, vctIntegrity, iss, payload, holderKey, status, processed } = await verifySdJwtVc(parsed, key, {
    now: now(),
    crypto,
  })
  if (vct !== type.vct) throw invalid('it is of another type')
  if (vctIntegrity !== undefined && vctIntegrity !== type.typeMetadataIntegrity) {
    throw invalid('it names another version of the type metadata')
  }
  if (iss !== undefined && iss !== credentialIssuer) throw invalid('iss is another issuer')
  if (holderKey === undefined) throw invalid('it is bound to no key')
  const [fault] = checkTypeConformance(metadata, processed.claims, 'all')
  if (fault !== undefined) throw invalid(`it breaks the rule ${fault.rule} of its type`)
  const expiresAt = readDate(payload, 'exp')
  return {
    sdJwt,
    holderKey,
    claims: statedClaims(payload),
    authorityKeyIds: chain.flatMap((certificate) => authorityKeyIdOf(certificate) ?? []),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(status !== undefined && { status: parseStatusReference(status) }),
  }
}

/**
 * Verifies that the copies of one batch are copies of one thing: the same statement, a key each of those that were proved,
 * a status index each.
 *
 * @throws {ProtocolError} `invalid_credential`
 * @see OpenID4VCI 1.0 §3.3.2 batch-credential-issuance
 */
export function checkBatch(copies: readonly ReceivedCopy[], proved: readonly PublicJwk[]): void {
  const statements = new Set(copies.map(({ claims, expiresAt }) => JSON.stringify([claims, expiresAt])))
  if (statements.size !== 1) throw invalid('the copies say different things')
  for (const { holderKey } of copies) {
    if (!proved.some((key) => isSameKey(key, holderKey))) throw invalid('a copy is bound to a key that is not ours')
  }
  const keys = new Set(copies.map(({ holderKey }) => `${holderKey.x}.${holderKey.y}`))
  if (keys.size !== copies.length) throw invalid('two copies are bound to one key')
  const indexes = copies.flatMap(({ status }) => (status === undefined ? [] : [`${status.index} ${status.uri}`]))
  if (new Set(indexes).size !== indexes.length) throw invalid('two copies share a status index')
  if (indexes.length !== 0 && indexes.length !== copies.length) throw invalid('only some copies have a status')
}

function statedClaims(payload: JsonObject): JsonObject {
  const stated = Object.entries(payload).filter(([name]) => !NEVER_DISCLOSABLE_CLAIMS.has(name) && name !== 'iat')
  return inNameOrder(Object.fromEntries(stated))
}

/**
 * The members of every object in the order of their names, so that two copies can be compared: each copy has its digests,
 * and so its members, in an order of its own.
 */
export function inNameOrder(object: JsonObject): JsonObject {
  const members = Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(members.map(([name, value]) => [name, withMembersInOrder(value)]))
}

function withMembersInOrder(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withMembersInOrder)
  return isJsonObject(value) ? inNameOrder(value) : value
}

function invalid(message: string): ProtocolError {
  return new ProtocolError('invalid_credential', message)
}
