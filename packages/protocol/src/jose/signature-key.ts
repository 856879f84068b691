import type { PublicJwk } from '../crypto.ts'
import { ProtocolError } from '../errors.ts'
import { isJsonObject, type JsonObject } from '../json/json.ts'
import { parsePublicJwk } from './jwk.ts'

/**
 * Reads a public key out of a stranger's JWK that a signature is to be verified with: `parsePublicJwk`, and the key must not
 * be declared for something else. What is not declared is not demanded.
 *
 * Wider than the specification: `key_ops` with `sign` passes, for wallets leave it there when they take the private part out.
 *
 * @throws {ProtocolError} `invalid_key`, also when `use`, `alg` or `key_ops` are not of an ES256 signature.
 * @see RFC 7517 §4.2, §4.3, §4.4
 */
export function parseSignatureJwk(value: unknown): PublicJwk {
  const key = parsePublicJwk(value)
  if (!isJsonObject(value) || !isForSignatures(value))
    throw new ProtocolError('invalid_key', 'the JWK is not declared for ES256 signatures')
  return key
}

function isForSignatures({ use = 'sig', alg = 'ES256', key_ops: operations = ['verify'] }: JsonObject): boolean {
  return (
    use === 'sig' &&
    alg === 'ES256' &&
    Array.isArray(operations) &&
    (operations.includes('verify') || operations.includes('sign'))
  )
}
