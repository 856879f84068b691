import { createMemoryRecords } from '@wegwijzer/storage/records/memory'
import { expect, test } from 'vitest'
import { SCHOOL } from '../testing/authorities.ts'
import { json } from '../testing/http-server.ts'
import type { IssuerChanges } from '../testing/issuer.ts'
import { openWorld } from '../testing/world.ts'

test('of an issuer that the trust list does not know nothing is fetched', async () => {
  const { registry, school, openWallet } = await openWorld()
  registry.edit((list) => ({
    ...list,
    entries: list.entries.filter((entry) => entry.organisation !== SCHOOL.organisation),
  }))
  const refused = openWallet().beginReceipt(school.offer())
  await expect(refused).rejects.toMatchObject({ kind: 'not_trusted', reason: 'issuer_unknown' })
  expect(school.received).toEqual([])
})

test('an organisation of the trust list that is no issuer is not one', async () => {
  const { registry, school, openWallet } = await openWorld()
  registry.edit((list) => ({ ...list, entries: list.entries.map((entry) => ({ ...entry, roles: ['verifier'] })) }))
  const refused = openWallet().beginReceipt(school.offer())
  await expect(refused).rejects.toMatchObject({ kind: 'not_trusted', reason: 'issuer_unknown' })
})

test('a type that the issuer may not issue is not offered to the worker', async () => {
  const { registry, school, openWallet } = await openWorld()
  registry.edit((list) => ({
    ...list,
    entries: list.entries.map((entry) =>
      entry.organisation === SCHOOL.organisation ? { ...entry, mayIssue: [] } : entry,
    ),
  }))
  const refused = openWallet().beginReceipt(school.offer())
  await expect(refused).rejects.toMatchObject({ kind: 'not_trusted', reason: 'type_not_allowed' })
  expect(school.visits('token')).toBe(0)
})

test('without a trust list nobody is trusted', async () => {
  const { registry, school, openWallet } = await openWorld()
  registry.replace('/trust-list.jwt', { status: 404 })
  const refused = openWallet().beginReceipt(school.offer())
  await expect(refused).rejects.toMatchObject({ kind: 'unreachable', reason: 'trust_list_unavailable' })
  expect(school.received).toEqual([])
})

test('a trust list that is older than one already seen is refused, also by a wallet that was closed in between', async () => {
  const { registry, school, openWallet } = await openWorld()
  const records = createMemoryRecords()
  await openWallet({ records }).beginReceipt(school.offer())
  registry.edit((list) => ({ ...list, sequence: 1 }))
  const refused = openWallet({ records }).beginReceipt(school.offer())
  await expect(refused).rejects.toMatchObject({ kind: 'not_trusted', reason: 'trust_list_rollback' })
})

test('type metadata that is not what the trust list promised is refused', async () => {
  const { registry, school, openWallet } = await openWorld()
  registry.replace('/types', json({ vct: 'https://wegwijzer.example/types/diploma/1' }))
  const refused = openWallet().beginReceipt(school.offer())
  await expect(refused).rejects.toMatchObject({ kind: 'not_trusted', reason: 'invalid_integrity' })
})

test.each<[string, IssuerChanges, { readonly kind: string; readonly reason: string }]>([
  [
    'that is of another issuer',
    { metadata: (metadata) => ({ ...metadata, credential_issuer: 'http://127.0.0.1:1/another' }) },
    { kind: 'refused', reason: 'invalid_credential_issuer_metadata' },
  ],
  [
    'without the type that is offered',
    { metadata: (metadata) => ({ ...metadata, credential_configurations_supported: {} }) },
    { kind: 'refused', reason: 'unknown_credential_configuration' },
  ],
  [
    'that is no JSON',
    { answers: { metadata: (answer) => ({ ...answer, body: '{"credential_issuer":' }) } },
    { kind: 'refused', reason: 'invalid_credential_issuer_metadata' },
  ],
  [
    'that is a page',
    { answers: { metadata: (answer) => ({ ...answer, type: 'text/html' }) } },
    { kind: 'not_trusted', reason: 'media_type' },
  ],
  [
    'of 20 MB',
    { answers: { metadata: (answer) => ({ ...answer, body: `{"a":"${'a'.repeat(20_000_000)}"}` }) } },
    { kind: 'not_trusted', reason: 'too_large' },
  ],
  [
    'that leads elsewhere',
    { answers: { metadata: () => ({ status: 302, headers: { Location: 'http://127.0.0.1:1/' } }) } },
    { kind: 'not_trusted', reason: 'redirect' },
  ],
  [
    'that is not there',
    { answers: { metadata: () => ({ status: 404 }) } },
    { kind: 'refused', reason: 'not_published' },
  ],
  ['that never comes', { answers: { metadata: () => 'hang' } }, { kind: 'unreachable', reason: 'timeout' }],
])('metadata %s is refused', async (_title, change, refusal) => {
  const { school, openWallet } = await openWorld()
  school.change(change)
  await expect(openWallet({ timeoutMs: 500 }).beginReceipt(school.offer())).rejects.toMatchObject(refusal)
})

test.each<[string, IssuerChanges, string]>([
  [
    'is of another server',
    {
      answers: {
        server_metadata: (answer) => ({
          ...answer,
          body: String(answer.body).replace('"issuer":"', '"issuer":"http://127.0.0.1:1/'),
        }),
      },
    },
    'invalid_authorization_server_metadata',
  ],
  [
    'takes no anonymous wallets',
    { answers: { server_metadata: (answer) => ({ ...answer, body: String(answer.body).replace(':true', ':false') }) } },
    'unsupported_authorization_server',
  ],
])('an authorization server whose metadata %s never sees the code', async (_title, change, reason) => {
  const { school, openWallet } = await openWorld()
  const wallet = openWallet()
  const receipt = await wallet.beginReceipt(school.offer())
  school.change(change)
  await expect(wallet.acceptReceipt(receipt)).rejects.toMatchObject({ kind: 'refused', reason })
  expect(school.visits('token')).toBe(0)
})
