import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { decodeBase64url, decodeUtf8, encodeBase64url, encodeUtf8 } from '@wegwijzer/protocol/jose'
import { invalidInput } from '@wegwijzer/server/problem'
import type { IssuerDatabase } from '../database.ts'
import type { CredentialState } from '../status/session.ts'

/** Where a page of the list ended. */
export interface ListPosition {
  readonly issuedAt: EpochSeconds
  readonly id: string
}

export interface ListedCredential {
  readonly id: string
  readonly credential_type: string
  readonly state: CredentialState
  readonly reason: string | null
  readonly issued_at: EpochSeconds
  readonly expires_at: EpochSeconds
}

export async function listCredentials(
  db: IssuerDatabase,
  organisation: string,
  { after, pageSize }: { readonly after: ListPosition | undefined; readonly pageSize: number },
): Promise<{ readonly rows: readonly ListedCredential[]; readonly nextCursor: string | undefined }> {
  let query = db
    .selectFrom('credential')
    .select(['id', 'credential_type', 'state', 'reason', 'issued_at', 'expires_at'])
    .where('organisation', '=', organisation)
  if (after) {
    query = query.where((row) => row(row.refTuple('issued_at', 'id'), '<', row.tuple(after.issuedAt, after.id)))
  }
  const rows = await query
    .orderBy('issued_at', 'desc')
    .orderBy('id', 'desc')
    .limit(pageSize + 1)
    .execute()
  const page = rows.slice(0, pageSize)
  const last = page.at(-1)
  return { rows: page, nextCursor: rows.length > pageSize && last ? makeCursor(last) : undefined }
}

export async function readCredentialType(
  db: IssuerDatabase,
  organisation: string,
  id: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('credential')
    .select('credential_type')
    .where('id', '=', id)
    .where('organisation', '=', organisation)
    .executeTakeFirst()
  return row?.credential_type
}

function makeCursor({ issued_at, id }: Pick<ListedCredential, 'issued_at' | 'id'>): string {
  return encodeBase64url(encodeUtf8(`${issued_at} ${id}`))
}

/** @throws {Problem} 400 for what is no cursor of ours. */
export function parseCursor(cursor: string): ListPosition {
  const [, issuedAt, id] = /^(\d{1,12}) ([0-9a-f-]{36})$/.exec(decodeCursor(cursor)) ?? []
  if (issuedAt === undefined || id === undefined) {
    throw invalidInput([{ in: 'query', pointer: '/cursor', detail: 'is not a cursor that was given out' }])
  }
  return { issuedAt: Number(issuedAt), id }
}

function decodeCursor(cursor: string): string {
  try {
    return decodeUtf8(decodeBase64url(cursor))
  } catch {
    return ''
  }
}
