import { ProtocolError } from '../errors.ts'
import { isJsonObject } from '../json/json.ts'

/** Where the status of one Referenced Token stands. The index is personal: it belongs in no log and no URL. */
export interface StatusReference {
  /** The Status List Token's address, and the `sub` that it must have. */
  readonly uri: string
  readonly index: number
}

/** The largest index any list here could have; what lies beyond is not an index but an attempt. */
const MAX_INDEX = 2 ** 32 - 1

const MAX_URI_LENGTH = 2048

/**
 * Reads the `status` claim of a Referenced Token.
 *
 * Does not decide where may be fetched from: that is `@wegwijzer/outbound`'s.
 *
 * Narrower than the specification: a `status` that knows only other mechanisms is refused, because a status that cannot be
 * checked is not known to be valid.
 *
 * @param status The claim's value, as it came.
 * @throws {ProtocolError} `invalid_status_reference`
 * @see Token Status List §6.2 referenced-token-jose
 */
export function parseStatusReference(status: unknown): StatusReference {
  if (!isJsonObject(status)) throw invalidReference('status is not an object')
  const reference = status.status_list
  if (!isJsonObject(reference)) throw invalidReference('status has no status_list')
  const { idx, uri } = reference
  if (typeof idx !== 'number' || !Number.isInteger(idx) || idx < 0 || idx > MAX_INDEX) {
    throw invalidReference('idx is not an index')
  }
  if (typeof uri !== 'string' || uri.length > MAX_URI_LENGTH || !URL.canParse(uri)) {
    throw invalidReference('uri is not a URI')
  }
  return { uri, index: idx }
}

function invalidReference(message: string): ProtocolError {
  return new ProtocolError('invalid_status_reference', message)
}
