import { openIssuerDatabase } from '@wegwijzer/issuer'
import { type Database, sql } from '@wegwijzer/storage/sql'
import { openVerifierDatabase } from '@wegwijzer/verifier'
import type { Installation } from './installation.ts'

/** Sessions that are over and still kept: an issuer's offers with their credentials, a verifier's presentations. */
export async function storeSessions({ config }: Pick<Installation, 'config'>, count: number): Promise<void> {
  const isPostgres = config.databaseUrl !== undefined
  const issuer = await openIssuerDatabase(config)
  try {
    await storeIssuances(issuer, count, isPostgres)
  } finally {
    await issuer.destroy()
  }
  const verifier = await openVerifierDatabase(config)
  try {
    await storePresentations(verifier, count, isPostgres)
  } finally {
    await verifier.destroy()
  }
}

/** Rows of one statement, which takes less than the longest that one may take. */
const BLOCK = 20_000
const YEAR_SECONDS = 31_536_000

type Fragment = ReturnType<typeof sql>

/** Inserts so many rows of the same kind. @param columns What stands in each; `random()` is another text in every place. */
async function insertMany<Tables>(
  db: Database<Tables>,
  table: keyof Tables & string,
  count: number,
  columns: Readonly<Record<string, Fragment | string | number>>,
): Promise<void> {
  const names = sql.join(Object.keys(columns).map((name) => sql.ref(name)))
  const values = sql.join(Object.values(columns).map((value) => (typeof value === 'object' ? value : sql.lit(value))))
  for (let from = 0; from < count; from += BLOCK) {
    const to = Math.min(count, from + BLOCK)
    const numbers = sql`n(i) as (select ${sql.lit(from)} union all select i + 1 from n where i + 1 < ${sql.lit(to)})`
    await sql`insert into ${sql.table(table)} (${names}) with recursive ${numbers} select ${values} from n`.execute(db)
  }
}

/** 32 characters, so that an index gets them as it does in use: anywhere. */
function random(isPostgres: boolean): Fragment {
  return isPostgres ? sql`md5(random()::text || n.i::text)` : sql`lower(hex(randomblob(16)))`
}

async function storeIssuances(
  db: Awaited<ReturnType<typeof openIssuerDatabase>>,
  count: number,
  isPostgres: boolean,
): Promise<void> {
  const text = random(isPostgres)
  const now = Math.floor(Date.now() / 1000)
  const kind = { organisation: 'roc-midden-nederland', credential_type: 'diploma' }
  await insertMany(db, 'offer', count, {
    ...kind,
    id: text,
    reference_hash: text,
    code_hash: text,
    tx_code_tries: 0,
    state: 'collected',
    credential_id: text,
    created_at: now,
    expires_at: now + YEAR_SECONDS,
    forget_at: now + YEAR_SECONDS,
    grant_state: 'accepted',
    batch: 1,
    notification_id: text,
    proofs: sql`${text} || ${text}`,
  })
  await insertMany(db, 'credential', count, {
    ...kind,
    id: text,
    state: 'valid',
    issued_at: now,
    expires_at: now + YEAR_SECONDS,
  })
  await insertMany(db, 'credential_copy', count, {
    credential_id: text,
    batch: 1,
    key_thumbprint: text,
    organisation: kind.organisation,
    list_id: 'full',
    list_index: sql`n.i`,
    status: 0,
    nonce_hash: text,
    expires_at: now + YEAR_SECONDS,
  })
}

async function storePresentations(
  db: Awaited<ReturnType<typeof openVerifierDatabase>>,
  count: number,
  isPostgres: boolean,
): Promise<void> {
  const text = random(isPostgres)
  const now = Math.floor(Date.now() / 1000)
  await insertMany(db, 'presentation', count, {
    id: text,
    organisation: 'grand-contex',
    policy: 'werkgever-diploma',
    policy_version: 1,
    flow: 'cross_device',
    status: 'expired',
    revision: 3,
    handle: text,
    details: '{}',
    created_at: now,
    expires_at: now,
    forget_at: now + YEAR_SECONDS,
  })
}
