import { mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadMasterKey } from '@wegwijzer/keys/key-store'
import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import {
  type CertificateAuthority,
  encodePem,
  makeDevelopmentCa,
  makeLeafCertificate,
  makeSelfSignedCertificate,
  makeX5c,
  TRUST_ROLES,
  type TrustRole,
} from '@wegwijzer/keys/x509'
import type { PublicJwk, Signer } from '@wegwijzer/protocol/crypto'
import { STATUS_LIST_MEDIA_TYPE } from '@wegwijzer/protocol/status-list'
import { CREDENTIAL_TYPES } from '@wegwijzer/schemas'
import { type Config, readConfig } from '@wegwijzer/server/config'
import type { Policy } from '@wegwijzer/trust/policy'
import { makeRegistrationCertificate, type RegistrationContent } from '@wegwijzer/trust/registration'
import {
  addAnchor,
  addEntry,
  makeEmptyTrustList,
  makeTrustList,
  TRUST_LIST_MEDIA_TYPE,
  type TrustListContent,
} from '@wegwijzer/trust/trust-list'
import { testDatabaseUrl } from '../../../tests/support/test-databases.ts'
import { enrolOrganisation, openVerifierDatabase, readShippedVerifiers, startVerifier } from '../verifier.ts'

/** 1 October 2026, 10:00 UTC. */
export const NOW = 1_790_848_800
const DAY = 86_400

/** A key, its certificates, and whose they are. */
export interface Party {
  readonly signer: Signer
  readonly x5c: readonly string[]
  readonly uri: string
}

/** What the other hosts of the world serve, by path; a test may change it. */
type Documents = Map<string, { readonly type: string; readonly body: string | Uint8Array }>

export type World = Awaited<ReturnType<typeof startWorld>>

/** A verifier that listens, with its organisations enrolled, and everything around it that it trusts: real keys, real HTTP. */
export async function startWorld({
  policies = {},
}: {
  readonly policies?: Readonly<Record<string, readonly Policy[]>>
} = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'wegwijzer-verifier-'))
  const clock = { now: NOW }
  const host = await serveDocuments()
  const authorities = await makeAuthorities()

  const certify = async (role: TrustRole, identifier: string, uri: string, publicJwk: PublicJwk) =>
    makeX5c([
      await makeLeafCertificate({
        ca: authorityOf(authorities, role),
        subject: {
          commonName: identifier,
          organizationName: identifier,
          organizationIdentifier: identifier,
          countryName: 'NL',
        },
        publicJwk,
        sanUris: [uri],
        notBefore: NOW - DAY,
        notAfter: NOW + 300 * DAY,
        crypto: nodeCrypto,
      }),
    ])
  /** A new key of an organisation, certified in a role. */
  const makeParty = async (role: TrustRole, identifier: string, uri: string): Promise<Party> => {
    const signer = generateNodeSigner()
    return { signer, x5c: await certify(role, identifier, uri, signer.publicJwk), uri }
  }

  const keeper = await makeTrustListKeeper()
  writeFileSync(join(directory, 'anchor.pem'), keeper.pem)
  const publishTrustList = async (change: (content: TrustListContent) => TrustListContent = (content) => content) => {
    const content = change(makeTrustListContent(authorities, host.url))
    const body = await makeTrustList(content, { ...keeper, issuedAt: clock.now, nextUpdate: clock.now + DAY })
    host.documents.set('/trust-list.jwt', { type: TRUST_LIST_MEDIA_TYPE, body })
  }
  await publishTrustList()

  const config = await makeConfig(directory, host.url)
  const masterKey = await loadMasterKey(config.masterKeyFile)
  const db = await openVerifierDatabase(config)
  const registrar = await makeParty('registration_certificate', 'NTRNL-90009990', `${host.url}/registrar`)
  const register = (content: RegistrationContent) =>
    makeRegistrationCertificate(content, {
      issuedAt: clock.now,
      expiresAt: clock.now + 180 * DAY,
      status: { uri: `${host.url}/registrar/status-list`, index: 1 },
      ...registrar,
    })
  const verifierUrl = config.addresses.verifier.url
  const apiKeys = new Map<string, string>()
  for (const shipped of readShippedVerifiers()) {
    const { id, identifier } = shipped.profile
    const { apiKey } = await enrolOrganisation({
      db,
      masterKey,
      profile: shipped.profile,
      policies: [...shipped.policies, ...(policies[id] ?? [])],
      verifierUrl,
      registryUri: `${host.url}/registrar`,
      certify: (purpose, publicJwk) => certify(purpose, identifier, `${verifierUrl}/${id}`, publicJwk),
      register,
      now: clock.now,
    })
    apiKeys.set(id, apiKey)
  }

  const log: string[] = []
  const verifier = await startVerifier({ config, now: () => clock.now, logTo: { write: (line) => log.push(line) } })

  return {
    directory,
    clock,
    documents: host.documents,
    hostUrl: host.url,
    config,
    masterKey,
    db,
    log,
    url: verifierUrl,
    register,
    certify,
    makeParty,
    publishTrustList,
    /** The organisation API, with the organisation's own key unless another is given. */
    api: async (organisation: string, path: string, { body, key }: { body?: object; key?: string } = {}) => {
      const response = await fetch(`${verifierUrl}/${organisation}/v1${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${key ?? apiKeys.get(organisation) ?? ''}`,
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      })
      return { status: response.status, headers: response.headers, body: (await response.json()) as unknown }
    },
    apiKeyOf: (organisation: string) => apiKeys.get(organisation) ?? '',
    /** Everything the verifier has on disk, the write-ahead log included. */
    databaseFiles: ['verifier.sqlite', 'verifier.sqlite-wal', 'verifier.sqlite-shm'].map((name) =>
      join(directory, name),
    ),
    close: async () => {
      await verifier.close()
      await db.destroy()
      await host.close()
      await rm(directory, { recursive: true })
    },
  }
}

