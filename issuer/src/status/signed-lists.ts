import { hash } from 'node:crypto'
import { constants, deflateSync } from 'node:zlib'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { encodeBase64url } from '@wegwijzer/protocol/jose'
import { makeStatusBitmap, makeStatusListToken, setStatusValue } from '@wegwijzer/protocol/status-list'
import { makeBoundedMap } from '@wegwijzer/trust/bounded-map'
import type { IssuerDatabase } from '../database.ts'
import type { IssuingOrganisation } from '../organisation/organisations.ts'
import {
  readListVersion,
  readStatusesOtherThanValid,
  type StatusListSettings,
  type StatusListVersion,
} from './store.ts'

/** A Status List Token as it is served. */
export interface SignedList {
  readonly token: string
  readonly etag: string
}

export interface SignedLists {
  /** @returns The newest token, or `undefined` when the organisation has no such list any more. */
  find(organisation: IssuingOrganisation, listId: string): Promise<SignedList | undefined>
}

interface KeptList {
  readonly version: number
  readonly signedAt: EpochSeconds
  readonly signed: Promise<SignedList>
}

/** Two bits, so that an entry can be suspended. */
const BITS = 2
const MAX_KEPT = 1000
/** A list is runs of zeros: looking for these alone is twelve times faster than zlib's default, and makes it smaller. */
const DEFLATE = { strategy: constants.Z_RLE, memLevel: 9 }

/** Where the status of an organisation's copies stands. */
export function statusListUri(credentialIssuer: string, listId: string): string {
  return `${credentialIssuer}/status-lists/${listId}`
}

/**
 * Keeps signed lists in memory and signs one again when something on it changed, also by another instance, or half of its
 * lifetime has passed.
 *
 * @see Token Status List §5.1 status-list-token-jwt
 */
export function makeSignedLists({
  db,
  now,
  status,
}: {
  readonly db: IssuerDatabase
  readonly now: () => EpochSeconds
  readonly status: StatusListSettings
}): SignedLists {
  const kept = makeBoundedMap<KeptList>({ maxEntries: MAX_KEPT })

  function isFresh({ version, signedAt }: KeptList, list: StatusListVersion, at: EpochSeconds): boolean {
    return version === list.version && signedAt <= at && at < signedAt + status.lifetimeSeconds / 2
  }

  async function sign(organisation: IssuingOrganisation, { id, size }: StatusListVersion, at: EpochSeconds) {
    const bitmap = makeStatusBitmap(BITS, size)
    for (const { index, status: value } of await readStatusesOtherThanValid(db, organisation.id, id)) {
      setStatusValue({ bits: BITS, bitmap }, index, value)
    }
    const token = await makeStatusListToken({
      subject: statusListUri(organisation.credentialIssuer, id),
      bits: BITS,
      bitmap,
      deflate: (octets) => deflateSync(octets, DEFLATE),
      issuedAt: at,
      expiresAt: at + status.lifetimeSeconds,
      ttlSeconds: status.ttlSeconds,
      ...organisation.signerFor('status_list'),
    })
    return { token, etag: `"${encodeBase64url(hash('sha256', token, 'buffer')).slice(0, 22)}"` }
  }

  return {
    async find(organisation, listId) {
      const at = now()
      // Before the entries: a change in between raises the version again, and the next request sees it.
      const list = await readListVersion(db, organisation.id, listId, at)
      if (!list) {
        kept.delete(listId)
        return undefined
      }
      const known = kept.get(listId)
      if (known && isFresh(known, list, at)) return known.signed
      const signed = sign(organisation, list, at)
      kept.set(listId, { version: list.version, signedAt: at, signed })
      signed.catch(() => kept.delete(listId))
      return signed
    },
  }
}
