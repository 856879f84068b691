import { DatabaseError } from 'pg'
import { StorageUnavailableError, type UnavailableReason } from '../storage-unavailable.ts'

/** SQLSTATE codes, or their classes, that say something of the moment or the machine and nothing of the statement. */
const UNAVAILABLE: Readonly<Record<string, UnavailableReason>> = {
  // connection_exception
  '08': 'failing',
  // read_only_sql_transaction: after a fail-over the server may still be a copy.
  '25006': 'failing',
  // idle_in_transaction_session_timeout
  '25P03': 'failing',
  // serialization_failure, deadlock_detected
  '40001': 'busy',
  '40P01': 'busy',
  '53000': 'failing',
  // disk_full
  '53100': 'full',
  // out_of_memory
  '53200': 'failing',
  // too_many_connections, configuration_limit_exceeded
  '53300': 'busy',
  '53400': 'busy',
  // lock_not_available, query_canceled (statement_timeout)
  '55P03': 'busy',
  '57014': 'busy',
  // admin_shutdown, crash_shutdown, cannot_connect_now, database_dropped, idle_session_timeout
  '57P01': 'failing',
  '57P02': 'failing',
  '57P03': 'failing',
  '57P04': 'failing',
  '57P05': 'failing',
  // system_error, and data that the disk has spoilt
  '58': 'failing',
  XX: 'failing',
}

/** data_exception and integrity_constraint_violation: PostgreSQL quotes the value or the row. */
const QUOTES_VALUES = /^2[23]/

/**
 * What a statement or a connection threw, as stores may see it: an outage becomes a `StorageUnavailableError`, and what
 * quotes a value loses all but the names in it. A mistake in SQL stays what it is.
 *
 * pg gives a server's answer as a `DatabaseError`, and throws JavaScript's own errors for what it cannot convert; all else
 * it throws is about the connection.
 */
export function asStorageError(error: unknown): unknown {
  if (error instanceof TypeError || error instanceof RangeError) return error
  if (!(error instanceof DatabaseError)) return new StorageUnavailableError('failing', { cause: error })
  const { code = '', constraint, column } = error
  const reason = UNAVAILABLE[code] ?? UNAVAILABLE[code.slice(0, 2)]
  if (reason !== undefined) return new StorageUnavailableError(reason, { cause: error })
  if (!QUOTES_VALUES.test(code)) return error
  return new Error(['PostgreSQL refused a value:', code, constraint ?? column ?? ''].join(' ').trim())
}

/** The statement met another one and was undone whole: alone in its transaction, it may simply run again. */
export function mayRunAgain(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === '40001' || error.code === '40P01')
}
