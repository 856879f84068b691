import { createHash } from 'node:crypto'
import { nodeCrypto } from '@wegwijzer/keys/node'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../json/json.ts'
import { parseDcqlQuery } from './dcql/dcql-query.ts'
import {
  approvesTransactionData,
  assignTransactionData,
  makeTransactionData,
  makeTransactionDataClaims,
  NO_TRANSACTION_TYPES,
  parseTransactionData,
  type TransactionTypes,
} from './transaction-data.ts'

const PAYMENT = 'https://types.example/payment'
const ACCOUNT = 'https://types.example/account'
const FUND = 'https://types.example/fund'

const query = parseDcqlQuery({
  credentials: [
    { id: 'account', format: 'dc+sd-jwt', meta: { vct_values: [ACCOUNT] } },
    { id: 'fund', format: 'dc+sd-jwt', meta: { vct_values: [FUND, ACCOUNT] } },
    { id: 'diploma', format: 'dc+sd-jwt', meta: { vct_values: ['https://types.example/diploma'] } },
    { id: 'mixed', format: 'dc+sd-jwt', meta: { vct_values: [ACCOUNT, 'https://types.example/diploma'] } },
    {
      id: 'unbound',
      format: 'dc+sd-jwt',
      meta: { vct_values: [ACCOUNT] },
      require_cryptographic_holder_binding: false,
    },
    { id: 'licence', format: 'mso_mdoc', meta: {} },
  ],
})

const types: TransactionTypes = (vct, type) =>
  [ACCOUNT, FUND].includes(vct) && type === PAYMENT
    ? ({ payload }) => JSON.stringify(payload) === '{"amount_minor":85000}'
    : undefined

const VALID = { type: PAYMENT, credential_ids: ['account'], payload: { amount_minor: 85_000 } }

function parse(...objects: readonly JsonObject[]) {
  return parseTransactionData(objects.map(makeTransactionData), query, types)
}

test('an object is read as it came and as it reads', () => {
  expect(parse({ ...VALID, transaction_data_hashes_alg: ['sha-512', 'sha-256'] })).toEqual([
    {
      encoded: makeTransactionData({ ...VALID, transaction_data_hashes_alg: ['sha-512', 'sha-256'] }),
      type: PAYMENT,
      credentialIds: ['account'],
      namesHashAlgorithm: true,
      content: { ...VALID, transaction_data_hashes_alg: ['sha-512', 'sha-256'] },
    },
  ])
  expect(parse(VALID)).toMatchObject([{ namesHashAlgorithm: false }])
})

test('without the parameter there is nothing to approve', () => {
  expect(parseTransactionData(undefined, query, NO_TRANSACTION_TYPES)).toEqual([])
})

describe('refuses, as invalid_transaction_data [OpenID4VP 1.0 §8.5]', () => {
  test.each<[string, unknown]>([
    ['what is no list', makeTransactionData(VALID)],
    ['an empty list', []],
    ['a list of objects', [VALID]],
    ['eleven objects', Array.from({ length: 11 }, () => makeTransactionData(VALID))],
    ['what is not base64url', ['{}']],
    ['what is not JSON', ['AAAA']],
    ['what is no object', [makeTransactionData(VALID), 'W10']],
    ['an object that is too long', [makeTransactionData({ ...VALID, note: 'a'.repeat(40_000) })]],
  ])('%s', (_name, value) => {
    expect(() => parseTransactionData(value, query, types)).toThrow(
      expect.objectContaining({ code: 'invalid_transaction_data' }),
    )
  })

  test.each<[string, JsonObject]>([
    ['a type that no credential lists', { ...VALID, type: 'https://types.example/loan' }],
    ['no credential_ids', { type: PAYMENT }],
    ['empty credential_ids', { ...VALID, credential_ids: [] }],
    ['a credential that is not asked', { ...VALID, credential_ids: ['account', 'other'] }],
    ['a credential whose type lists no such transaction', { ...VALID, credential_ids: ['diploma'] }],
    ['a query of which one type lists no such transaction', { ...VALID, credential_ids: ['account', 'mixed'] }],
    ['a credential without holder binding [§B.3.3]', { ...VALID, credential_ids: ['unbound'] }],
    ['a credential of another format', { ...VALID, credential_ids: ['licence'] }],
    ['only hashes that are not known', { ...VALID, transaction_data_hashes_alg: ['sha-512'] }],
    ['an empty list of hashes', { ...VALID, transaction_data_hashes_alg: [] }],
    ['a hash that is no list', { ...VALID, transaction_data_hashes_alg: 'sha-256' }],
    ['content that does not conform to the type', { ...VALID, payload: { amount_minor: 85_000, more: 1 } }],
  ])('%s', (_name, object) => {
    expect(() => parse(object)).toThrow(expect.objectContaining({ code: 'invalid_transaction_data' }))
    expect(() => parse(VALID, object)).toThrow(expect.objectContaining({ code: 'invalid_transaction_data' }))
  })

  test.each<[string, JsonObject]>([
    ['no type', { credential_ids: ['account'] }],
    ['an empty type', { ...VALID, type: '' }],
    ['a type that is a number', { ...VALID, type: 1 }],
  ])('%s, whatever a credential lists', (_name, object) => {
    expect(() => parseTransactionData([makeTransactionData(object)], query, () => () => true)).toThrow(
      expect.objectContaining({ code: 'invalid_transaction_data' }),
    )
  })

  test('any object where nothing may be approved', () => {
    expect(() => parseTransactionData([makeTransactionData(VALID)], query, NO_TRANSACTION_TYPES)).toThrow(
      expect.objectContaining({ code: 'invalid_transaction_data' }),
    )
  })
})

