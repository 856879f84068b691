import { createNodeFetch } from '@wegwijzer/outbound/node'
import { credentialTypeNamed } from '@wegwijzer/schemas'
import type { WalletRecords } from '@wegwijzer/storage/records'
import { createMemoryRecords } from '@wegwijzer/storage/records/memory'
import { addEntry, type TrustListEntry } from '@wegwijzer/trust/trust-list'
import { onTestFinished } from 'vitest'
import { createWallet, type Wallet } from '../wallet.ts'
import {
  type Authorities,
  type Clock,
  EMPLOYER,
  IDENTITY,
  makeAuthorities,
  NOW,
  type Organisation,
  SCHOOL,
  UWV,
} from './authorities.ts'
import { startIssuer, type TestIssuer } from './issuer.ts'
import { type Registry, startRegistry } from './registry.ts'
import { startVerifier, type TestVerifier } from './verifier.ts'

/** A school, an identity issuer, a public body and an employer that ask, and the registry that all of them stand in. */
export interface World {
  readonly clock: Clock
  readonly authorities: Authorities
  readonly registry: Registry
  readonly school: TestIssuer
  readonly identity: TestIssuer
  readonly uwv: TestVerifier
  readonly employer: TestVerifier
  /** Throws what went wrong in one of the servers: then no test in this world has proved anything. */
  readonly close: () => Promise<void>
  readonly openWallet: (options?: WalletOptions) => Wallet
  /** A wallet with these credentials in it. */
  readonly fillWallet: (options?: WalletOptions & { readonly types?: readonly HeldType[] }) => Promise<Wallet>
}

export type HeldType = 'diploma' | 'pid'

export interface WalletOptions {
  readonly records?: WalletRecords
  /** How long any fetch may take; for tests of what hangs. */
  readonly timeoutMs?: number
}

export interface WorldOptions {
  /** Copies that the school gives at once. */
  readonly batchSize?: number
}

/** A world of its own for one test, gone when the test is. */
export async function openWorld(options?: WorldOptions): Promise<World> {
  const world = await startWorld(options)
  onTestFinished(world.close)
  return world
}

/** A world for several tests, none of which changes it. */
export async function startWorld({ batchSize = 4 }: WorldOptions = {}): Promise<World> {
  const clock: Clock = { now: NOW }
  const authorities = await makeAuthorities()
  const registry = await startRegistry(authorities, clock)
  const parties = { authorities, clock, registry }
  const school = await startIssuer({ ...parties, organisation: SCHOOL, types: ['diploma'], batchSize })
  const identity = await startIssuer({ ...parties, organisation: IDENTITY, types: ['pid'], batchSize: 3 })
  const uwv = await startVerifier({ ...parties, organisation: UWV, isPublicBody: true })
  const employer = await startVerifier({ ...parties, organisation: EMPLOYER, isPublicBody: false })
  registry.edit((content) =>
    [
      ...[school, identity].map((issuer) => issuerEntry(issuer, registry)),
      verifierEntry(UWV),
      verifierEntry(EMPLOYER),
    ].reduce(addEntry, content),
  )

  const fetch = createNodeFetch({ allowLoopback: true })
  const servers = [registry, school, identity, uwv, employer]
  const close = async () => {
    fetch.close()
    await Promise.all(servers.map((server) => server.close()))
    const [fault] = servers.flatMap(({ faults }) => faults)
    if (fault !== undefined) throw fault
  }

  const openWallet = ({ records = createMemoryRecords(), timeoutMs }: WalletOptions = {}) =>
    createWallet({
      records,
      fetch: (request) => fetch({ ...request, ...(timeoutMs !== undefined && { timeoutMs }) }),
      now: () => clock.now,
      trustList: { url: registry.trustListUrl, anchor: authorities.keeper.leaf.der },
      allowHttp: true,
    })
  return {
    clock,
    authorities,
    registry,
    school,
    identity,
    uwv,
    employer,
    openWallet,
    close,
    async fillWallet({ types = ['diploma'], ...options } = {}) {
      const wallet = openWallet(options)
      for (const type of types) {
        const issuer = type === 'pid' ? identity : school
        await wallet.acceptReceipt(await wallet.beginReceipt(issuer.offer()))
      }
      return wallet
    },
  }
}

export function issuerEntry({ organisation, credentialIssuer, types }: TestIssuer, registry: Registry): TrustListEntry {
  return {
    ...entryOf(organisation),
    roles: ['credential_issuer'],
    credentialIssuers: [credentialIssuer],
    mayIssue: types.map((type) => {
      const { vct, typeMetadataIntegrity } = credentialTypeNamed(type)
      return { vct, typeMetadataUri: registry.typeUrl(vct), typeMetadataIntegrity }
    }),
  }
}

export function verifierEntry(organisation: Organisation): TrustListEntry {
  return { ...entryOf(organisation), roles: ['verifier'], credentialIssuers: [], mayIssue: [] }
}

function entryOf({ organisation, identifier, name }: Organisation) {
  return { organisation, identifier, name: [{ lang: 'nl', value: name }], registeredNumbers: [] }
}
