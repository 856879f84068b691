import { hash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { encodeBase64url } from '@wegwijzer/protocol/jose'
import { Problem } from '@wegwijzer/server/problem'
import { compileOnce, type Database, type Placeholder } from '@wegwijzer/storage/sql'
import type { FastifyRequest } from 'fastify'
import type { OrganisationTables } from './tables.ts'

/** Recognisable, so that a key that was published by mistake can be found by those who search for them. */
const PREFIX = 'ww_'
const KEY_BYTES = 32
const KEY_FORM = /^ww_[A-Za-z0-9_-]{43}$/

/** @returns A new API key of 256 bits; it exists nowhere else. */
export function makeApiKey(): string {
  return `${PREFIX}${encodeBase64url(randomBytes(KEY_BYTES))}`
}

/**
 * What is stored of a key. A plain SHA-256 is right here, where it would be wrong for a password: nobody can try 2^256 keys
 * however fast the hash, and a slow one would be paid at every request.
 */
function hashApiKey(apiKey: string): string {
  return encodeBase64url(hash('sha256', apiKey, 'buffer'))
}

/** Makes a key for an organisation. @returns The key, which cannot be read again, and the id under which it can be revoked. */
export async function insertApiKey(
  db: Database<OrganisationTables>,
  organisation: string,
  now: EpochSeconds,
): Promise<{ readonly id: string; readonly apiKey: string }> {
  const id = randomUUID()
  const apiKey = makeApiKey()
  await db
    .insertInto('api_key')
    .values({ id, organisation, hash: hashApiKey(apiKey), created_at: now, revoked_at: null })
    .execute()
  return { id, apiKey }
}

/** @returns `false` when the organisation has no such key, or revoked it before. */
export async function revokeApiKey(
  db: Database<OrganisationTables>,
  organisation: string,
  id: string,
  now: EpochSeconds,
): Promise<boolean> {
  const result = await db
    .updateTable('api_key')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('organisation', '=', organisation)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/**
 * Establishes that a request comes from a system of the organisation.
 *
 * An unknown organisation, a key of another one, a revoked key and no key at all get the same answer, so that nobody
 * learns here which organisations or keys exist. The key is looked up by its hash: how long that takes says something about
 * hashes, from which nobody comes nearer to a key.
 *
 * @param authorization The header, `Bearer <api key>`.
 * @returns The id of the key, for an audit.
 * @throws {Problem} 401
 */
export async function authenticateApiKey(
  db: Database<OrganisationTables>,
  organisation: string,
  authorization: string | undefined,
): Promise<string> {
  const [, apiKey = ''] = /^bearer (.+)$/i.exec(authorization ?? '') ?? []
  if (!KEY_FORM.test(apiKey)) throw unauthorized()
  const hashed = hashApiKey(apiKey)
  const [row] = await findByHash(db, { hash: hashed })
  if (!row || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hashed)) || row.organisation !== organisation) {
    throw unauthorized()
  }
  return row.id
}

const findByHash = compileOnce((db: Database<OrganisationTables>, value: Placeholder<{ hash: string }>) =>
  db
    .selectFrom('api_key')
    .select(['id', 'organisation', 'hash'])
    .where('hash', '=', value('hash'))
    .where('revoked_at', 'is', null),
)

/**
 * The hook that guards an organisation's routes: add it as `onRequest` to the plugin that has them, so that a stranger's
 * body is not even read.
 */
export function requireApiKey(db: Database<OrganisationTables>): (request: FastifyRequest) => Promise<void> {
  return async ({ params, headers }) => {
    const organisation =
      typeof params === 'object' && params !== null && 'organisation' in params ? params.organisation : undefined
    await authenticateApiKey(db, typeof organisation === 'string' ? organisation : '', headers.authorization)
  }
}

function unauthorized(): Problem {
  return new Problem(401, 'Send an API key of this organisation: Authorization: Bearer <api key>.', {
    headers: { 'www-authenticate': 'Bearer' },
  })
}
