import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readSettings } from './platform.ts'

test('the tour needs only a directory', () => {
  expect(readSettings({ WALLET_DIR: './data/my-wallet' })).toEqual({
    directory: resolve('data/my-wallet'),
    trustListUrl: 'http://localhost:4000/trust-list.jwt',
    anchorFile: resolve('data/trust-list-anchor.pem'),
    isDevelopment: true,
  })
})

test('without a directory the wallet is at home', () => {
  expect(readSettings({ HOME: '/home/yara' }).directory).toBe(join('/home/yara', '.wegwijzer'))
})

test('list and anchor follow the wallet host and the data, unless they are named', () => {
  const env = { HOME: '/', WALLET_URL: 'http://localhost:9000/w', DATA_DIR: '/srv/data' }
  expect(readSettings(env)).toMatchObject({
    trustListUrl: 'http://localhost:9000/w/trust-list.jwt',
    anchorFile: '/srv/data/trust-list-anchor.pem',
  })
  const named = { ...env, TRUST_LIST_URL: 'https://t.example/list.jwt', TRUST_LIST_ANCHOR: '/etc/anchor.pem' }
  expect(readSettings(named)).toMatchObject({
    trustListUrl: 'https://t.example/list.jwt',
    anchorFile: '/etc/anchor.pem',
  })
})

test('in production nothing of this machine counts', () => {
  const env = { HOME: '/', WEGWIJZER_ENV: 'production', WALLET_URL: 'https://w.example' }
  expect(readSettings(env).isDevelopment).toBe(false)
  expect(() => readSettings({ ...env, WALLET_URL: 'http://localhost:4000' })).toThrow(
    expect.objectContaining({ name: 'UsageError', reason: 'settings' }),
  )
})