test('each object is approved by one credential, the first that is presented [OpenID4VP 1.0 §5.1]', () => {
  const [first, second] = parse(
    { ...VALID, credential_ids: ['account', 'fund'] },
    { ...VALID, credential_ids: ['fund'] },
  )
  const data = [first, second].filter((one) => one !== undefined)
  expect(assignTransactionData(data, ['fund', 'account'])).toEqual(
    new Map([
      ['account', [first]],
      ['fund', [second]],
    ]),
  )
  expect(assignTransactionData(data, ['fund'])).toEqual(new Map([['fund', [first, second]]]))
  expect(() => assignTransactionData(data, ['account'])).toThrow(
    expect.objectContaining({ code: 'invalid_transaction_data' }),
  )
})

describe('a KB-JWT approves [OpenID4VP 1.0 §B.3.3.1]', () => {
  const data = parse(VALID, { ...VALID, credential_ids: ['fund'] })

  test('by the hash of the string as it came', async () => {
    const hashes = data.map(({ encoded }) => createHash('sha256').update(encoded).digest('base64url'))
    expect(await makeTransactionDataClaims(data, nodeCrypto)).toEqual({ transaction_data_hashes: hashes })
    expect(await makeTransactionDataClaims([], nodeCrypto)).toEqual({})
  })

  test('and names the algorithm where the request named some', async () => {
    const named = parse({ ...VALID, transaction_data_hashes_alg: ['sha-256'] })
    const claims = await makeTransactionDataClaims(named, nodeCrypto)
    expect(claims.transaction_data_hashes_alg).toBe('sha-256')
    expect(await approvesTransactionData(claims, named, nodeCrypto)).toBe(true)
    const { transaction_data_hashes_alg: _, ...unnamed } = claims
    expect(await approvesTransactionData(unnamed, named, nodeCrypto)).toBe(false)
  })

  test('exactly what was asked, in any order', async () => {
    const { transaction_data_hashes: hashes } = await makeTransactionDataClaims(data, nodeCrypto)
    const list = Array.isArray(hashes) ? hashes : []
    const approves = (transaction_data_hashes: unknown, more: JsonObject = {}) =>
      approvesTransactionData(JSON.parse(JSON.stringify({ transaction_data_hashes, ...more })), data, nodeCrypto)
    expect(await approves(list)).toBe(true)
    expect(await approves(list.toReversed())).toBe(true)
    expect(await approves(list, { transaction_data_hashes_alg: 'sha-256' })).toBe(true)
    expect(await approves(list, { transaction_data_hashes_alg: 'sha-512' })).toBe(false)
    expect(await approves(list.slice(1))).toBe(false)
    expect(await approves([...list, 'more'])).toBe(false)
    expect(await approves([list[0], list[0]])).toBe(false)
    expect(await approves(undefined)).toBe(false)
    expect(await approves('hash')).toBe(false)
  })

  test('nothing where nothing was asked', async () => {
    expect(await approvesTransactionData({}, [], nodeCrypto)).toBe(true)
    expect(await approvesTransactionData({ transaction_data_hashes: ['more'] }, [], nodeCrypto)).toBe(false)
  })
})
