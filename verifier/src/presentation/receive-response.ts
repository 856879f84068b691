import { importNodeDecryptionKey } from '@wegwijzer/keys/node-encryption'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import {
  type AuthorizationResponse,
  type DirectPost,
  type DirectPostResponse,
  decryptResponse,
  isAuthorizationErrorCode,
  makeRedirectUri,
  parseDirectPostBody,
} from '@wegwijzer/protocol/openid4vp'
import { OAuthError } from '@wegwijzer/server'
import { Problem } from '@wegwijzer/server/problem'
import type { TrustList } from '@wegwijzer/trust/trust-list'
import type { VerifierContext } from '../context.ts'
import { hashSecret, isSameText, makeSecret } from '../secret.ts'
import { presentedPageOf } from './addresses.ts'
import { judgeResponse } from './judge.ts'
import { openResponseKey } from './request.ts'
import {
  isOpen,
  isReceived,
  type OpenSession,
  type PresentationSession,
  REPEAT_SECONDS,
  type ReceivedSession,
  type Reception,
  receive,
} from './session.ts'
import { readSessionByHandle, readSessionUnderPolicy, replaceSession, type SessionUnderPolicy } from './store.ts'

/**
 * Takes what a wallet posts to a `response_uri`: reads it, judges it, and writes the verdict down if nobody else did before.
 *
 * What cannot be decrypted or read leaves the request open, so that nobody can spoil it who does not know its key. The same
 * response again, within five minutes, gets the first answer again.
 *
 * @param body The form.
 * @throws {OAuthError | ProtocolError} `invalid_request`
 * @throws {Problem} 503 while the trust list cannot be had: the request stays open.
 * @see OpenID4VP 1.0 §8.3.1 direct_post_jwt
 */
export async function receiveResponse(
  context: VerifierContext,
  { organisation, handle }: { readonly organisation: string; readonly handle: string },
  body: Readonly<Record<string, unknown>>,
): Promise<DirectPostResponse> {
  const now = context.now()
  const post = parseDirectPostBody(body)
  const responseHash = hashSecret(JSON.stringify(post))
  const found = await readSessionUnderPolicy(context.db, organisation, handle, now)
  if (found === undefined) throw unknownRequest()
  const { session, active } = found
  if (!isOpen(session)) return answerAgain(context, session, responseHash, now)

  const reception = await judge(context, { session, active }, await open(context, session, post), now)
  const received = { now, responseHash, responseCode: makeSecret() }
  let current: PresentationSession | undefined = session
  while (current !== undefined && isOpen(current)) {
    const next = receive(current, reception, received)
    if (await replaceSession(context.db, current, next)) {
      logReception(context, next)
      return answerTo(context, next)
    }
    // A wallet that fetches the request again changes the session too, without answering it.
    current = await readSessionByHandle(context.db, organisation, handle, now)
  }
  if (current === undefined) throw unknownRequest()
  return answerAgain(context, current, responseHash, now)
}

/** @see OpenID4VP 1.0 §8.5 error-response */
async function open(context: VerifierContext, session: OpenSession, post: DirectPost): Promise<AuthorizationResponse> {
  if ('response' in post)
    return decryptResponse(post.response, importNodeDecryptionKey(openResponseKey(context, session)))
  return post
}

async function judge(
  context: VerifierContext,
  { session, active }: SessionUnderPolicy & { readonly session: OpenSession },
  response: AuthorizationResponse,
  now: EpochSeconds,
): Promise<Reception> {
  if ('error' in response) {
    // Who does not know the state has not seen the request, and ends it for nobody.
    if (response.state === undefined || !isSameText(response.state, session.state)) {
      throw new ProtocolError('invalid_request', 'state is not the one of this request')
    }
    // A code of a wallet that we do not know may be any text.
    return { error: isAuthorizationErrorCode(response.error) ? response.error : 'other' }
  }
  const { policy } = active
  const list = await readTrustList(context)
  const { crypto, trust } = context
  const judgement = await judgeResponse(response, { asked: session, policy, list, trust, now, crypto })
  return { ...judgement, retentionDays: policy.retention.days }
}

/** Our own outage, and not the wallet's fault: a copy of a credential must not be lost by it. */
async function readTrustList({ trust }: VerifierContext): Promise<TrustList> {
  try {
    return await trust.list.current()
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause
    throw new Problem(503, 'Whom to trust cannot be known now. Try again later.', {
      headers: { 'retry-after': '15' },
      cause,
    })
  }
}

function answerAgain(
  context: VerifierContext,
  session: PresentationSession,
  responseHash: string,
  now: EpochSeconds,
): DirectPostResponse {
  if (isReceived(session) && session.responseHash === responseHash && now < session.receivedAt + REPEAT_SECONDS) {
    return answerTo(context, session)
  }
  throw new ProtocolError('invalid_request', 'this request has been answered, or has expired')
}

/** In a same-device flow the worker goes on to our page, with a code that counts only in the browser that asked. */
function answerTo(context: VerifierContext, session: ReceivedSession): DirectPostResponse {
  const { browser } = session
  if (browser === undefined) return {}
  return { redirect_uri: makeRedirectUri(presentedPageOf(context, session), browser.responseCode) }
}

function logReception({ logEvent }: VerifierContext, session: ReceivedSession): void {
  const { organisation, policy } = session
  const fields = { organisation, policy: policy.id }
  if (session.status === 'refused') {
    logEvent('presentation.refused', { ...fields, reason: session.error })
    return
  }
  const { verdict, checks } = session.report
  const failure = checks.find(({ outcome }) => outcome === 'failed')
  logEvent('presentation.answered', {
    ...fields,
    outcome: verdict,
    ...(failure && { check: failure.check }),
    ...(failure?.reason !== undefined && { reason: failure.reason }),
  })
}

/** The same for a request that never was and for one of another organisation. */
export function unknownRequest(): OAuthError {
  return new OAuthError('invalid_request', 'There is no such request.', { status: 404 })
}