async function makeConfig(directory: string, walletUrl: string): Promise<Config<'verifier' | 'wallet'>> {
  const config = readConfig(
    {
      WEGWIJZER_ENV: 'development',
      DATA_DIR: directory,
      WALLET_URL: walletUrl,
      TRUST_LIST_ANCHOR: join(directory, 'anchor.pem'),
      REQUESTS_PER_MINUTE: '0',
      DATABASE_URL: await testDatabaseUrl(),
    },
    ['verifier', 'wallet'],
  )
  const port = await findFreePort()
  const verifier = { port, url: `http://127.0.0.1:${port}` }
  return { ...config, addresses: { ...config.addresses, verifier } }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function serveDocuments() {
  const documents: Documents = new Map()
  for (const { name, version, typeMetadataBytes } of CREDENTIAL_TYPES) {
    documents.set(`/types/${name}/${version}`, { type: 'application/json', body: typeMetadataBytes })
  }
  const server = createServer((request, response) => {
    const document = documents.get(request.url ?? '')
    if (document === undefined) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': document.type }).end(document.body)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    documents,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** @param body A Status List Token. */
export function statusDocument(body: string) {
  return { type: STATUS_LIST_MEDIA_TYPE, body }
}

async function makeAuthorities(): Promise<ReadonlyMap<TrustRole, CertificateAuthority>> {
  const authorities = new Map<TrustRole, CertificateAuthority>()
  for (const role of TRUST_ROLES) {
    const signer = generateNodeSigner()
    authorities.set(role, await makeDevelopmentCa({ commonName: `Test ${role}`, now: NOW, signer, crypto: nodeCrypto }))
  }
  return authorities
}

function authorityOf(authorities: ReadonlyMap<TrustRole, CertificateAuthority>, role: TrustRole): CertificateAuthority {
  const authority = authorities.get(role)
  if (authority === undefined) throw new Error('every role has an authority')
  return authority
}

async function makeTrustListKeeper() {
  const signer = generateNodeSigner()
  const certificate = await makeSelfSignedCertificate({
    subject: { commonName: 'Test trust list', countryName: 'NL' },
    notBefore: NOW - DAY,
    notAfter: NOW + 1000 * DAY,
    signer,
    crypto: nodeCrypto,
  })
  return { signer, x5c: makeX5c([certificate]), pem: encodePem('CERTIFICATE', certificate.der) }
}

/** An organisation that may issue every type, and one that may issue only work experience. */
export const ISSUERS = {
  school: { organisation: 'school', identifier: 'NTRNL-90009992' },
  employer: { organisation: 'employer', identifier: 'NTRNL-90009993' },
} as const

function makeTrustListContent(
  authorities: ReadonlyMap<TrustRole, CertificateAuthority>,
  url: string,
): TrustListContent {
  let content = makeEmptyTrustList([{ lang: 'nl', value: 'Vertrouwenslijst (demo)' }])
  for (const [role, { certificate }] of authorities) content = addAnchor(content, role, certificate.der)
  for (const { organisation, identifier } of Object.values(ISSUERS)) {
    const types = CREDENTIAL_TYPES.filter(({ name }) => organisation === 'school' || name === 'werkervaring')
    content = addEntry(content, {
      organisation,
      identifier,
      name: [{ lang: 'nl', value: `${organisation} (demo)` }],
      registeredNumbers: [],
      roles: ['credential_issuer'],
      credentialIssuers: [`${url}/${organisation}`],
      mayIssue: types.map(({ name, version, vct, typeMetadataIntegrity }) => ({
        vct,
        typeMetadataUri: `${url}/types/${name}/${version}`,
        typeMetadataIntegrity,
      })),
    })
  }
  return content
}
