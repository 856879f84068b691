import { createHmac, hash, hkdfSync, randomBytes, randomInt } from 'node:crypto'
import type { MasterKey } from '@wegwijzer/keys/key-store'
import { encodeBase64url } from '@wegwijzer/protocol/jose'

/** Keys that all instances of the issuer have alike because they come from the master key; none is stored. */
export interface IssuerSecrets {
  readonly nonceKey: Uint8Array
  /** For pre-authorized codes, see `preAuthorizedCodeOf`. */
  readonly offerKey: Uint8Array
  /** Makes hashes of transaction codes worthless to who has the database alone: there are only a million codes. */
  readonly txCodeKey: Uint8Array
  /** Seals access tokens. */
  readonly accessTokenKey: Uint8Array
}

export function deriveSecrets(masterKey: MasterKey): IssuerSecrets {
  const derive = (purpose: string) =>
    new Uint8Array(hkdfSync('sha256', masterKey, '', `wegwijzer issuer ${purpose}`, 32))
  return {
    nonceKey: derive('nonce'),
    offerKey: derive('offer'),
    txCodeKey: derive('tx_code'),
    accessTokenKey: derive('access_token'),
  }
}

/** 256 bits that nobody can guess, as text for a URL or a header. */
export function makeSecret(): string {
  return encodeBase64url(randomBytes(32))
}

/** What is stored of a secret of 256 bits; a plain hash is enough, because it cannot be tried. */
export function hashSecret(secret: string): string {
  return encodeBase64url(hash('sha256', secret, 'buffer'))
}

/**
 * The pre-authorized code of an offer. It follows from the reference under which the offer is served, so that an offer can
 * be shown again although neither of the two is stored.
 */
export function preAuthorizedCodeOf({ offerKey }: IssuerSecrets, organisation: string, reference: string): string {
  return encodeBase64url(createHmac('sha256', offerKey).update(`${organisation}\0${reference}`).digest())
}

export const TX_CODE_LENGTH = 6

/** @returns Six digits. */
export function makeTxCode(): string {
  return String(randomInt(10 ** TX_CODE_LENGTH)).padStart(TX_CODE_LENGTH, '0')
}

/** @param code The pre-authorized code: one transaction code has another hash in every offer. */
export function hashTxCode({ txCodeKey }: IssuerSecrets, code: string, txCode: string): string {
  return encodeBase64url(createHmac('sha256', txCodeKey).update(`${code}\0${txCode}`).digest())
}
