import { ProtocolError } from '../errors.ts'
import type { JsonObject } from '../json/json.ts'

/** Other header parameters than `jwk` that name a key or say where one is (RFC 7515 §4.1). */
const OTHER_KEYS = ['kid', 'jku', 'x5c', 'x5u'] as const

/**
 * A proof of possession shows its key in `jwk` and nowhere else, so that nothing is fetched and no two readers can take
 * two keys.
 *
 * @throws {ProtocolError} `invalid_key`
 */
export function checkKeyNamedOnce(header: JsonObject): void {
  if (OTHER_KEYS.some((parameter) => parameter in header)) {
    throw new ProtocolError('invalid_key', 'the header names a key in another place than jwk')
  }
}
