import { type DatabaseIntrospector, type Kysely, sql, type TableMetadata } from 'kysely'

interface ColumnRow {
  readonly table_name: string
  readonly table_type: string
  readonly column_name: string
  readonly data_type: string
  readonly is_nullable: string
  readonly column_default: string | null
}

/** Kysely's own tables, which it asks for when it migrates. */
const INTERNAL = /^kysely_/

/** Sees the tables of one schema only: another program's tables, and its migrations, stand in the next one. */
export function makePostgresIntrospector(db: Kysely<unknown>, schema: string): DatabaseIntrospector {
  return {
    async getSchemas() {
      const { rows } = await sql<{ name: string }>`select nspname as name from pg_namespace`.execute(db)
      return rows
    },
    async getTables({ withInternalKyselyTables } = { withInternalKyselyTables: false }) {
      const { rows } = await sql<ColumnRow>`
        select table_name, table_type, column_name, data_type, is_nullable, column_default
        from information_schema.tables join information_schema.columns using (table_schema, table_name)
        where table_schema = ${schema}
        order by table_name, ordinal_position`.execute(db)
      const tables = Map.groupBy(rows, (row) => row.table_name)
      return [...tables]
        .filter(([name]) => withInternalKyselyTables || !INTERNAL.test(name))
        .map(([name, columns]) => toTable(schema, name, columns))
    },
  }
}

function toTable(schema: string, name: string, columns: readonly ColumnRow[]): TableMetadata {
  return {
    schema,
    name,
    isView: columns.every(({ table_type }) => table_type === 'VIEW'),
    isForeign: false,
    columns: columns.map((column) => ({
      name: column.column_name,
      dataType: column.data_type,
      isNullable: column.is_nullable === 'YES',
      hasDefaultValue: column.column_default !== null,
      isAutoIncrementing: column.column_default?.startsWith('nextval(') ?? false,
    })),
  }
}
