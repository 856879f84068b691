import { asStorageError, type SqliteConnection, translatingErrors } from '../sqlite/sqlite.ts'

/** Something that has run in the group and waits for its COMMIT. */
export interface Member {
  settle(): void
  fail(error: unknown): void
}

/**
 * Writes that share one COMMIT, and so one fsync: all of them are stored, or none.
 *
 * One group after the other on one connection; nobody else may open transactions there.
 */
export interface WriteGroup {
  readonly isOpen: boolean
  /** @throws {StorageUnavailableError} `busy` at once when another process is writing. */
  open(): void
  join(member: Member): void
  /** Settles every member when the COMMIT has returned, or fails every one of them. */
  commit(): void
  /** Undoes everything and fails every member. */
  lose(cause: unknown): void
  /** For after a statement that failed: `true` when SQLite has rolled back the whole group because of it. */
  wasRolledBack(): boolean
}

export function makeWriteGroup(connection: SqliteConnection): WriteGroup {
  const begin = connection.prepare('BEGIN IMMEDIATE')
  const commit = connection.prepare('COMMIT')
  let members: Member[] = []
  let isOpen = false

  function close(): readonly Member[] {
    const closed = members
    members = []
    isOpen = false
    return closed
  }

  function lose(cause: unknown): void {
    try {
      if (connection.inTransaction) connection.exec('ROLLBACK')
    } finally {
      const error = asStorageError(cause)
      for (const { fail } of close()) fail(error)
    }
  }

  return {
    get isOpen() {
      return isOpen
    },
    open() {
      translatingErrors(() => begin.run())
      isOpen = true
    },
    join: (member) => members.push(member),
    commit() {
      try {
        commit.run()
      } catch (error) {
        lose(error)
        return
      }
      for (const { settle } of close()) settle()
    },
    lose,
    wasRolledBack: () => !connection.inTransaction,
  }
}
