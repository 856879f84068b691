import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { decodeBase64url, encodeBase64url } from '@wegwijzer/protocol/jose'

const TIME_BYTES = 6
const RANDOM_BYTES = 16
const TAG_BYTES = 16

/** Instances of one service have clocks of their own: this far ahead a nonce may be. */
const CLOCK_SKEW_SECONDS = 60

export interface NonceSource {
  make(now: EpochSeconds): string
  /** @returns Until when the nonce is good, or `undefined`: not ours, of another purpose, or too old. */
  check(nonce: string, now: EpochSeconds): { readonly expiresAt: EpochSeconds } | undefined
}

/**
 * Makes nonces that carry their own time, authenticated, so that a service hands them out without storing anything and
 * every instance with the same key knows them.
 *
 * Does not know whether a nonce was used before. Who needs that records the nonce when it is used, in the transaction that
 * depends on it, and keeps it until `expiresAt`.
 *
 * @param key At least 32 octets, the same for all instances.
 * @param purpose Separates nonces of different uses under one key, such as `c_nonce` of one organisation and DPoP's.
 * @see OpenID4VCI 1.0 §7 nonce-endpoint
 * @see RFC 9449 §8
 */
export function createNonceSource({
  key,
  purpose,
  lifetimeSeconds,
}: {
  readonly key: Uint8Array
  readonly purpose: string
  readonly lifetimeSeconds: number
}): NonceSource {
  if (key.length < 32) throw new TypeError('a nonce key has at least 32 octets')
  const tagOf = (content: Uint8Array) =>
    createHmac('sha256', key).update(`${purpose}\0`).update(content).digest().subarray(0, TAG_BYTES)

  return {
    make(now) {
      const content = randomBytes(TIME_BYTES + RANDOM_BYTES)
      content.writeUIntBE(now, 0, TIME_BYTES)
      return encodeBase64url(Buffer.concat([content, tagOf(content)]))
    },
    check(nonce, now) {
      const bytes = decode(nonce)
      if (bytes === undefined) return undefined
      const content = bytes.subarray(0, TIME_BYTES + RANDOM_BYTES)
      if (!timingSafeEqual(bytes.subarray(TIME_BYTES + RANDOM_BYTES), tagOf(content))) return undefined
      const madeAt = content.readUIntBE(0, TIME_BYTES)
      const expiresAt = madeAt + lifetimeSeconds
      return madeAt <= now + CLOCK_SKEW_SECONDS && now < expiresAt ? { expiresAt } : undefined
    },
  }
}

function decode(nonce: string): Buffer | undefined {
  const length = TIME_BYTES + RANDOM_BYTES + TAG_BYTES
  if (nonce.length !== Math.ceil((length * 4) / 3)) return undefined
  try {
    return Buffer.from(decodeBase64url(nonce))
  } catch {
    return undefined
  }
}
