import { holderIdentity, presentJwtVc } from '@wegwijzer/keys/did'
import { importWebSigner } from '@wegwijzer/keys/web'
import type { OutboundResponse } from '@wegwijzer/outbound'
import { JWT_VC_JSON_FORMAT, type SelectedPresentation, selectAnswer } from '@wegwijzer/protocol/dcql'
import { decodeBase64url, decodeUtf8 } from '@wegwijzer/protocol/jose'
import {
  type AuthorizationResponse,
  type DirectPostResponse,
  makeDirectPostBody,
  makeEncryptedResponse,
  parseDirectPostResponse,
} from '@wegwijzer/protocol/openid4vp'
import { makeKeyBindingJwt, parseIssuedSdJwt, processSdJwt, selectDisclosures } from '@wegwijzer/protocol/sd-jwt'
import { RecordConflictError, type WalletRecord } from '@wegwijzer/storage/records'
import { keepTransaction } from '../activity/activity-log.ts'
import { claimRows, labelOf, sharedRows } from '../claim-rows.ts'
import { listCopies, readCopy, spendCopy } from '../holdings/holdings.ts'
import type { WalletContext } from '../platform.ts'
import { judging, WalletError } from '../wallet-error.ts'
import type { AnswerableRequestError } from './answerable-request-error.ts'
import type { HeldCandidate, PreparedPresentation, PresentationChoice, PresentationPreview } from './prepared.ts'
import { presentationOf } from './presentation-transaction.ts'

type Selected = SelectedPresentation<HeldCandidate>

/** How often a copy that another terminal spent first is replaced by the next one. */
const MAX_TRIES = 5

/** How long a W3C presentation says that it holds; it is sent at once. */
const PRESENTATION_SECONDS = 300

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' } as const

/**
 * Exactly what a choice would send, and what of each card stays behind.
 *
 * @throws {WalletError} `nothing_matches` when a required part cannot be answered, `invalid_input` for a choice that names
 *   what is not there.
 */
export function previewPresentation(
  { match }: PreparedPresentation,
  choice: PresentationChoice = {},
): PresentationPreview {
  return {
    items: select(match, choice).map(({ queryId, candidate: { credential }, paths }) => {
      const shared = sharedRows(credential, paths)
      const sharedKeys = new Set(shared.map(({ path }) => JSON.stringify(path)))
      const keptBack = claimRows(credential).filter(({ path }) => !sharedKeys.has(JSON.stringify(path)))
      return {
        queryId,
        credential,
        shared,
        keptBack: keptBack.map(({ path }) => ({ path, label: labelOf(credential, path) })),
      }
    }),
  }
}

/**
 * Sends what the worker agreed to: one fresh copy per card, with the chosen claims and nothing else, bound to this request
 * and encrypted to its key.
 *
 * The copies are spent, durably and together with an entry in the log, before anything is sent: whatever happens next, no
 * copy is ever shown twice.
 *
 * @returns Where the worker goes on, if the verifier says so.
 * @throws {WalletError} as `previewPresentation`; `refused` and `unreachable` when the verifier did not take it.
 * @see OpenID4VP 1.0 §8 response
 */
export async function confirmPresentation(
  context: WalletContext,
  prepared: PreparedPresentation,
  choice: PresentationChoice = {},
): Promise<{ readonly redirectUri?: string }> {
  const selected = select(prepared.match, choice)
  const transaction = await presentationOf(context, prepared, selected)
  const copies = await spendCopies(context, selected, (changes) =>
    // Until the verifier has answered, the log says that it may not have arrived.
    context.records.write([...changes, keepTransaction(transaction('NotCompleted', 'no_answer'))]),
  )
  // A query's id is the verifier's word, and may be `constructor`.
  const presentations = new Map<string, string[]>()
  for (const [at, one] of selected.entries()) {
    const earlier = presentations.get(one.queryId) ?? []
    presentations.set(one.queryId, [...earlier, await makePresentation(context, prepared, one, copies[at])])
  }
  const vpToken = Object.fromEntries(presentations)
  try {
    const answer = await postResponse(context, prepared, { vp_token: vpToken, ...stateOf(prepared) })
    await context.records.write([keepTransaction(transaction('Completed'))])
    return answer
  } catch (error) {
    if (error instanceof WalletError) {
      await context.records.write([keepTransaction(transaction('NotCompleted', error.reason))])
    }
    throw error
  }
}

/**
 * Tells the verifier that the worker does not share, and nothing more.
 *
 * @see OpenID4VP 1.0 §8.5 error-response
 */
export async function refusePresentation(context: WalletContext, prepared: PreparedPresentation): Promise<void> {
  const transaction = await presentationOf(context, prepared, [])
  await context.records.write([keepTransaction(transaction('NotCompleted', 'access_denied'))])
  await postResponse(context, prepared, { error: 'access_denied', ...stateOf(prepared) })
}

