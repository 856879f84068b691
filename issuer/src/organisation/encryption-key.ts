import { randomUUID } from 'node:crypto'
import { type MasterKey, unwrapKey, wrapKey } from '@wegwijzer/keys/key-store'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import {
  type DecryptionKey,
  decodeUtf8,
  type EncryptionJwk,
  encodeUtf8,
  importDecryptionKey,
  makeEncryptionKey,
  parsePublicJwk,
} from '@wegwijzer/protocol/jose'
import { isJsonObject, parseJsonObject } from '@wegwijzer/protocol/json'
import type { EventFields } from '@wegwijzer/server'
import type { IssuerDatabase } from '../database.ts'

/** What the key of an organisation is for that wallets encrypt Credential Requests to; it has no certificate. */
export const ENCRYPTION_KEY_PURPOSE = 'credential_request_encryption'

/** A key that wallets may have encrypted to. */
export interface RequestEncryptionKey {
  readonly publicJwk: EncryptionJwk
  readonly decryption: DecryptionKey
  /** Whether it stands in the metadata: a new one is known to every instance before any wallet sees it. */
  readonly isPublished: boolean
}

const SECONDS_PER_DAY = 86_400
const KEY_SECONDS = 365 * SECONDS_PER_DAY
/** A key gets a successor this long before its end. */
const SUCCESSION_SECONDS = 180 * SECONDS_PER_DAY
/** Longer than an instance keeps an organisation in memory. */
const UNPUBLISHED_SECONDS = 60
const ROTATION_INTERVAL_MS = 3_600_000

/**
 * Makes sure that an organisation has a key for encrypted requests which lasts for another half year. The earlier one is
 * published and read until its end, so that no request that is on its way is lost.
 */
export async function ensureEncryptionKey(
  db: IssuerDatabase,
  { organisation, masterKey }: { readonly organisation: string; readonly masterKey: MasterKey },
  now: EpochSeconds,
): Promise<void> {
  const [newest] = await readRows(db, organisation, now)
  if (newest && newest.not_after > now + SUCCESSION_SECONDS) return
  const { privateJwk } = await makeEncryptionKey()
  const context = { organisation, purpose: ENCRYPTION_KEY_PURPOSE }
  await db
    .insertInto('signing_key')
    .values({
      id: randomUUID(),
      ...context,
      wrapped: wrapKey(masterKey, encodeUtf8(JSON.stringify(privateJwk)), context),
      certificate_chain: '[]',
      not_before: newest ? now + UNPUBLISHED_SECONDS : 0,
      not_after: now + KEY_SECONDS,
      created_at: now,
    })
    .execute()
}

/** Every key that a request may still be encrypted to, the newest first. */
export async function readEncryptionKeys(
  db: IssuerDatabase,
  { organisation, masterKey }: { readonly organisation: string; readonly masterKey: MasterKey },
  now: EpochSeconds,
): Promise<readonly RequestEncryptionKey[]> {
  const context = { organisation, purpose: ENCRYPTION_KEY_PURPOSE }
  const rows = await readRows(db, organisation, now)
  return Promise.all(
    rows.map(async ({ wrapped, not_before }) => {
      const { publicJwk, decryption } = await openKey(unwrapKey(masterKey, wrapped, context))
      return { publicJwk, decryption, isPublished: not_before <= now }
    }),
  )
}

function readRows(db: IssuerDatabase, organisation: string, now: EpochSeconds) {
  return db
    .selectFrom('signing_key')
    .select(['wrapped', 'not_before', 'not_after'])
    .where('organisation', '=', organisation)
    .where('purpose', '=', ENCRYPTION_KEY_PURPOSE)
    .where('not_after', '>=', now)
    .orderBy('not_before', 'desc')
    .orderBy('id')
    .execute()
}

async function openKey(octets: Uint8Array): Promise<Omit<RequestEncryptionKey, 'isPublished'>> {
  const jwk: unknown = parseJsonObject(decodeUtf8(octets))
  if (!isJsonObject(jwk) || typeof jwk.kid !== 'string' || typeof jwk.d !== 'string') {
    throw new Error('a stored encryption key is not a key')
  }
  const { kid, d, ...point } = jwk
  const publicJwk = parsePublicJwk(point)
  const decryption = await importDecryptionKey({ ...publicJwk, kid, d })
  return { publicJwk: { ...publicJwk, kid, alg: 'ECDH-ES', use: 'enc' }, decryption }
}

/** Gives every organisation that has none, or whose key ends within half a year, a new one. */
export async function rotateEncryptionKeys(db: IssuerDatabase, masterKey: MasterKey, now: EpochSeconds): Promise<void> {
  const wanting = await db
    .selectFrom('organisation')
    .select('id')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('signing_key')
            .select('signing_key.id')
            .whereRef('signing_key.organisation', '=', 'organisation.id')
            .where('purpose', '=', ENCRYPTION_KEY_PURPOSE)
            .where('not_after', '>', now + SUCCESSION_SECONDS),
        ),
      ),
    )
    .execute()
  for (const { id: organisation } of wanting) await ensureEncryptionKey(db, { organisation, masterKey }, now)
}

/** Rotates now, which is waited for, and every hour. @returns Stops it. */
export async function startKeyRotation({
  db,
  masterKey,
  now,
  logEvent,
}: {
  readonly db: IssuerDatabase
  readonly masterKey: MasterKey
  readonly now: () => EpochSeconds
  readonly logEvent: (event: string, fields?: EventFields) => void
}): Promise<() => Promise<void>> {
  await rotateEncryptionKeys(db, masterKey, now())
  let running: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    running = running.then(() =>
      // The next hour tries again: there is half a year left.
      rotateEncryptionKeys(db, masterKey, now()).catch(() => logEvent('key_rotation.failed')),
    )
  }, ROTATION_INTERVAL_MS).unref()
  return async () => {
    clearInterval(timer)
    await running
  }
}
