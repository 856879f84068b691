import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const DEVELOPMENT = { WEGWIJZER_ENV: 'development' }

function mistakesOf(env: Record<string, string>, programs = ['issuer', 'wallet'] as const): readonly string[] {
  try {
    readConfig(env, programs)
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes
    throw error
  }
  return []
}

test('development needs nothing', () => {
  expect(readConfig(DEVELOPMENT, ['wallet', 'issuer', 'verifier'])).toEqual({
    environment: 'development',
    host: '127.0.0.1',
    dataDir: `${process.cwd()}/data`,
    databaseUrl: undefined,
    masterKeyFile: `${process.cwd()}/data/master.key`,
    internalPort: undefined,
    tls: undefined,
    outboundCaFile: undefined,
    trustListUrl: 'http://localhost:4000/trust-list.jwt',
    trustListAnchorFile: `${process.cwd()}/data/trust-list-anchor.pem`,
    trustedProxies: [],
    requestsPerMinute: 30_000,
    apiRequestsPerMinute: 6000,
    addresses: {
      wallet: { port: 4000, url: 'http://localhost:4000' },
      issuer: { port: 4100, url: 'http://localhost:4100' },
      verifier: { port: 4200, url: 'http://localhost:4200' },
    },
  })
})

test('every variable is read', () => {
  const config = readConfig(
    {
      WEGWIJZER_ENV: 'production',
      HOST: '::',
      DATA_DIR: '/var/lib/wegwijzer',
      DATABASE_URL: 'postgres://user:secret@db/wegwijzer',
      MASTER_KEY_FILE: '/run/secrets/master',
      ISSUER_PORT: '8080',
      ISSUER_URL: 'https://issuer.example/path',
      INTERNAL_PORT: '9000',
      TLS_CERTIFICATE_FILE: '/etc/tls/chain.pem',
      TLS_KEY_FILE: '/etc/tls/key.pem',
      TRUST_LIST_URL: 'https://trust.example/list.jwt',
      TRUST_LIST_ANCHOR: '/etc/anchor.pem',
      TRUSTED_PROXIES: '10.0.0.0/8,::1',
      REQUESTS_PER_MINUTE: '0',
      API_REQUESTS_PER_MINUTE: '0',
    },
    ['issuer'],
  )
  expect(config).toEqual({
    environment: 'production',
    host: '::',
    dataDir: '/var/lib/wegwijzer',
    databaseUrl: 'postgres://user:secret@db/wegwijzer',
    masterKeyFile: '/run/secrets/master',
    internalPort: 9000,
    tls: { certificateFile: '/etc/tls/chain.pem', keyFile: '/etc/tls/key.pem' },
    outboundCaFile: undefined,
    trustListUrl: 'https://trust.example/list.jwt',
    trustListAnchorFile: '/etc/anchor.pem',
    trustedProxies: ['10.0.0.0/8', '::1'],
    requestsPerMinute: 0,
    apiRequestsPerMinute: 0,
    addresses: { issuer: { port: 8080, url: 'https://issuer.example/path' } },
  })
})

test('a changed port changes the default URL, and a variable set to nothing is absent', () => {
  const { addresses } = readConfig({ ...DEVELOPMENT, ISSUER_PORT: '5000', ISSUER_URL: '' }, ['issuer'])
  expect(addresses.issuer).toEqual({ port: 5000, url: 'http://localhost:5000' })
})

describe('with TLS', () => {
  const TLS = { TLS_CERTIFICATE_FILE: '/etc/tls/chain.pem', TLS_KEY_FILE: '/etc/tls/key.pem' }

  test('addresses of this machine are https:, in development', () => {
    const { addresses, trustListUrl } = readConfig({ ...DEVELOPMENT, ...TLS }, ['issuer', 'wallet'])
    expect(addresses.issuer.url).toBe('https://localhost:4100')
    expect(trustListUrl).toBe('https://localhost:4000/trust-list.jwt')
  })

  test('an address that was forgotten is none, in production', () => {
    expect(mistakesOf(TLS)).toEqual([
      'ISSUER_URL must be an https: URL in production',
      'WALLET_URL must be an https: URL in production',
    ])
  })

  test('an address that is http: is a mistake', () => {
    expect(mistakesOf({ ...DEVELOPMENT, ...TLS, ISSUER_URL: 'http://localhost:4100' })).toEqual([
      'ISSUER_URL must be an https: URL where TLS_CERTIFICATE_FILE is set',
    ])
  })

  test.each([['TLS_CERTIFICATE_FILE'], ['TLS_KEY_FILE']])('%s alone is a mistake', (name) => {
    expect(mistakesOf({ ...DEVELOPMENT, [name]: '/etc/tls/file.pem' })).toEqual([
      'TLS_CERTIFICATE_FILE and TLS_KEY_FILE go together',
    ])
  })

  test('another authority may be believed in development only', () => {
    const own = { OUTBOUND_CA_FILE: '/etc/tls/authority.pem' }
    expect(readConfig({ ...DEVELOPMENT, ...own }, ['issuer']).outboundCaFile).toBe('/etc/tls/authority.pem')
    const mistakes = mistakesOf({ WALLET_URL: 'https://w.example', ISSUER_URL: 'https://i.example', ...own })
    expect(mistakes).toEqual([expect.stringMatching(/^OUTBOUND_CA_FILE must not be set in production/)])
  })
})

