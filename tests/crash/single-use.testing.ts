import { expect } from 'vitest'
import { codeOf, makeTestWallet, type TestWallet } from '../../issuer/src/testing/wallet.testing.ts'
import { type ApiAnswer, type CrashWorld, now, type Post, SCHOOL, type Worker } from './crash-world.testing.ts'
import type { Ledger } from './ledger.testing.ts'
import { attempt, expectStatus, insistOnCall, insistOnWallet, offerDiploma } from './receiving.testing.ts'

/** To be done once the programs run again. */
export type Examination = () => Promise<void>

const isYes = (answer: ApiAnswer) => answer.status >= 200 && answer.status < 300
const codeIn = ({ status, body }: ApiAnswer) => `${status} ${body?.error ?? ''}`

/**
 * Redeems a code and collects two copies, each in one request that is never repeated by itself, and stops at a cut.
 *
 * @returns The examination: that each of the two requests counts once, however its answer went, and so do the code, the
 *   `jti` and the `c_nonce` in it when they come along with something new.
 */
export async function redeemAndCollect(world: CrashWorld, ledger: Ledger): Promise<Examination> {
  const { credentialOffer } = await offerDiploma(world, ledger)
  const issuer = `${world.urls.issuer}/${SCHOOL}`
  const openWallet = async (): Promise<TestWallet> => {
    const wallet = makeTestWallet(issuer, now)
    await insistOnCall(async () => ({ status: 200, body: await wallet.learnNonce() }))
    return wallet
  }
  const wallet = await openWallet()
  const code = codeOf(credentialOffer)
  const tokenRequest = await wallet.makeTokenRequest(code)
  const redeemed = await attempt(() => world.send(tokenRequest))

  if (redeemed === undefined) {
    return async () => {
      await sendAgain(world, tokenRequest, 1)
      const other = await (await openWallet()).makeTokenRequest(code)
      expect(codeIn(await world.send(other))).toBe('400 invalid_grant')
    }
  }
  const token: string = expectStatus(redeemed, 200).access_token
  const examineCode = async () => {
    await sendAgain(world, tokenRequest, 0)
    const other = await (await openWallet()).makeTokenRequest(code)
    expect(codeIn(await world.send(other))).toBe('400 invalid_grant')
  }
  let nonce = ''
  await insistOnCall(async () => {
    nonce = await wallet.requestNonce()
    return { status: 200, body: undefined }
  })
  const { jwts } = await wallet.makeProofs(2, nonce)
  const body = { credential_configuration_id: 'diploma', proofs: { jwt: jwts } }
  const credentialRequest = await wallet.makeRequest('/credential', token, body)
  const collected = await attempt(() => world.send(credentialRequest))
  return async () => {
    await examineCode()
    const again = await sendAgain(world, credentialRequest, collected === undefined ? 1 : 0)
    const issued = collected ?? again
    if (issued !== undefined) {
      const { credentials } = expectStatus(issued, 200)
      ledger.strayCopies.push(...credentials.map((one: { credential: string }) => one.credential))
    }
    await wallet.learnNonce()
    const withNewJti = await wallet.makeRequest('/credential', token, body)
    expect(codeIn(await world.send(withNewJti))).toBe('400 invalid_nonce')
  }
}

/** Sends a request twice at the same time. @returns The answer of the one that counted, of at most `most`. */
async function sendAgain(world: CrashWorld, request: Post, most: 0 | 1): Promise<ApiAnswer | undefined> {
  const answers = await Promise.all([world.send({ ...request }), world.send({ ...request })])
  const accepted = answers.filter(isYes)
  expect(accepted.length, 'how often a request counted that was sent again').toBeLessThanOrEqual(most)
  for (const answer of answers.filter((one) => !isYes(one)))
    expect(codeIn(answer)).toMatch(/^40[01] invalid_dpop_proof$/)
  return accepted[0]
}

/**
 * Sends again what a wallet has sent, when it has all it wanted: of the tokens, the credentials and the notifications that
 * it was given none is given a second time.
 */
export async function replayPosts(world: CrashWorld, { posts }: Worker): Promise<void> {
  for (const post of posts) {
    if (!/\/(token|credential|notification)$/.test(post.url)) continue
    if (post.status !== undefined && post.status >= 300) continue
    // One that was cut off before it was heard says nothing new, and may still be heard once.
    const most = post.status === undefined && post.url.endsWith('/notification') ? 1 : 0
    const answers = await Promise.all([world.send({ ...post }), world.send({ ...post })])
    expect(answers.filter(isYes).length, `accepted again: ${new URL(post.url).pathname}`).toBeLessThanOrEqual(most)
    expect(answers.filter(({ status }) => status >= 500)).toEqual([])
  }
}

/**
 * Presents a diploma once, with a second, different answer to the same request ready.
 *
 * @returns The examination: of the two answers one counts, also when the connection of the first was cut; a repetition of
 *   that one is answered again and changes nothing.
 */
export async function presentDiploma(world: CrashWorld, ledger: Ledger, worker: Worker): Promise<Examination> {
  const { call } = world
  const asked = { policy: 'werkgever-diploma', flow: 'cross_device' }
  const made = expectStatus(await insistOnCall(() => call('verifier', '/presentation-requests', asked)), 201)
  const { wallet } = worker
  const first = await insistOnWallet(() => wallet.beginPresentation(made.authorizationRequest))
  const rival = await insistOnWallet(() => wallet.beginPresentation(made.authorizationRequest))
  const before = worker.posts.length
  const outcome = await wallet.confirmPresentation(first).then(
    () => 'taken',
    () => 'cut',
  )
  const sent = worker.posts[before]
  const read = async () => expectStatus(await call('verifier', `/presentation-requests/${made.id}`), 200)
  return async () => {
    if (sent === undefined) throw new Error('the wallet sent no answer')
    // A wallet that got another answer than yes or nothing was refused for no reason.
    expect([outcome, sent.status]).toEqual(outcome === 'taken' ? ['taken', 200] : ['cut', undefined])
    const atFirst = await read()
    if (outcome === 'taken') expect(atFirst.state).toBe('answered')
    const wasStored = atFirst.state === 'answered'
    const rivals = await wallet.confirmPresentation(rival).then(
      () => 'taken',
      (error: { reason?: string }) => error.reason,
    )
    expect(rivals).toBe(wasStored ? 'response_refused' : 'taken')
    const result = await read()
    if (wasStored) expect(result).toEqual(atFirst)
    const repeated = await world.send({ ...sent })
    expect(repeated.status).toBe(wasStored ? 200 : 400)
    expect(await read()).toEqual(result)
    ledger.answered.push({ id: made.id, result })
  }
}