/**
 * Tells the verifier why its request cannot be processed. The request could not be read to its encryption key, so the code
 * goes as it is; it says nothing of the worker.
 *
 * @throws {WalletError} `invalid_input` when there is no address of the verifier's own to tell it to.
 * @see OpenID4VP 1.0 §8.5 error-response
 */
export async function reportUnanswerable({ fetch }: WalletContext, error: AnswerableRequestError): Promise<void> {
  const { reason, respondTo } = error
  if (respondTo === undefined)
    throw new WalletError('invalid_input', 'nowhere_to_report', 'the request names no address')
  const { response_uri: url, state } = respondTo
  await judging('refused', async () => {
    const body = makeDirectPostBody({ error: reason, ...(state !== undefined && { state }) })
    readDirectPost(await fetch({ url, method: 'POST', headers: FORM, body, accept: ['application/json'] }))
  })
}

function select(match: PreparedPresentation['match'], choice: PresentationChoice): readonly Selected[] {
  const answer = selectAnswer(match, choice)
  if (answer.outcome === 'answer') return answer.presentations
  if (answer.outcome === 'unanswerable') {
    throw new WalletError('nothing_matches', 'nothing_matches', 'no credential answers a required part of the request')
  }
  throw new WalletError(
    'invalid_input',
    'invalid_choice',
    'the choice names what the request or the wallet does not have',
  )
}

/** Takes one copy per presentation; a copy that was spent elsewhere in the meantime is replaced by another. */
async function spendCopies(
  { records, crypto }: WalletContext,
  selected: readonly Selected[],
  write: (changes: readonly ReturnType<typeof spendCopy>[]) => Promise<void>,
): Promise<readonly WalletRecord[]> {
  for (let attempt = 1; ; attempt++) {
    const taken: WalletRecord[] = []
    for (const { candidate } of selected) {
      // One card may answer two queries, and each presentation of it needs a copy of its own.
      const takenOfCard = taken.filter((_copy, other) => selected[other]?.candidate.id === candidate.id)
      const fresh = (await listCopies(records, candidate.id)).filter(
        ({ id }) => !takenOfCard.some((one) => one.id === id),
      )
      // Drawn at random, so that the order of issuing tells nothing about the order of showing.
      const copy = fresh[(crypto.randomBytes(1)[0] ?? 0) % Math.max(fresh.length, 1)]
      if (copy === undefined) {
        throw new WalletError('nothing_matches', 'no_copy_left', 'a credential has no copy left that was never shown')
      }
      taken.push(copy)
    }
    try {
      await write(selected.flatMap(({ candidate }, at) => (taken[at] ? [spendCopy(candidate.id, taken[at])] : [])))
      return taken
    } catch (error) {
      if (!(error instanceof RecordConflictError) || attempt === MAX_TRIES) throw error
    }
  }
}

/**
 * @see OpenID4VP 1.0 §B.3.6 presentation-response
 * @see OpenID4VP 1.0 §B.1.3.1.5 presentation-response
 */
async function makePresentation(
  { crypto, now }: WalletContext,
  { request }: PreparedPresentation,
  { paths, candidate }: Selected,
  record: WalletRecord | undefined,
): Promise<string> {
  if (record === undefined) throw new Error('a presentation was selected without a copy')
  const { sdJwt, pkcs8 } = readCopy(record)
  if (candidate.format === JWT_VC_JSON_FORMAT) {
    return presentJwtVc({
      holder: holderIdentity(await importWebSigner(decodeBase64url(pkcs8))),
      credential: sdJwt,
      audience: request.clientId,
      nonce: request.nonce,
      issuedAt: now(),
      expiresAt: now() + PRESENTATION_SECONDS,
    })
  }
  const held = await processSdJwt(parseIssuedSdJwt(sdJwt), crypto)
  return makeKeyBindingJwt({
    presentation: selectDisclosures(held, paths),
    hashAlgorithm: held.sdJwt.hashAlgorithm,
    audience: request.clientId,
    nonce: request.nonce,
    issuedAt: now(),
    signer: await importWebSigner(decodeBase64url(pkcs8)),
    crypto,
  })
}

/** @see OpenID4VP 1.0 §8.3.1 direct_post_jwt */
async function postResponse(
  { fetch }: WalletContext,
  { request }: PreparedPresentation,
  response: AuthorizationResponse,
): Promise<{ readonly redirectUri?: string }> {
  return judging('refused', async () => {
    const answer = await fetch({
      url: request.responseUri,
      method: 'POST',
      headers: FORM,
      body: makeDirectPostBody({ response: await makeEncryptedResponse(response, request.responseEncryption) }),
      accept: ['application/json'],
    })
    const { redirect_uri } = readDirectPost(answer)
    return redirect_uri === undefined ? {} : { redirectUri: redirect_uri }
  })
}

function readDirectPost(answer: OutboundResponse): DirectPostResponse {
  if (answer.status === 200) return parseDirectPostResponse(decodeUtf8(answer.body))
  throw new WalletError('refused', 'response_refused', `the verifier answered with status ${answer.status}`)
}

function stateOf({ request }: PreparedPresentation) {
  return request.state === undefined ? {} : { state: request.state }
}
