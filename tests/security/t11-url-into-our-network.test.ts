import { createNodeFetch } from '@wegwijzer/outbound/node'
import { describe, expect, onTestFinished, test } from 'vitest'
import { SCHOOL } from '../../wallet/core/src/testing/authorities.ts'
import { DIPLOMA_QUERY } from '../../wallet/core/src/testing/queries.ts'
import { openWorld } from '../../wallet/core/src/testing/world.ts'
import { trapVisitors } from './attacked.testing.ts'

/** T11: an address that a stranger names leads to the internet or nowhere. */
const trap = await trapVisitors()
const TRAP_PORT = new URL(trap.url).port

/** Of production: this machine is as forbidden as the rest. */
function openFetch(resolveHost?: (name: string) => Promise<readonly string[]>) {
  const fetch = createNodeFetch({ allowLoopback: false, ...(resolveHost && { resolveHost }) })
  onTestFinished(fetch.close)
  return (url: string) => fetch({ url, accept: ['application/json'], timeoutMs: 2000 })
}

const PRIVATE_HOSTS = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '１２７.0.0.1',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '[::1]',
  '[::]',
  '[fd00::1]',
  '[fe80::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:169.254.169.254]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  'localhost',
  'localhost.',
  'trust.localhost',
] as const

describe('in production an address', () => {
  test.each(PRIVATE_HOSTS)('at %s is not visited', async (host) => {
    await expect(openFetch()(`https://${host}:${TRAP_PORT}/`)).rejects.toMatchObject({ reason: 'forbidden_address' })
  })

  test.each([`http://127.0.0.1:${TRAP_PORT}/`, 'file:///etc/passwd', 'ftp://example.com/', 'data:application/json,{}'])(
    '%s is not read',
    async (url) => {
      await expect(openFetch()(url)).rejects.toMatchObject({ reason: 'forbidden_scheme' })
    },
  )

  test.each(['https://user:secret@example.com/', 'https://', '', 'https://exa mple.com/'])(
    '%j is none',
    async (url) => {
      await expect(openFetch()(url)).rejects.toMatchObject({ reason: 'forbidden_address' })
    },
  )

  test('that a name turns into is looked at, also when only one of several is ours', async () => {
    for (const addresses of [['127.0.0.1'], ['203.0.113.7', '10.0.0.1'], ['8.8.8.8', '169.254.169.254'], ['::1']]) {
      const fetch = openFetch(async () => addresses)
      await expect(fetch(`https://school.example:${TRAP_PORT}/`)).rejects.toMatchObject({ reason: 'forbidden_address' })
    }
  })

  test('of a name that is another a moment later (DNS rebinding) is the one that was looked at', async () => {
    let asked = 0
    // First what passes, from then on what does not: who asks twice is lost.
    const rebinding = async () => (asked++ === 0 ? ['192.0.2.1'] : ['127.0.0.1'])
    await expect(openFetch(rebinding)(`https://school.example:${TRAP_PORT}/`)).rejects.toMatchObject({
      name: 'OutboundError',
    })
    expect(asked).toBe(1)
  })
})

describe('a wallet', () => {
  test.each(['https://10.0.0.1/request', 'https://169.254.169.254/latest/meta-data', 'https://[fd00::1]/'])(
    'does not fetch a request from %s',
    async (requestUri) => {
      const { openWallet } = await openWorld()
      const link = `openid4vp://?${new URLSearchParams({ client_id: `x509_hash:${'A'.repeat(43)}`, request_uri: requestUri })}`
      await expect(openWallet().beginPresentation(link)).rejects.toMatchObject({ kind: 'not_trusted' })
    },
  )

  test('does not fetch an offer from there', async () => {
    const { openWallet } = await openWorld()
    const link = `openid-credential-offer://?${new URLSearchParams({ credential_offer_uri: 'https://192.168.1.1/offer' })}`
    await expect(openWallet().beginReceipt(link)).rejects.toMatchObject({ name: 'WalletError' })
  })

  test('follows no redirect of a trusted issuer or verifier, wherever it leads', async () => {
    const { school, uwv, registry, openWallet, fillWallet } = await openWorld()
    const lead = (status: number) => () => ({ status, headers: { Location: `${trap.url}/secret` } })
    for (const status of [301, 302, 303, 307, 308]) {
      for (const endpoint of ['metadata', 'server_metadata', 'nonce', 'token', 'credential'] as const) {
        school.change({ answers: { [endpoint]: lead(status) } })
        const wallet = openWallet()
        const received = wallet.beginReceipt(school.offer()).then((receipt) => wallet.acceptReceipt(receipt))
        await expect(received).rejects.toMatchObject({ name: 'WalletError' })
      }
      const change = { answers: { request: lead(status) } }
      const asked = openWallet().beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY, change }))
      await expect(asked).rejects.toMatchObject({ kind: 'not_trusted', reason: 'redirect' })
    }
    school.change({})
    registry.replace('/status-list', { status: 302, headers: { Location: `${trap.url}/list` } })
    const wallet = await fillWallet()
    await expect(wallet.beginPresentation(await uwv.ask({ dcql: DIPLOMA_QUERY }))).rejects.toMatchObject({
      reason: 'registration_status_unavailable',
    })
  })

  test('visits no issuer that is not on the trust list', async () => {
    const { openWallet } = await openWorld()
    const offer = {
      credential_issuer: `${trap.url}/${SCHOOL.organisation}`,
      credential_configuration_ids: ['diploma'],
      grants: { 'urn:ietf:params:oauth:grant-type:pre-authorized_code': { 'pre-authorized_code': 'a' } },
    }
    const link = `openid-credential-offer://?${new URLSearchParams({ credential_offer: JSON.stringify(offer) })}`
    await expect(openWallet().beginReceipt(link)).rejects.toMatchObject({ kind: 'not_trusted' })
  })
})

test('nobody was at the trap', () => {
  expect(trap.visits).toEqual([])
})
