import type { HolderKey } from '@wegwijzer/keys/web'
import type { EpochSeconds, PublicJwk } from '@wegwijzer/protocol/crypto'
import { encodeBase64url, isSameKey } from '@wegwijzer/protocol/jose'
import type { OnceOnly } from '@wegwijzer/protocol/openid4vci'
import type { CredentialCopy, HeldCredential } from '../holdings/held-credential.ts'
import { readTypeMetadata, type WalletContext } from '../platform.ts'
import { textsOfType } from '../type-texts.ts'
import { WalletError } from '../wallet-error.ts'
import { asKnownIssuer, checkMayIssue, findIssuer } from './known-issuer.ts'
import { checkBatch, type ReceivedCopy, verifyCopy } from './verify-received.ts'
import { verifyW3cCopy } from './verify-w3c-copy.ts'

/** Copies of one credential as they came, from an issuer or out of a backup: nothing about them is believed. */
export interface UnverifiedCard {
  readonly credentialIssuer: string
  readonly vct: string
  readonly format?: HeldCredential['format']
  readonly sdJwts: readonly string[]
  /** The wallet's own; each copy must be bound to one of them. */
  readonly keys: readonly HolderKey[]
  readonly receivedAt: EpochSeconds
  /** What the issuer said of copies that are shown once. */
  readonly reuse?: OnceOnly
  /** Kept where the card was this wallet's before. */
  readonly id?: string
}

export interface VerifiedCard {
  readonly credential: HeldCredential
  readonly copies: readonly CredentialCopy[]
}

/**
 * Verifies copies and makes the card of them: issuer, type, claims and dates are read from what was verified, and the names
 * from the trust list and the type's metadata.
 *
 * @throws {WalletError} `not_trusted`; {ProtocolError} as `verifyCopy`, `verifyW3cCopy` and `checkBatch`.
 */
export async function verifyCard(context: WalletContext, unverified: UnverifiedCard): Promise<VerifiedCard> {
  const { credentialIssuer, vct, format, sdJwts, keys, receivedAt, reuse, id = makeCredentialId(context) } = unverified
  const list = await context.trust.current()
  const entry = findIssuer(list, credentialIssuer)
  const type = checkMayIssue(entry, vct)
  const metadata = await readTypeMetadata(context, list, vct)
  if (metadata === undefined)
    throw new WalletError('not_trusted', 'type_unknown', 'the trust list does not know the type')
  const expected = { list, entry, credentialIssuer, type, metadata }
  const verify = format === undefined ? verifyCopy : verifyW3cCopy
  const copies = await Promise.all(sdJwts.map((sdJwt) => verify(context, sdJwt, expected)))
  const [first] = copies
  if (first === undefined) throw new WalletError('refused', 'nothing_issued', 'there is no credential in the answer')
  checkBatch(
    copies,
    keys.map(({ signer }) => signer.publicJwk),
  )
  const credential: HeldCredential = {
    id,
    vct,
    ...(format !== undefined && { format }),
    issuer: asKnownIssuer(entry, credentialIssuer),
    claims: first.claims,
    receivedAt,
    authorityKeyIds: first.authorityKeyIds,
    display: textsOfType(metadata),
    ...(reuse !== undefined && { reuse }),
    ...(first.expiresAt !== undefined && { expiresAt: first.expiresAt }),
    ...(first.status !== undefined && { status: first.status }),
  }
  return { credential, copies: copies.map((copy) => asCopy(id, copy, keys)) }
}

function asCopy(credentialId: string, { sdJwt, holderKey }: ReceivedCopy, keys: readonly HolderKey[]): CredentialCopy {
  return { credentialId, sdJwt, pkcs8: encodeBase64url(keyOf(holderKey, keys).pkcs8) }
}

function keyOf(publicJwk: PublicJwk, keys: readonly HolderKey[]): HolderKey {
  const key = keys.find(({ signer }) => isSameKey(signer.publicJwk, publicJwk))
  if (key === undefined) throw new Error('a copy that was checked has no key')
  return key
}

const ID_LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Short enough to be typed, and drawn from so many that two are never the same in one wallet. */
function makeCredentialId({ crypto }: WalletContext): string {
  return Array.from(crypto.randomBytes(10), (octet) => ID_LETTERS.charAt(octet % ID_LETTERS.length)).join('')
}
