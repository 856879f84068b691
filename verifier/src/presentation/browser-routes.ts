import { type Door, makeCookie, OrganisationId, readCookie } from '@wegwijzer/server'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { VerifierContext } from '../context.ts'
import { sendPage } from '../page.ts'
import { hashSecret, isSameText, makeSecret, SECRET_FORM } from '../secret.ts'
import { authorizationRequestOf, PATHS, walletLinkOf } from './addresses.ts'
import { BROWSER_PAGES } from './browser-pages.ts'
import { drawRequest } from './request.ts'
import {
  confirm,
  isOpen,
  isReceived,
  type OpenSession,
  type PreparedSession,
  type PresentationSession,
  REPEAT_SECONDS,
  type ReceivedSession,
  request,
} from './session.ts'
import { readSessionByHandle, readSessionByStart, replaceSession } from './store.ts'

const StartParams = Type.Object({ organisation: OrganisationId, secret: Type.String({ pattern: SECRET_FORM }) })
const PresentedParams = Type.Object({ organisation: OrganisationId, handle: Type.String({ pattern: SECRET_FORM }) })
const PresentedQuery = Type.Object({ response_code: Type.Optional(Type.String({ maxLength: 100 })) })

/**
 * The two pages of a same-device flow: the one that starts it, which gives the browser a cookie and only then makes the
 * request, and the one it comes back to, where the answer counts if it is the same browser.
 *
 * Who sends somebody else's wallet to a request that he started himself gets nothing: the answer comes back in a browser
 * without his cookie.
 *
 * @see HAIP 1.0 §5.1 oid4vp-redirects
 * @see OpenID4VP 1.0 §13.3 implementation_considerations_direct_post
 */
export function addBrowserRoutes(door: Door, context: VerifierContext): void {
  const { db, isSecure, now } = context
  // A program that looks at links before people do asks with HEAD, and must not be the browser that counts.
  const options = { exposeHeadRoute: false, config: { errors: 'problem' } } as const

  door.get(PATHS.start, { ...options, schema: { params: StartParams } }, async ({ params, headers }, reply) => {
    const { organisation, secret } = params
    const find = () => readSessionByStart(db, organisation, hashSecret(secret), now())
    let session = await find()
    if (session?.status === 'prepared') {
      const cookie = makeSecret()
      const started = await start(session, cookie)
      if (started !== undefined) {
        const { handle, expiresAt } = started
        const maxAgeSeconds = expiresAt - now() + REPEAT_SECONDS
        reply.header('set-cookie', makeCookie({ name: cookieName(handle), value: cookie, maxAgeSeconds, isSecure }))
        return sendToWallet(reply, started)
      }
      session = await find()
    }
    if (session === undefined || !isOpen(session)) return sendPage(reply.code(404), BROWSER_PAGES.unknownStart)
    if (!isSameBrowser(session, headers.cookie)) return sendPage(reply.code(409), BROWSER_PAGES.startedElsewhere)
    return sendToWallet(reply, session)
  })

  door.get(
    PATHS.presented,
    { ...options, schema: { params: PresentedParams, querystring: PresentedQuery } },
    async ({ params, query, headers }, reply) => {
      const find = () => readSessionByHandle(db, params.organisation, params.handle, now())
      let session = await find()
      const isReturned = (candidate: PresentationSession | undefined): candidate is ReceivedSession =>
        candidate !== undefined &&
        isReceived(candidate) &&
        isSameBrowser(candidate, headers.cookie) &&
        isSameText(candidate.browser?.responseCode ?? '', query.response_code ?? '')

      if (isReturned(session) && session.status === 'answered') {
        const confirmed = confirm(session)
        if (await replaceSession(db, session, confirmed)) {
          const { organisation, policy } = session
          context.logEvent('presentation.confirmed', { organisation, policy: policy.id })
        }
        session = await find()
      }
      if (!isReturned(session)) return sendPage(reply.code(403), BROWSER_PAGES.notConfirmed)
      const { redirectUri } = session.browser ?? {}
      return redirectUri === undefined ? sendPage(reply, BROWSER_PAGES.presented) : reply.redirect(redirectUri, 303)
    },
  )

  /** @returns `undefined` when another browser came first. */
  async function start(session: PreparedSession, cookie: string): Promise<OpenSession | undefined> {
    const { walletEndpoint, redirectUri } = session
    const { handle, asked } = await drawRequest(context, session.organisation, now())
    const browser = { cookieHash: hashSecret(cookie), ...(redirectUri !== undefined && { redirectUri }) }
    const started = request(session, handle, {
      ...asked,
      browser,
      ...(walletEndpoint !== undefined && { walletEndpoint }),
    })
    return (await replaceSession(db, session, started)) ? started : undefined
  }

  function sendToWallet(reply: FastifyReply, session: OpenSession): FastifyReply {
    const link = session.walletEndpoint === undefined ? walletLinkOf : authorizationRequestOf
    return reply.redirect(link(context, session), 303)
  }

  function isSameBrowser({ handle, browser }: OpenSession | ReceivedSession, cookies: string | undefined): boolean {
    const cookie = readCookie(cookies, { name: cookieName(handle), isSecure })
    return browser !== undefined && cookie !== undefined && isSameText(browser.cookieHash, hashSecret(cookie))
  }
}

/** Each transaction has its own, so that two at the same time do not disturb each other. */
function cookieName(handle: string): string {
  return `presentation-${handle.slice(0, 16)}`
}
