import { createServer } from 'node:net'
import { readConfig } from '@wegwijzer/server/config'
import { expect, test } from 'vitest'
import { findFreePorts } from '../../tests/support/free-ports.ts'
import { apiUrlOf, findUnusablePort } from './addresses.ts'

function configWith(env: Readonly<Record<string, string>>) {
  return readConfig({ WEGWIJZER_ENV: 'development', ...env }, ['wallet', 'issuer', 'verifier'])
}

test('the organisation API is at the public address, unless it has a port of its own', () => {
  const issuerUrl = { ISSUER_URL: 'https://issuer.example/path' }
  expect(apiUrlOf(configWith(issuerUrl), 'issuer')).toBe('https://issuer.example/path')
  const config = configWith({ ...issuerUrl, INTERNAL_PORT: '4900', HOST: '::1' })
  expect([apiUrlOf(config, 'issuer'), apiUrlOf(config, 'verifier')]).toEqual(['http://[::1]:4900', 'http://[::1]:4901'])
})

/** Four ports that nobody has, and nobody the one after the last, which the verifier would take. */
async function findFreeConfig(): Promise<ReturnType<typeof configWith>> {
  const [wallet, issuer, verifier, internal] = await findFreePorts(4)
  const config = configWith({
    WALLET_PORT: `${wallet}`,
    ISSUER_PORT: `${issuer}`,
    VERIFIER_PORT: `${verifier}`,
    INTERNAL_PORT: `${internal}`,
  })
  return (await findUnusablePort(config)) === undefined ? config : findFreeConfig()
}

test('a port that somebody has is named, with its variable', async () => {
  const config = await findFreeConfig()
  const { internalPort } = config
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(internalPort, '127.0.0.1', resolve))
  try {
    expect(await findUnusablePort(config)).toContain(`Port ${internalPort} (INTERNAL_PORT) is in use`)
  } finally {
    other.close()
  }
})
