import type { SqliteConnection } from '../sqlite/sqlite.ts'
import { StorageUnavailableError } from '../storage-unavailable.ts'
import { makeWriteGroup } from './write-group.ts'

export interface GroupCommitLimits {
  /** How long writes wait, without blocking the process, while another process writes to the same file. */
  readonly busyTimeoutMs: number
  /** How long a transaction may go without a statement before it is rolled back. */
  readonly idleTransactionMs: number
}

/** The one writer of a database file in this process. */
export interface GroupCommit {
  /** Runs one statement; its outcome, good or bad, is known after the COMMIT of its group. */
  write<T>(statement: () => T): Promise<T>
  /** Waits its turn and then has the writer to itself until it ends. */
  begin(): Promise<ExclusiveTransaction>
  /** Resolves when nothing is waiting, open or uncommitted. */
  drain(): Promise<void>
}

export interface ExclusiveTransaction {
  /** Runs one statement at once. One that throws dooms the transaction, as PostgreSQL has it. */
  run<T>(statement: () => T): T
  /** Resolves after the COMMIT of the group. */
  commit(): Promise<void>
  /** Undoes this transaction only; resolves after the COMMIT of the group, whose rows it may have seen. */
  rollback(): Promise<void>
}

/** Something that waits for the writer. */
interface Waiting {
  start(): void
  refuse(error: unknown): void
}

const BUSY_RETRY_MS = 10

/**
 * Shares one COMMIT, and so one fsync, among all writes of a turn of the event loop.
 *
 * The first write opens a group (`BEGIN IMMEDIATE`); writes of the same turn join it; `setImmediate` commits it. Nothing
 * that depends on a group's rows is told to its caller before that COMMIT: not a result, not an error, not the end of a
 * transaction that was rolled back. When the COMMIT fails, every member fails with it.
 *
 * A statement that fails undoes itself only. Where SQLite itself rolls back everything (a full disk, an I/O error), the
 * group fails as a whole. A constraint that is checked at COMMIT (`DEFERRABLE`) would make one member fail all others:
 * do not declare one.
 *
 * A transaction is a savepoint in the group, and others wait while it is open, also those who ran before it: keep network
 * and slow work out of it. One that awaits a write outside itself waits for ever; it is rolled back when it has been idle
 * for `idleTransactionMs`.
 */
export function makeGroupCommit(connection: SqliteConnection, limits: GroupCommitLimits): GroupCommit {
  const group = makeWriteGroup(connection)
  const savepoint = connection.prepare('SAVEPOINT exclusive_transaction')
  const rollbackTo = connection.prepare('ROLLBACK TO exclusive_transaction')
  const release = connection.prepare('RELEASE exclusive_transaction')
  const waiting: Waiting[] = []
  let isExclusive = false
  /** The turn of the event loop is over, and only an open transaction keeps the group from its COMMIT. */
  let isDue = false
  let busyTries = 0
  let isRetrying = false
  let whenIdle: (() => void)[] = []

  /** Commits if it is time, and starts what is waiting, in order. */
  function advance(): void {
    if (isDue && !isExclusive) {
      isDue = false
      if (group.isOpen) group.commit()
    }
    while (waiting.length > 0 && !isExclusive && (group.isOpen || openGroup())) waiting.shift()?.start()
    if (waiting.length > 0 || isExclusive || group.isOpen) return
    for (const resolve of whenIdle) resolve()
    whenIdle = []
  }

  function openGroup(): boolean {
    if (isRetrying) return false
    try {
      group.open()
    } catch (error) {
      waitForOthers(error)
      return false
    }
    busyTries = 0
    setImmediate(() => {
      isDue = group.isOpen
      advance()
    })
    return true
  }

  function waitForOthers(error: unknown): void {
    const isBusy = error instanceof StorageUnavailableError && error.reason === 'busy'
    if (isBusy && busyTries * BUSY_RETRY_MS < limits.busyTimeoutMs) {
      busyTries++
      isRetrying = true
      setTimeout(() => {
        isRetrying = false
        advance()
      }, BUSY_RETRY_MS)
    } else {
      busyTries = 0
      for (const { refuse } of waiting.splice(0)) refuse(error)
    }
  }

  function write<T>(statement: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      function start(): void {
        try {
          const value = statement()
          group.join({ settle: () => resolve(value), fail: reject })
        } catch (error) {
          group.join({ settle: () => reject(error), fail: reject })
          if (group.wasRolledBack()) group.lose(error)
        }
      }
      waiting.push({ start, refuse: reject })
      advance()
    })
  }

  function begin(): Promise<ExclusiveTransaction> {
    return new Promise((resolve, reject) => {
      waiting.push({ start: () => resolve(openTransaction()), refuse: reject })
      advance()
    })
  }

  function openTransaction(): ExclusiveTransaction {
    let isOpen = true
    /** Why the transaction takes no more statements. */
    let refusal: unknown
    const ended = Promise.withResolvers<void>()
    // Whoever ends the transaction is told; nobody need be listening when the group is lost before that.
    ended.promise.catch(() => {})
    const idle = setTimeout(() => {
      refusal = new Error('the transaction went without a statement for too long and was rolled back')
      end(rollbackTo)
    }, limits.idleTransactionMs)

    function close(): void {
      clearTimeout(idle)
      if (isOpen) isExclusive = false
      isOpen = false
    }

    /** A failing savepoint leaves nothing to trust: the group is lost, and the transaction with it. */
    function control(...statements: readonly { run(): unknown }[]): void {
      try {
        for (const statement of statements) statement.run()
      } catch (error) {
        group.lose(error)
      }
    }

    function end(...before: readonly { run(): unknown }[]): void {
      if (!isOpen) return
      close()
      control(...before, release)
      advance()
    }

    isExclusive = true
    group.join({
      settle: ended.resolve,
      fail(error) {
        close()
        refusal = error
        ended.reject(error)
      },
    })
    control(savepoint)

    return {
      run(statement) {
        if (refusal !== undefined) throw refusal
        if (!isOpen) throw new Error('the transaction has ended')
        try {
          return statement()
        } catch (error) {
          refusal = new Error('a statement of the transaction failed, so it can only be rolled back', { cause: error })
          if (group.wasRolledBack()) {
            group.lose(error)
            advance()
          }
          throw error
        } finally {
          if (isOpen) idle.refresh()
        }
      },
      async commit() {
        if (refusal !== undefined) throw refusal
        end()
        await ended.promise
      },
      async rollback() {
        end(rollbackTo)
        await ended.promise
      },
    }
  }

  return {
    write,
    begin,
    drain: () =>
      new Promise((resolve) => {
        whenIdle.push(resolve)
        advance()
      }),
  }
}
