import { type CustomTypesConfig, Pool, type PoolClient, types } from 'pg'

export { asStorageError, mayRunAgain } from './postgres-error.ts'

export type PostgresPool = Pool
export type PostgresClient = PoolClient

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, with libpq's parameters. */
  readonly url: string
  /** Where the tables are, and the only place where names are looked up. */
  readonly schema: string
  readonly maxConnections: number
  /** How long a caller waits for a connection, new or returned. */
  readonly connectTimeoutMs: number
  /** How long a statement may take, waiting for locks included. */
  readonly statementTimeoutMs: number
  /** How long a transaction may go without a statement before the server ends it, and its connection. */
  readonly idleTransactionMs: number
}

const IDLE_CONNECTION_MS = 30_000

/**
 * Makes a bounded pool of connections, each with the settings that stores are written for. Connects when it is first used.
 *
 * @throws {TypeError} when the schema's name is not plain.
 */
export function makePostgresPool(options: PostgresOptions): PostgresPool {
  const pool = new Pool({
    connectionString: withSettings(options),
    application_name: `wegwijzer ${options.schema}`,
    max: options.maxConnections,
    connectionTimeoutMillis: options.connectTimeoutMs,
    idleTimeoutMillis: IDLE_CONNECTION_MS,
    keepAlive: true,
    types: TYPES,
  })
  // A connection that breaks takes itself out of the pool; who is using it is told by its statement.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** As startup options, so that a connection has them from its first statement on and `RESET` returns to them. */
function withSettings({ url, schema, statementTimeoutMs, idleTransactionMs }: PostgresOptions): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(schema))
    throw new TypeError('the name of a schema has small letters, digits and _')
  const settings = [
    `search_path=${schema}`,
    'default_transaction_isolation=read\\ committed',
    `statement_timeout=${statementTimeoutMs}`,
    `idle_in_transaction_session_timeout=${idleTransactionMs}`,
  ]
  const connection = new URL(url)
  const given = connection.searchParams.get('options') ?? ''
  const all = [given, ...settings.map((setting) => `-c ${setting}`)].join(' ').trim()
  connection.searchParams.set('options', all)
  return connection.href
}

const INT8 = 20
const NUMERIC = 1700

/** `bigint` columns, counts (`bigint`) and sums (`numeric`) come as numbers, as SQLite gives them. */
const TYPES: CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    format !== 'binary' && (oid === INT8 || oid === NUMERIC) ? parseInteger : types.getTypeParser(oid, format),
}

function parseInteger(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number))
    throw new RangeError('a stored number is not an integer that a number holds exactly')
  return number
}
