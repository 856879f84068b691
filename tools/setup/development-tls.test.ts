import { createPrivateKey, createSecretKey, randomBytes, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { generateNodeKey, nodeCrypto } from '@wegwijzer/keys/node'
import { decodePem, encodePem, makeLeafCertificate, parseCertificate } from '@wegwijzer/keys/x509'
import { type Config, developmentTlsFiles, readConfig } from '@wegwijzer/server/config'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hasDevelopmentTls, prepareDevelopmentTls } from './development-tls.ts'
import { openStoredIdentity } from './stored-identity.ts'

const NOW = Math.floor(Date.now() / 1000)
const DAY = 86_400
const masterKey = createSecretKey(randomBytes(32))

let dataDir: string

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'wegwijzer-tls-'))
})

afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

function configWith(env: Readonly<Record<string, string>> = {}): Config {
  const { certificateFile, keyFile } = developmentTlsFiles(dataDir)
  const tlsFiles = { TLS_CERTIFICATE_FILE: certificateFile, TLS_KEY_FILE: keyFile }
  return readConfig({ WEGWIJZER_ENV: 'development', DATA_DIR: dataDir, ...tlsFiles, ...env }, [
    'wallet',
    'issuer',
    'verifier',
  ])
}

const prepare = (config = configWith(), now = NOW) => prepareDevelopmentTls({ dataDir, masterKey }, config, now)
const read = (name: string) => readFileSync(join(dataDir, 'tls', name), 'utf8')
const certificate = () => new X509Certificate(read('certificate.pem'))

test('is for this machine, the address that is bound and the public hosts', async () => {
  await prepare(configWith({ HOST: '10.1.2.3', ISSUER_URL: 'https://issuer.test' }))
  for (const host of ['localhost', 'issuer.test']) expect(certificate().checkHost(host)).toBe(host)
  for (const address of ['127.0.0.1', '::1', '10.1.2.3']) expect(certificate().checkIP(address)).toBe(address)
  expect(certificate().checkHost('elsewhere.test')).toBeUndefined()
  for (const name of ['key.pem', 'authority.key']) expect(statSync(join(dataDir, 'tls', name)).mode & 0o777).toBe(0o600)
})

test('is kept, until a month before its end or until there is another host', async () => {
  await prepare()
  const [authority, first] = [read('authority.pem'), read('certificate.pem')]
  await prepare(configWith(), NOW + 300 * DAY)
  expect(read('certificate.pem')).toBe(first)
  await prepare(configWith(), NOW + 340 * DAY)
  expect(read('certificate.pem')).not.toBe(first)
  expect(certificate().validToDate.getTime() / 1000).toBeGreaterThan(NOW + 700 * DAY)
  await prepare(configWith({ HOST: '10.1.2.3' }), NOW + 340 * DAY)
  expect(certificate().checkIP('10.1.2.3')).toBe('10.1.2.3')
  expect(read('authority.pem')).toBe(authority)
})

test('a key that was lost is made again, with its certificate', async () => {
  await prepare()
  rmSync(join(dataDir, 'tls', 'key.pem'))
  await prepare()
  expect(certificate().checkPrivateKey(createPrivateKey(read('key.pem')))).toBe(true)
})

test('a certificate from elsewhere is not ours to make', () => {
  const own = configWith({ TLS_CERTIFICATE_FILE: '/etc/tls/chain.pem', TLS_KEY_FILE: '/etc/tls/key.pem' })
  expect([hasDevelopmentTls(configWith()), hasDevelopmentTls(own)]).toEqual([true, false])
})

describe('whoever believes the authority believes it', () => {
  test.each([
    ['for this machine', 'localhost', undefined],
    ['for no other name', 'bank.example', /permitted subtree/],
  ])('%s', async (_name, host, refusal) => {
    await prepare()
    const { signer } = await openStoredIdentity(
      { dataDir, masterKey },
      { directory: 'tls', purpose: 'authority', makeCertificate: () => Promise.reject(new Error('it is there')) },
    )
    const [der] = decodePem('CERTIFICATE', read('authority.pem'))
    const { signer: leafSigner, pkcs8 } = generateNodeKey()
    const leaf = await makeLeafCertificate({
      ca: { certificate: parseCertificate(der), signer },
      subject: { commonName: 'Somebody' },
      publicJwk: leafSigner.publicJwk,
      sanDnsNames: [host],
      isForTlsServer: true,
      notBefore: NOW - DAY,
      notAfter: NOW + DAY,
      crypto: nodeCrypto,
    })
    const outcome = shakeHands(
      { cert: encodePem('CERTIFICATE', leaf.der), key: encodePem('PRIVATE KEY', pkcs8) },
      { ca: read('authority.pem'), servername: host },
    )
    if (refusal === undefined) await outcome
    else await expect(outcome).rejects.toThrow(refusal)
  })
})

async function shakeHands(shown: tls.TlsOptions, believed: tls.ConnectionOptions): Promise<void> {
  const server = tls.createServer(shown, (socket) => socket.end())
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  try {
    await new Promise<void>((resolve, reject) => {
      const socket = tls.connect({ ...believed, port, host: '127.0.0.1' }, () => {
        socket.destroy()
        resolve()
      })
      socket.once('error', reject)
    })
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}
