import type { CryptoPort, PublicJwk } from '@wegwijzer/protocol/crypto'
import { ProtocolError, rejectAs } from '@wegwijzer/protocol/errors'
import { jwkThumbprint, parsePublicJwk } from '@wegwijzer/protocol/jose'
import { isJsonObject, type JsonObject, type JsonValue, parseJsonObject } from '@wegwijzer/protocol/json'

/** Media type of a document in JSON. @see DID Core 1.0 §6.2 */
export const DID_DOCUMENT_MEDIA_TYPE = 'application/did+json'

const CONTEXTS = ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'] as const
const KEY_TYPE = 'JsonWebKey2020'
/** `JsonWebKey` is what later texts call the same. */
const KEY_TYPES: readonly unknown[] = [KEY_TYPE, 'JsonWebKey']
const MAX_METHODS = 20
const MAX_DOCUMENT_LENGTH = 100_000

/** What the key of a document may be used for, as far as it concerns us. @see DID Core 1.0 §5.3 */
export type VerificationRelationship = 'assertionMethod' | 'authentication'

export interface VerificationMethod {
  /** DID URL. */
  readonly id: string
  readonly publicJwk: PublicJwk
}

/** What is known of a DID: its keys, by what they may be used for. */
export interface ResolvedDid extends Readonly<Record<VerificationRelationship, readonly VerificationMethod[]>> {
  readonly did: string
}

/** The name of a key in the document of its organisation: the same wherever it is computed. */
export async function keyUrlOf(did: string, publicJwk: PublicJwk, crypto: CryptoPort): Promise<string> {
  return `${did}#${await jwkThumbprint(publicJwk, crypto)}`
}

/** The document of an organisation that signs credentials with these keys, and nothing else. @see DID Core 1.0 §5 */
export async function makeDidDocument(
  did: string,
  assertionKeys: readonly PublicJwk[],
  crypto: CryptoPort,
): Promise<JsonObject> {
  const methods = await Promise.all(
    assertionKeys.map(async (publicKeyJwk) => ({
      id: await keyUrlOf(did, publicKeyJwk, crypto),
      type: KEY_TYPE,
      controller: did,
      publicKeyJwk: { ...publicKeyJwk },
    })),
  )
  return {
    '@context': CONTEXTS,
    id: did,
    verificationMethod: methods,
    assertionMethod: methods.map(({ id }) => id),
  }
}

/**
 * Reads a document that somebody serves.
 *
 * Counts only the P-256 keys that the DID itself controls and lists under a relationship; others may stand there and are
 * left alone.
 *
 * @param did Whose document it must be.
 * @throws {ProtocolError} `invalid_did_document` when it is of another DID, shows a private key, names one key twice, or is
 *   too long.
 * @see DID Core 1.0 §5
 */
export function parseDidDocument(text: string, did: string): Promise<ResolvedDid> {
  return rejectAs('invalid_did_document', () => {
    const document = parseJsonObject(text, { maxLength: MAX_DOCUMENT_LENGTH, maxDepth: 12 })
    if (document.id !== did) throw invalid('the document is of another DID')
    const listed = readMethods(document.verificationMethod, did)
    return {
      did,
      assertionMethod: readRelationship(document.assertionMethod, listed, did),
      authentication: readRelationship(document.authentication, listed, did),
    }
  })
}

function readMethods(value: JsonValue | undefined, did: string): readonly VerificationMethod[] {
  const methods = readList(value).flatMap((method) => readMethod(method, did))
  if (new Set(methods.map(({ id }) => id)).size !== methods.length) throw invalid('two keys have one name')
  return methods
}

/** Members that name a method stand for it; one that is written out in place counts there and nowhere else. */
function readRelationship(
  value: JsonValue | undefined,
  listed: readonly VerificationMethod[],
  did: string,
): readonly VerificationMethod[] {
  return readList(value).flatMap((entry) => {
    if (typeof entry !== 'string') return readMethod(entry, did)
    const id = absolute(entry, did)
    return listed.filter((method) => method.id === id)
  })
}

function readList(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length > MAX_METHODS) throw invalid('a list of keys is none, or too long')
  return value
}

function readMethod(value: JsonValue, did: string): readonly VerificationMethod[] {
  if (!isJsonObject(value) || typeof value.id !== 'string') throw invalid('a verification method has no name')
  const id = absolute(value.id, did)
  const { type, controller, publicKeyJwk: jwk } = value
  if (!KEY_TYPES.includes(type) || controller !== did || !id.startsWith(`${did}#`) || !isJsonObject(jwk)) return []
  if (jwk.kty !== 'EC' || jwk.crv !== 'P-256') return []
  return [{ id, publicJwk: parsePublicJwk(jwk) }]
}

function absolute(url: string, did: string): string {
  return url.startsWith('#') ? `${did}${url}` : url
}

function invalid(message: string): ProtocolError {
  return new ProtocolError('invalid_did_document', message)
}
