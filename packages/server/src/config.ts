import { join, resolve } from 'node:path'
import { findUrlMistake, isAddressOrNetwork, isHost, isPostgresUrl } from './config-values.ts'
import type { TlsFiles } from './tls.ts'

export { addDevelopmentTls, type DevelopmentTlsFiles, developmentTlsFiles } from './development-tls.ts'
export type { TlsFiles } from './tls.ts'

/** The programs that have an address of their own. */
export type Program = 'wallet' | 'issuer' | 'verifier'

export interface ProgramAddress {
  readonly port: number
  /** Public base URL without a slash at its end; it alone decides what is written into metadata, offers and requests. */
  readonly url: string
}

/** The settings of a program, read from its environment. Paths are absolute. */
export interface Config<P extends Program = Program> {
  /** `production` refuses demo keys, demo trust roots and `http:` identifiers. */
  readonly environment: 'development' | 'production'
  readonly host: string
  readonly dataDir: string
  /** PostgreSQL instead of SQLite. */
  readonly databaseUrl: string | undefined
  readonly masterKeyFile: string
  readonly internalPort: number | undefined
  /** The program speaks TLS itself; absent, plain HTTP, as behind a proxy that does. */
  readonly tls: TlsFiles | undefined
  /** Development only: PEM of authorities whose servers are fetched from, beside those that Node trusts. */
  readonly outboundCaFile: string | undefined
  readonly trustListUrl: string
  readonly trustListAnchorFile: string
  /** Addresses or networks of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[]
  /** Per address, at the protocol endpoints; 0 is no limit. */
  readonly requestsPerMinute: number
  /** Per address, at the organisation API; 0 is no limit. */
  readonly apiRequestsPerMinute: number
  readonly addresses: Readonly<Record<P, ProgramAddress>>
}

/** The environment does not say what the program needs; the message lists every mistake, and no value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(`The settings have mistakes:\n${mistakes.map((mistake) => `- ${mistake}`).join('\n')}`)
    this.mistakes = mistakes
  }
}

const DEFAULT_PORTS: Readonly<Record<Program, number>> = { wallet: 4000, issuer: 4100, verifier: 4200 }
const DEFAULT_REQUESTS_PER_MINUTE = { development: 30_000, production: 1200 } as const
const DEFAULT_API_REQUESTS_PER_MINUTE = 6000

/**
 * Reads the environment strictly and says everything that is wrong with it at once. A variable that is set to nothing counts
 * as absent.
 *
 * Without `WEGWIJZER_ENV` it is production, so that forgetting it can only refuse too much; `npm start` sets `development`.
 *
 * @param programs Whose address the caller needs: its own, and of those it writes links to.
 * @throws {ConfigError}
 */
