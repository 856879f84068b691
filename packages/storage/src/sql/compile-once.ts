import type { Compilable, CompiledQuery, Expression, Kysely } from 'kysely'
import { sql } from 'kysely'

/** Stands for a value that is given when the statement runs. */
export type Placeholder<Values> = <Name extends keyof Values & string>(name: Name) => Expression<Values[Name]>

/**
 * A statement for where it runs at every request: the query builder builds and compiles it once for a kind of database, which
 * costs more than running it, and after that only its values differ. Its shape must not depend on them.
 *
 * @param build Called with the first database of a kind; it must keep nothing of it.
 * @returns What runs it, in a transaction or outside, and gives its rows.
 */
export function compileOnce<Tables, Values extends Readonly<Record<string, unknown>>, Row>(
  build: (db: Kysely<Tables>, value: Placeholder<Values>) => Compilable<Row>,
): (db: Kysely<Tables>, values: Values) => Promise<readonly Row[]> {
  const known = new WeakMap<object, Compiled<Values, Row>>()

  function compile(db: Kysely<Tables>): Compiled<Values, Row> {
    const names = new Map<unknown, keyof Values>()
    const query = build(db, (name) => {
      const stand = { name }
      names.set(stand, name)
      return sql`${stand}`
    }).compile()
    return { query, names }
  }

  return async (db, values) => {
    // Every database of a kind has an adapter that compiles alike.
    const kind = db.getExecutor().adapter
    const { query, names } = known.get(kind) ?? compile(db)
    known.set(kind, { query, names })
    const parameters = query.parameters.map((parameter) => {
      const name = names.get(parameter)
      return name === undefined ? parameter : values[name]
    })
    const { rows } = await db.executeQuery<Row>({ ...query, parameters })
    return rows
  }
}

interface Compiled<Values, Row> {
  readonly query: CompiledQuery<Row>
  readonly names: ReadonlyMap<unknown, keyof Values>
}
