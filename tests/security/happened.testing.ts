import { expect } from 'vitest'
import { codeOf } from '../../issuer/src/testing/wallet.testing.ts'
import { demoClaims } from '../../tools/setup/demo-claims.ts'
import { unmistakableValues } from '../support/must-not-see.ts'
import type { World } from '../support/world.ts'
import { collectDiplomas, encrypt, fetchRequest, post, present, walletAt } from './hostile-wallet.testing.ts'
import { parseObject, send } from './http.testing.ts'

/** What came up while everything happened once, by what it is. */
export interface Hidden {
  /** Whoever has one of these can do something with it; none may be kept as it is. */
  readonly secrets: Map<string, string>
  readonly txCodes: string[]
  /** What may be kept, because it must be sent again, but not logged. */
  readonly unlogged: Map<string, string>
  readonly claims: ReadonlyMap<string, string>
}

/** Has everything happen once, well and badly. */
export async function haveEverythingHappen(world: World): Promise<Hidden> {
  const claimsOfWorker = demoClaims(world.installation.firstDay).diploma
  const values = unmistakableValues([claimsOfWorker], { institution_name: claimsOfWorker.institution_name })
  const claims = new Map(values.map((value, at) => [`claim ${at}`, value]))
  const hidden: Hidden = { secrets: new Map(), txCodes: [], unlogged: new Map(), claims }
  await happen(world, hidden)
  return hidden
}

async function happen(world: World, hidden: Hidden): Promise<void> {
  const { secrets, txCodes, unlogged } = hidden
  for (const [program, keys] of Object.entries(world.apiKeys)) {
    for (const [organisation, { apiKey }] of Object.entries(keys))
      secrets.set(`API key of ${program} ${organisation}`, apiKey)
  }
  for (const at of [1, 2, 3]) {
    const offer = await world.offer('diploma', { txCode: true })
    txCodes.push(offer.txCode ?? '')
    secrets.set(`code ${at}`, codeOf(offer.credentialOffer))
    secrets.set(
      `reference ${at}`,
      new URL(offer.walletLink).searchParams.get('credential_offer_uri')?.split('/').at(-1) ?? '',
    )
    unlogged.set(`offer ${at}`, offer.id)
    const wallet = walletAt(world)
    await wallet.learnNonce()
    const wrong = await wallet.send(await wallet.makeTokenRequest(codeOf(offer.credentialOffer), '00000'))
    expect(wrong.status).toBe(400)
    if (at === 1) continue
    const token = await wallet.redeem(offer.credentialOffer, offer.txCode)
    secrets.set(`access token ${at}`, token)
    if (at === 2) continue
    secrets.set('c_nonce', await wallet.requestNonce())
    const { notificationId, credentials } = await wallet.collect(token, 'diploma', 2)
    unlogged.set('notification id', notificationId)
    for (const [copy, credential] of credentials.entries())
      secrets.set(`credential ${copy}`, credential.split('~')[0] ?? '')
    await wallet.notify(token, notificationId, 'credential_accepted')
  }
  await answerSameDevice(world, hidden)
  await askWithSecretsInWrongPlaces(world)
}

async function answerSameDevice(world: World, { secrets, unlogged }: Hidden): Promise<void> {
  const made = await world.ask('grand-contex', 'werkgever-diploma', { flow: 'same_device' })
  const started = await send({ method: 'GET', url: made.startLink })
  const request = await fetchRequest(world, String(started.headers.location))
  const [copy] = await collectDiplomas(world, 1)
  if (copy === undefined) throw new Error('there is no copy')
  const presentation = await present(world, copy, request)
  const answer = await post(request, await encrypt(request, { diploma: [presentation] }))
  const back = new URL(String(parseObject(answer.text).redirect_uri))
  const cookie = String(started.headers['set-cookie']).split(';')[0] ?? ''
  const page = await send({ method: 'GET', url: back.href, headers: { cookie } })
  expect(page.status).toBe(200)
  secrets.set('start secret', made.startLink.split('/').at(-1) ?? '')
  secrets.set('cookie', cookie.split('=')[1] ?? '')
  secrets.set('presentation', presentation)
  unlogged.set('request nonce', request.nonce)
  unlogged.set('state', request.state ?? '')
  unlogged.set('response code', back.searchParams.get('response_code') ?? '')
  unlogged.set('handle', back.pathname.split('/').at(-1) ?? '')
}

/** Those who send a secret to the wrong address, in a query or to nobody. */
async function askWithSecretsInWrongPlaces(world: World): Promise<void> {
  const apiKey = world.apiKeys.issuer['roc-midden-nederland']?.apiKey ?? ''
  for (const url of Object.values(world.urls)) {
    for (const path of [
      `/${apiKey}`,
      `/uwv/${apiKey}`,
      `/health?key=${apiKey}`,
      `/?email=jan.jansen@voorbeeld.example#${apiKey}`,
    ]) {
      await send({ method: 'GET', url: `${url}${path}`, headers: { 'x-api-key': apiKey, 'user-agent': apiKey } })
      await send({
        method: 'POST',
        url: `${url}${path}`,
        headers: { 'content-type': 'application/json' },
        body: `{"k":"${apiKey}"`,
      })
    }
  }
}

/** That none of these is in a text, named by what it is and never by its value. */
export function expectNone(text: string, hidden: Iterable<readonly [string, string]>): void {
  for (const [name, value] of hidden) {
    expect([name, value.length > 5]).toEqual([name, true])
    expect([name, text.includes(value)]).toEqual([name, false])
  }
}