export function readConfig<P extends Program>(
  env: Readonly<Record<string, string | undefined>>,
  programs: readonly P[],
): Config<P> {
  const mistakes = new Set<string>()
  const read = (name: string) => env[name] || undefined
  /** Reads a text that must pass `findMistake`. What does not pass is reported; reading goes on to find the rest. */
  const readChecked = (name: string, fallback: string, findMistake: (text: string) => string | undefined): string => {
    const text = read(name) ?? fallback
    const mistake = findMistake(text)
    if (mistake !== undefined) mistakes.add(`${name} ${mistake}`)
    return text
  }
  const readNumber = (name: string, fallback: number, min: number, max: number): number => {
    const isNumber = (text: string) => /^(0|[1-9]\d{0,8})$/.test(text) && Number(text) >= min && Number(text) <= max
    const text = readChecked(name, String(fallback), (given) =>
      isNumber(given) ? undefined : `must be a number from ${min} to ${max}`,
    )
    return isNumber(text) ? Number(text) : fallback
  }
  const readPath = (name: string) => (read(name) === undefined ? undefined : resolve(read(name) ?? ''))
  const readPort = (name: string, fallback: number) => readNumber(name, fallback, 1, 65_535)

  const environment = read('WEGWIJZER_ENV') === 'development' ? 'development' : 'production'
  readChecked('WEGWIJZER_ENV', environment, (text) =>
    text === environment ? undefined : 'must be development or production',
  )
  const tls = readTlsFiles(read)
  if (tls === 'incomplete') mistakes.add('TLS_CERTIFICATE_FILE and TLS_KEY_FILE go together')
  const hasTls = read('TLS_CERTIFICATE_FILE') !== undefined
  // In production nobody's address is this machine, so a forgotten one must not pass for https.
  const scheme = hasTls && environment === 'development' ? 'https' : 'http'
  const readUrl = (name: string, fallback: string) =>
    readChecked(name, fallback, (text) => findUrlMistake(text, environment))
  const readAddress = (program: Program): ProgramAddress => {
    const name = program.toUpperCase()
    const port = readPort(`${name}_PORT`, DEFAULT_PORTS[program])
    const url = readUrl(`${name}_URL`, `${scheme}://localhost:${port}`)
    if (hasTls && environment === 'development' && url.startsWith('http:'))
      mistakes.add(`${name}_URL must be an https: URL where TLS_CERTIFICATE_FILE is set`)
    return { port, url }
  }

  const addresses: Partial<Record<Program, ProgramAddress>> = Object.fromEntries(
    programs.map((program) => [program, readAddress(program)]),
  )
  const internalPort = read('INTERNAL_PORT') === undefined ? undefined : readPort('INTERNAL_PORT', 0)
  const ports = [
    ...Object.values(addresses).map(({ port }) => port),
    ...(internalPort === undefined ? [] : [internalPort]),
  ]
  if (new Set(ports).size < ports.length) mistakes.add('INTERNAL_PORT and the *_PORT must differ from each other')

  const dataDir = resolve(read('DATA_DIR') ?? 'data')
  const config = {
    environment,
    host: readChecked('HOST', '127.0.0.1', (text) => (isHost(text) ? undefined : 'must be an IP address or localhost')),
    dataDir,
    databaseUrl: read('DATABASE_URL'),
    masterKeyFile: resolve(read('MASTER_KEY_FILE') ?? join(dataDir, 'master.key')),
    internalPort,
    tls: tls === 'incomplete' ? undefined : tls,
    outboundCaFile: readPath('OUTBOUND_CA_FILE'),
    trustListUrl: read('TRUST_LIST_URL')
      ? readUrl('TRUST_LIST_URL', '')
      : `${(addresses.wallet ?? readAddress('wallet')).url}/trust-list.jwt`,
    trustListAnchorFile: resolve(read('TRUST_LIST_ANCHOR') ?? join(dataDir, 'trust-list-anchor.pem')),
    trustedProxies: (read('TRUSTED_PROXIES') ?? '').split(',').filter((text) => text !== ''),
    requestsPerMinute: readNumber('REQUESTS_PER_MINUTE', DEFAULT_REQUESTS_PER_MINUTE[environment], 0, 1_000_000),
    apiRequestsPerMinute: readNumber('API_REQUESTS_PER_MINUTE', DEFAULT_API_REQUESTS_PER_MINUTE, 0, 1_000_000),
  } as const
  if (config.databaseUrl !== undefined && !isPostgresUrl(config.databaseUrl)) {
    mistakes.add('DATABASE_URL must be a postgres: URL')
  }
  if (environment === 'production' && config.outboundCaFile !== undefined) {
    mistakes.add('OUTBOUND_CA_FILE must not be set in production, which trusts the authorities that Node trusts')
  }
  if (!config.trustedProxies.every(isAddressOrNetwork)) {
    mistakes.add('TRUSTED_PROXIES must be IP addresses or networks such as 10.0.0.0/8, with commas between')
  }
  if (mistakes.size > 0 || !hasEach(addresses, programs)) throw new ConfigError([...mistakes])
  return { ...config, addresses }
}

function readTlsFiles(read: (name: string) => string | undefined): TlsFiles | 'incomplete' | undefined {
  const certificateFile = read('TLS_CERTIFICATE_FILE')
  const keyFile = read('TLS_KEY_FILE')
  if (certificateFile === undefined && keyFile === undefined) return undefined
  if (certificateFile === undefined || keyFile === undefined) return 'incomplete'
  return { certificateFile: resolve(certificateFile), keyFile: resolve(keyFile) }
}

function hasEach<P extends Program>(
  addresses: Partial<Record<Program, ProgramAddress>>,
  programs: readonly P[],
): addresses is Record<P, ProgramAddress> {
  return programs.every((program) => addresses[program] !== undefined)
}
