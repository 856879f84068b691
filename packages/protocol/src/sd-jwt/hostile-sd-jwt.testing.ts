import type { CryptoPort, DigestAlgorithm, Signer } from '../crypto.ts'
import { encodeBase64url, encodeUtf8, makeJws } from '../jose/jose.ts'
import type { JsonObject, JsonValue } from '../json/json.ts'
import { digestOf } from './disclosure.ts'

/** For tests: SD-JWTs in which every part is what the test says, however wrong, under a signature that is right. */
export interface HostileSdJwt {
  readonly header?: JsonObject
  /** The payload, or its exact text. */
  readonly payload: JsonObject | string
  /** Encoded Disclosures, as they are to travel. */
  readonly disclosures?: readonly string[]
  readonly keyBindingJwt?: string
  readonly signer: Signer
}

export async function makeHostileSdJwt(hostile: HostileSdJwt): Promise<string> {
  const { header = {}, payload, disclosures = [], keyBindingJwt = '', signer } = hostile
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  const issuerJwt = await makeJws({ typ: 'example+sd-jwt', ...header }, encodeUtf8(text), signer)
  return [issuerJwt, ...disclosures, keyBindingJwt].join('~')
}

/** A Disclosure, whatever it contains, and the digest that refers to it. */
export interface HostileDisclosure {
  readonly encoded: string
  readonly digest: string
}

export function makeHostileDisclosure(
  contents: JsonValue,
  crypto: CryptoPort,
  algorithm?: DigestAlgorithm,
): Promise<HostileDisclosure> {
  return encodeDisclosure(JSON.stringify(contents), crypto, algorithm)
}

/** @param text The exact characters, JSON or not. */
export async function encodeDisclosure(
  text: string,
  crypto: CryptoPort,
  algorithm: DigestAlgorithm = 'sha-256',
): Promise<HostileDisclosure> {
  const encoded = encodeBase64url(encodeUtf8(text))
  return { encoded, digest: await digestOf(encoded, algorithm, crypto) }
}