describe('production', () => {
  test('is what it is without WEGWIJZER_ENV, and refuses http: identifiers', () => {
    expect(mistakesOf({})).toEqual([
      'ISSUER_URL must be an https: URL in production',
      'WALLET_URL must be an https: URL in production',
    ])
  })

  test('asks only for the addresses that are needed', () => {
    expect(mistakesOf({ WALLET_URL: 'https://w.example', ISSUER_URL: 'https://i.example' })).toEqual([])
  })

  test('asks for the address of the wallet host for the trust list only, unless that has its own', () => {
    const issuer = { ISSUER_URL: 'https://i.example' }
    expect(() => readConfig(issuer, ['issuer'])).toThrow('WALLET_URL')
    const own = readConfig({ ...issuer, TRUST_LIST_URL: 'https://t.example/l.jwt' }, ['issuer'])
    expect(own.trustListUrl).toBe('https://t.example/l.jwt')
    expect(() => readConfig({ ...issuer, TRUST_LIST_URL: 'http://t.example/l.jwt' }, ['issuer'])).toThrow(
      'TRUST_LIST_URL',
    )
  })
})

describe('a mistake is named by its variable, without the value', () => {
  test.each([
    ['WEGWIJZER_ENV', 'test'],
    ['ISSUER_PORT', '0'],
    ['ISSUER_PORT', '65536'],
    ['ISSUER_PORT', '80a'],
    ['ISSUER_PORT', '08'],
    ['INTERNAL_PORT', '-1'],
    ['ISSUER_URL', 'nonsense'],
    ['ISSUER_URL', 'ftp://host.example'],
    ['ISSUER_URL', 'http://host.example/'],
    ['ISSUER_URL', 'http://host.example/path/'],
    ['ISSUER_URL', 'http://host.example/?a=1'],
    ['ISSUER_URL', 'http://host.example/#a'],
    ['ISSUER_URL', 'http://user:pass@host.example'],
    ['ISSUER_URL', 'http://HOST.example'],
    ['ISSUER_URL', 'http://host.example:80'],
    ['ISSUER_URL', 'http://host.example/a/../b'],
    ['HOST', 'host.example'],
    ['DATABASE_URL', 'mysql://user:secret@db/x'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', 'proxy.example'],
    ['REQUESTS_PER_MINUTE', '-5'],
    ['API_REQUESTS_PER_MINUTE', 'many'],
  ])('%s=%s', (name, value) => {
    const mistakes = mistakesOf({ ...DEVELOPMENT, [name]: value, ...(name === 'WEGWIJZER_ENV' && HTTPS) })
    expect(mistakes).toHaveLength(1)
    expect(mistakes[0]).toMatch(new RegExp(`^${name} must`))
    expect(mistakes[0]).not.toContain('secret')
  })

  test('all at once', () => {
    expect(mistakesOf({ ...DEVELOPMENT, ISSUER_PORT: 'x', WALLET_URL: 'y', HOST: 'z' })).toHaveLength(3)
  })

  test('two programs on one port', () => {
    expect(mistakesOf({ ...DEVELOPMENT, ISSUER_PORT: '4000' })).toEqual([
      'INTERNAL_PORT and the *_PORT must differ from each other',
    ])
    expect(mistakesOf({ ...DEVELOPMENT, INTERNAL_PORT: '4100' })).toHaveLength(1)
  })
})

const HTTPS = { ISSUER_URL: 'https://i.example', WALLET_URL: 'https://w.example' }
