import type { EpochSeconds, Signer, VerificationKey } from '../crypto.ts'
import { asProtocolError, ProtocolError, rejectAs } from '../errors.ts'
import {
  checkType,
  checkValidity,
  decodeBase64url,
  encodeBase64url,
  makeJwt,
  parseJws,
  readClaims,
  readDate,
  requireDate,
  verifySignature,
} from '../jose/jose.ts'
import { isJsonObject, type JsonObject } from '../json/json.ts'
import { isStatusBits, type StatusBitmap, type StatusBits, statusBitmapBytes, statusBitmapSize } from './bitmap.ts'
import { type Deflate, decompressStatusBitmap, deflateWithStreams, type Inflate } from './compression.ts'

/** `typ` of a Status List Token; its media type is the same after `application/`. */
export const STATUS_LIST_TYPE = 'statuslist+jwt'
export const STATUS_LIST_MEDIA_TYPE = 'application/statuslist+jwt'

/** Entries that a list of a stranger may have unless the caller says otherwise: four million, 4 MiB at 8 bits. */
export const DEFAULT_MAX_STATUS_ENTRIES = 2 ** 22

/** Header, claims beside `lst`, and the signature. */
const FRAME_LENGTH = 80_000

export type StatusListTokenContent = {
  /** The list's own address: `sub`, equal to the `uri` in every Referenced Token. */
  readonly subject: string
  readonly bits: StatusBits
  readonly issuedAt: EpochSeconds
  /** `exp`: nobody may rely on this token afterwards. */
  readonly expiresAt?: EpochSeconds
  /** `ttl`: how long a copy may be kept before it is fetched again. */
  readonly ttlSeconds?: number
  readonly signer: Signer
  /** The signer's certificate chain, leaf first, without the anchor: base64 DER. */
  readonly x5c?: readonly string[]
} & (
  | { readonly bitmap: Uint8Array; readonly deflate?: Deflate }
  | {
      /** ZLIB data, for who keeps the compressed list beside the list. */
      readonly compressed: Uint8Array
    }
)

/** A Status List whose token has been verified, unpacked and ready to be asked any number of times. */
export interface StatusList extends StatusBitmap {
  /** Number of entries. */
  readonly size: number
  readonly issuedAt: EpochSeconds
  readonly expiresAt?: EpochSeconds
  readonly ttlSeconds?: number
}

export interface ExpectedStatusList {
  /** `uri` of the Referenced Token. */
  readonly uri: string
  /** Key of a Status Issuer whom the caller trusts for this list. */
  readonly key: VerificationKey
  readonly now: EpochSeconds
  /** Entries that the list may have at most; default `DEFAULT_MAX_STATUS_ENTRIES`. */
  readonly maxEntries?: number
  readonly inflate?: Inflate
}

/** @see Token Status List §5.1 status-list-token-jwt */
export async function makeStatusListToken(content: StatusListTokenContent): Promise<string> {
  const { subject, bits, issuedAt, expiresAt, ttlSeconds, signer, x5c } = content
  const compressed =
    'compressed' in content ? content.compressed : await (content.deflate ?? deflateWithStreams)(content.bitmap)
  return makeJwt(
    { typ: STATUS_LIST_TYPE, ...(x5c && { x5c }) },
    {
      sub: subject,
      iat: issuedAt,
      ...(expiresAt !== undefined && { exp: expiresAt }),
      ...(ttlSeconds !== undefined && { ttl: ttlSeconds }),
      status_list: { bits, lst: encodeBase64url(compressed) },
    },
    signer,
  )
}

/**
 * The `x5c` header of a Status List Token, so that its chain can be validated before its signature is.
 *
 * @returns The header's value as it came, believed in nothing; `undefined` when there is none.
 * @throws {ProtocolError} `invalid_status_list` when this is not a Status List Token at all.
 */
export function readStatusX5c(compact: string): unknown {
  try {
    const { header } = parseJws(compact)
    checkType(header, STATUS_LIST_TYPE)
    return header.x5c
  } catch (error) {
    throw asProtocolError('invalid_status_list', error)
  }
}

/**
 * Verifies a Status List Token and unpacks its list.
 *
 * Does not decide whose key may sign for this list, and does not bound `ttl` and `exp`: both are policy of who caches.
 *
 * Narrower than the specification: ES256 only, no MAC; JWT only, no CWT.
 *
 * @throws {ProtocolError} `invalid_status_list` when any rule of §5.1 or §8.3 is not met, also when it has expired.
 * @see Token Status List §8.3 validation-rules
 */
export function verifyStatusListToken(compact: string, expected: ExpectedStatusList): Promise<StatusList> {
  const maxEntries = expected.maxEntries ?? DEFAULT_MAX_STATUS_ENTRIES
  return rejectAs('invalid_status_list', async () => {
    if (compact.length > maxTokenLength(maxEntries)) throw invalidList('the token is longer than a list may be')
    const jws = parseJws(compact)
    checkType(jws.header, STATUS_LIST_TYPE)
    await verifySignature(jws, expected.key)
    const claims = readClaims(jws, { maxLength: maxTokenLength(maxEntries), maxDepth: 8 })
    if (claims.sub !== expected.uri) throw invalidList('sub is not the uri of the Referenced Token')
    const issuedAt = requireDate(claims, 'iat')
    checkValidity(claims, expected.now)
    const expiresAt = readDate(claims, 'exp')
    const ttlSeconds = readTtl(claims)
    const list = await readList(claims, maxEntries, expected.inflate)
    return {
      ...list,
      size: statusBitmapSize(list),
      issuedAt,
      ...(expiresAt !== undefined && { expiresAt }),
      ...(ttlSeconds !== undefined && { ttlSeconds }),
    }
  })
}

/**
 * How long a token may be, in characters: incompressible data grows by a third in `lst` and by a third of that again in
 * the payload.
 */
export function maxTokenLength(maxEntries: number): number {
  return Math.ceil(statusBitmapBytes(8, maxEntries) * (4 / 3) * (4 / 3) * 1.01) + FRAME_LENGTH
}

function readTtl(claims: JsonObject): number | undefined {
  const { ttl } = claims
  if (ttl === undefined) return undefined
  if (typeof ttl !== 'number' || !Number.isFinite(ttl) || ttl <= 0) throw invalidList('ttl is not a positive number')
  return ttl
}

async function readList(claims: JsonObject, maxEntries: number, inflate?: Inflate): Promise<StatusBitmap> {
  const list = claims.status_list
  if (!isJsonObject(list)) throw invalidList('status_list is not an object')
  const { bits, lst } = list
  if (!isStatusBits(bits)) throw invalidList('bits is not 1, 2, 4 or 8')
  if (typeof lst !== 'string') throw invalidList('lst is not a string')
  const bitmap = await decompressStatusBitmap(decodeBase64url(lst), statusBitmapBytes(bits, maxEntries), inflate)
  return { bits, bitmap }
}

function invalidList(message: string): ProtocolError {
  return new ProtocolError('invalid_status_list', message)
}
