import type { EpochSeconds } from '../crypto.ts'
import { ProtocolError } from '../errors.ts'
import { type CompactJws, checkType, parseJws, readClaims, readDate } from '../jose/jose.ts'
import { isJsonObject, type JsonLimits, type JsonObject, type JsonValue } from '../json/json.ts'
import { VC_CONTEXT } from './expanded-types.ts'

/** Of a credential; a presentation is a frame around one. */
export const MAX_VC_LENGTH = 256_000
const CLAIMS_LIMITS: JsonLimits = { maxLength: 200_000, maxDepth: 24 }
const MAX_ENTRIES = 20
const MAX_TEXT = 2_000

/** The contexts of version 2.0, also in drafts. */
const VERSION_2 =
  /^https:\/\/www\.w3\.org\/(ns\/credentials\/(v2|examples\/v2|undefined-terms\/v2)|2018\/credentials\/v2)/
/** Members that version 2.0 has instead of `issuanceDate` and `expirationDate`. */
const VERSION_2_DATES = ['validFrom', 'validUntil'] as const

/** A JWT of the VC Data Model, taken apart and believed in nothing yet. */
export interface VcJwt {
  readonly jws: CompactJws
  readonly payload: JsonObject
  /** `vc` or `vp`. */
  readonly content: JsonObject
  readonly contexts: readonly string[]
  readonly types: readonly string[]
  /** DID that says so. */
  readonly issuer: string
  /** DID URL of the key that signed, where the header names one. */
  readonly kid: string | undefined
}

/**
 * Takes apart what credentials and presentations have in common: header, issuer, contexts, types.
 *
 * Narrower than the specification: ES256; `iss` is a DID; contexts and types are lists of strings; a `kid` is a DID URL of
 * `iss`, whole or its fragment; a nested JWT (`cty`) is refused.
 *
 * @throws {ProtocolError} `vc_version_not_supported` for what is of version 2.0, `invalid_vc` for the rest.
 * @see VC Data Model 1.1 §6.3.1 json-web-token
 */
export function parseVcJwt(compact: string, member: 'vc' | 'vp', maxLength: number): VcJwt {
  if (compact.length > maxLength) throw invalidVc('the JWT is too long')
  const jws = parseJws(compact)
  checkHeader(jws.header)
  const payload = readClaims(jws, { ...CLAIMS_LIMITS, maxLength })
  const content = payload[member]
  if (!isJsonObject(content)) throw invalidVc(`the JWT has no ${member}`)
  const contexts = readTexts(content['@context'], '@context')
  checkVersion(contexts, content)
  const { iss } = payload
  if (typeof iss !== 'string' || !/^did:[a-z0-9]+:[^\s#?/]+$/.test(iss) || iss.length > MAX_TEXT) {
    throw invalidVc('iss is not a DID')
  }
  return {
    jws,
    payload,
    content,
    contexts,
    types: readTexts(content.type, 'type'),
    issuer: iss,
    kid: readKid(jws, iss),
  }
}

/** §6.3.1: `typ`, where present, is `JWT`. What did-jwt would make of `cty` is never reached. */
function checkHeader(header: JsonObject): void {
  if (header.alg !== 'ES256') throw invalidVc('alg is not ES256')
  if (header.typ !== undefined) checkType({ typ: typeof header.typ === 'string' ? header.typ : '' }, 'jwt')
  if ('cty' in header) throw invalidVc('a nested JWT is not accepted')
}

function readKid({ header: { kid } }: CompactJws, issuer: string): string | undefined {
  if (kid === undefined) return undefined
  const url = typeof kid === 'string' && kid.startsWith('#') ? `${issuer}${kid}` : kid
  if (typeof url !== 'string' || !url.startsWith(`${issuer}#`)) throw invalidVc('kid is of another DID than iss')
  return url
}

/** Before anything else of the content is judged, so that a credential of version 2.0 is told from a broken one. */
function checkVersion(contexts: readonly string[], content: JsonObject): void {
  if (contexts.some((context) => VERSION_2.test(context)) || VERSION_2_DATES.some((date) => date in content)) {
    throw new ProtocolError('vc_version_not_supported', 'the VC Data Model 2.0 is not supported in this format')
  }
  if (contexts[0] !== VC_CONTEXT) throw invalidVc('the first context is not that of VC Data Model 1.1')
}

function readTexts(value: JsonValue | undefined, name: string): readonly string[] {
  const isList = Array.isArray(value) && value.length > 0 && value.length <= MAX_ENTRIES
  const texts = isList ? value.filter((entry) => typeof entry === 'string' && entry.length <= MAX_TEXT) : []
  if (!isList || texts.length !== value.length) throw invalidVc(`${name} is not a list of texts`)
  return texts
}

/** `Z` or an offset: a time without one is not the same everywhere. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/

/**
 * Checks that what a claim of the JWT says, the content says too, or not at all.
 *
 * @see VC Data Model 1.1 §6.3.1 json-web-token
 */
export function checkSame(claim: JsonValue | undefined, inContent: JsonValue | undefined, name: string): void {
  if (inContent !== undefined && inContent !== claim) throw invalidVc(`${name} says two things`)
}

/** @returns The date of the claim, which a date of the content must agree with to the second. */
export function readSameDate(
  payload: JsonObject,
  claim: 'nbf' | 'exp',
  inContent: JsonValue | undefined,
): EpochSeconds | undefined {
  const date = readDate(payload, claim)
  if (inContent === undefined) return date
  const isText = typeof inContent === 'string' && DATE_TIME.test(inContent)
  if (!isText || Math.floor(Date.parse(inContent) / 1000) !== date) throw invalidVc(`${claim} says two things`)
  return date
}

export function invalidVc(message: string): ProtocolError {
  return new ProtocolError('invalid_vc', message)
}
