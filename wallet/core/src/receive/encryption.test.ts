import { decodeUtf8 } from '@wegwijzer/protocol/jose'
import { expect, test } from 'vitest'
import type { World } from '../testing/world.ts'
import { openWorld } from '../testing/world.ts'

const sentTo = (world: World, path: string) =>
  world.school.received.filter((received) => received.path.endsWith(path) && received.method === 'POST')

async function receiveDiploma(world: World) {
  const wallet = world.openWallet()
  await wallet.acceptReceipt(await wallet.beginReceipt(world.school.offer()))
  return wallet
}

test('request and response go encrypted, and a response in a key of its own [OpenID4VCI 1.0 §8.2]', async () => {
  const world = await openWorld()
  const answers: string[] = []
  world.school.change({
    answers: {
      credential(answer) {
        answers.push(typeof answer.body === 'string' ? answer.body : decodeUtf8(answer.body ?? new Uint8Array()))
        return answer
      },
    },
  })
  const [card] = await (await receiveDiploma(world)).list()
  await receiveDiploma(world)
  expect(card?.copiesLeft).toBe(4)
  const requests = sentTo(world, '/credential')
  const encrypted = requests.filter(({ body }) => body.split('.').length === 5)
  expect(encrypted).toHaveLength(requests.length)
  expect(new Set(requests.map(({ headers }) => headers['content-type']))).toEqual(new Set(['application/jwt']))
  const jwes = answers.filter((answer) => answer.startsWith('eyJ'))
  const kids = jwes.map((jwe) => JSON.parse(Buffer.from(jwe.split('.')[0] ?? '', 'base64url').toString()).kid)
  expect(new Set(kids).size).toBe(2)
})

test('an issuer that knows no encryption is asked in the open', async () => {
  const world = await openWorld()
  world.school.change({ encrypts: false })
  const [card] = await (await receiveDiploma(world)).list()
  expect(card?.copiesLeft).toBe(4)
  expect(sentTo(world, '/credential').at(-1)?.headers['content-type']).toBe('application/json')
})

test('an issuer that encrypts requests only gets them encrypted, and may answer in the open', async () => {
  const world = await openWorld()
  world.school.change({ metadata: ({ credential_response_encryption: _, ...metadata }) => metadata })
  expect(await (await receiveDiploma(world)).list()).toHaveLength(1)
  expect(sentTo(world, '/credential').at(-1)?.headers['content-type']).toBe('application/jwt')
})

test('an issuer that would encrypt only its answers is asked for no such thing [OpenID4VCI 1.0 §8.2]', async () => {
  const world = await openWorld()
  world.school.change({ metadata: ({ credential_request_encryption: _, ...metadata }) => metadata })
  expect(await (await receiveDiploma(world)).list()).toHaveLength(1)
  expect(sentTo(world, '/credential').at(-1)?.body).not.toContain('credential_response_encryption')
})

test.each([
  ['in the open', (response: string) => ({ status: 200, type: 'application/json', body: response }), 'media_type'],
  [
    'in the open under another name',
    (response: string) => ({ status: 200, type: 'application/jwt', body: response }),
    'response_not_encrypted',
  ],
  [
    'changed on the way',
    (_: string, jwe: string) => ({ status: 200, type: 'application/jwt', body: `${jwe.slice(0, -4)}AAAA` }),
    'response_not_encrypted',
  ],
])('an answer that comes %s is not taken [OpenID4VCI 1.0 §10]', async (_name, encrypted, reason) => {
  const world = await openWorld()
  world.school.change({ encrypted })
  const wallet = world.openWallet()
  const receipt = await wallet.beginReceipt(world.school.offer())
  await expect(wallet.acceptReceipt(receipt)).rejects.toMatchObject({ kind: 'not_trusted', reason })
  expect(await wallet.list()).toEqual([])
})

test('an error comes in the open, and is understood [OpenID4VCI 1.0 §8.3.1.2]', async () => {
  const world = await openWorld()
  world.school.change({
    answers: {
      credential: () => ({ status: 400, type: 'application/json', body: '{"error":"credential_request_denied"}' }),
    },
  })
  const wallet = world.openWallet()
  await expect(wallet.acceptReceipt(await wallet.beginReceipt(world.school.offer()))).rejects.toMatchObject({
    kind: 'refused',
    reason: 'credential_request_denied',
  })
})

test('an issuer that requires an encryption that is not known is refused before anything is used up', async () => {
  const world = await openWorld()
  world.school.change({
    metadata: (metadata) => ({
      ...metadata,
      credential_response_encryption: {
        alg_values_supported: ['RSA-OAEP-256'],
        enc_values_supported: ['A256GCM'],
        encryption_required: true,
      },
    }),
  })
  await expect(world.openWallet().beginReceipt(world.school.offer())).rejects.toMatchObject({
    kind: 'refused',
    reason: 'unsupported_credential_configuration',
  })
  expect(world.school.visits('token')).toBe(0)
})

test('what the issuer says of single use is kept with the card, and asked for', async () => {
  const world = await openWorld({ batchSize: 3 })
  world.school.change({ metadata: (metadata) => ({ ...metadata, batch_credential_issuance: { batch_size: 20 } }) })
  const wallet = await receiveDiploma(world)
  const [card] = await wallet.list()
  expect(card).toMatchObject({ copiesLeft: 3, reuse: { batchSize: 3, refillAt: 1 } })
  const other = world.openWallet()
  await other.importBackup(await wallet.exportBackup('wachtwoordzin'), 'wachtwoordzin')
  expect(await other.list()).toMatchObject([{ reuse: { batchSize: 3, refillAt: 1 } }])
})
