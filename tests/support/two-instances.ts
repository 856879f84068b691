import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, request as sendOn } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startIssuer } from '@wegwijzer/issuer'
import { decodePem } from '@wegwijzer/keys/x509'
import { type Config, readConfig } from '@wegwijzer/server/config'
import { startVerifier } from '@wegwijzer/verifier'
import { startWalletServer } from '@wegwijzer/wallet-server'
import { readDemoKeys } from '../../tools/setup/demo-keys.ts'
import { prepareDemo } from '../../tools/setup/demo-organisations.ts'
import { findFreePorts } from './free-ports.ts'

export type TwoInstances = Awaited<ReturnType<typeof startTwoInstances>>

/**
 * Two issuers and two verifiers on one database, each pair behind a proxy that gives every request to the other one than the
 * request before, whoever sends it. The proxies have the public addresses.
 *
 * @param now Epoch seconds; the clock stands still.
 */
export async function startTwoInstances(databaseUrl: string, now: number) {
  const dataDir = mkdtempSync(join(tmpdir(), 'wegwijzer-instances-'))
  const [walletPort, issuerPort, verifierPort] = await findFreePorts(3)
  const config = readConfig(
    {
      WEGWIJZER_ENV: 'development',
      DATA_DIR: dataDir,
      DATABASE_URL: databaseUrl,
      WALLET_PORT: String(walletPort),
      ISSUER_PORT: String(issuerPort),
      VERIFIER_PORT: String(verifierPort),
    },
    ['wallet', 'issuer', 'verifier'],
  )
  const { registrar } = await prepareDemo({ config, now })
  const logs: string[] = []
  const options = { now: () => now, logTo: { write: (line: string) => void logs.push(line) } }
  const wallet = await startWalletServer({ config, registrar, ...options })
  // All four at once, on a database that has been set up before: they migrate at the same time too.
  const start = (program: 'issuer' | 'verifier') =>
    (program === 'issuer' ? startIssuer : startVerifier)({ config: atAnyPort(config, program), ...options })
  const [issuers, verifiers] = await Promise.all([
    Promise.all([start('issuer'), start('issuer')]),
    Promise.all([start('verifier'), start('verifier')]),
  ])
  const proxies = [
    await startProxy(config.addresses.issuer.port, issuers),
    await startProxy(config.addresses.verifier.port, verifiers),
  ]
  const [anchor] = decodePem('CERTIFICATE', readFileSync(config.trustListAnchorFile, 'utf8'))
  const apiKeys = readDemoKeys(dataDir)

  return {
    issuerUrl: config.addresses.issuer.url,
    verifierUrl: config.addresses.verifier.url,
    trustList: { url: config.trustListUrl, anchor },
    logs,
    /** How many requests each instance got: issuers, then verifiers. */
    requestCounts: () => proxies.flatMap(({ counts }) => counts),
    /** The organisation API, with a demo organisation's own key. */
    async call(program: 'issuer' | 'verifier', organisation: string, path: string, body?: unknown) {
      const answer = await fetch(`${config.addresses[program].url}/${organisation}/v1${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${apiKeys[program][organisation]?.apiKey ?? ''}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) }
    },
    /** May be done twice. */
    async close() {
      await Promise.all(proxies.map(({ close }) => close()))
      await Promise.all([...issuers, ...verifiers].map((instance) => instance.close()))
      await wallet.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function atAnyPort(config: Config, program: 'issuer' | 'verifier'): Config {
  const { addresses } = config
  return { ...config, addresses: { ...addresses, [program]: { url: addresses[program].url, port: 0 } } }
}

async function startProxy(port: number, instances: readonly { readonly url: string }[]) {
  const counts = instances.map(() => 0)
  let next = 0
  const server = createServer((request, response) => {
    const at = next++ % instances.length
    counts[at] = (counts[at] ?? 0) + 1
    const { hostname, port: behind } = new URL(instances[at]?.url ?? '')
    const { method, url: path, headers } = request
    const forwarded = sendOn({ hostname, port: behind, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.pipe(response)
    })
    forwarded.on('error', () => response.writeHead(502).end())
    request.pipe(forwarded)
  }).listen(port, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    counts,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
