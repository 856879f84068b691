import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'

/** The connections of a driver that somebody has, as the driver knows them. */
export interface Sessions<S extends DatabaseConnection> {
  /** Counts who is on the way to one, too. */
  open(make: () => S | Promise<S>): Promise<S>
  /** @throws {Error} when it was released, or is of another database. */
  of(connection: DatabaseConnection): S
  close(connection: DatabaseConnection): void
  /** Resolves when nobody has one. Kysely lets nobody new in by the time a driver asks. */
  whenNoneIsOpen(): Promise<void>
}

export function makeSessions<S extends DatabaseConnection>(): Sessions<S> {
  const sessions = new Map<DatabaseConnection, S>()
  let opening = 0
  let tell: (() => void) | undefined

  function tellWhenNone(): void {
    if (sessions.size === 0 && opening === 0) tell?.()
  }

  return {
    async open(make) {
      opening++
      try {
        const session = await make()
        sessions.set(session, session)
        return session
      } finally {
        opening--
        tellWhenNone()
      }
    },
    of(connection) {
      const session = sessions.get(connection)
      if (!session) throw new Error('the connection was released, or is of another database')
      return session
    },
    close(connection) {
      sessions.delete(connection)
      tellWhenNone()
    },
    async whenNoneIsOpen() {
      if (sessions.size > 0 || opening > 0) await new Promise<void>((resolve) => (tell = resolve))
    },
  }
}

/** An open cursor would keep the connection from everyone else, so the rows are read at once. */
export async function* streamAtOnce<Row>(
  connection: Pick<DatabaseConnection, 'executeQuery'>,
  query: CompiledQuery,
  chunkSize: number,
): AsyncIterableIterator<QueryResult<Row>> {
  const { rows } = await connection.executeQuery<Row>(query)
  for (let at = 0; at < rows.length; at += chunkSize) yield { rows: rows.slice(at, at + chunkSize) }
}
