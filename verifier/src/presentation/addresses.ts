import { makeAuthorizationRequestUri } from '@wegwijzer/protocol/openid4vp'
import type { VerifierContext } from '../context.ts'
import type { OpenSession, ReceivedSession } from './session.ts'

type Urls = Pick<VerifierContext, 'verifierUrl' | 'walletUrl'>
type Named = Pick<OpenSession, 'organisation' | 'handle'>

/** Path of each endpoint that a wallet or a browser comes to, below the public base URL. */
export const PATHS = {
  request: '/:organisation/requests/:handle',
  response: '/:organisation/responses/:handle',
  start: '/:organisation/start/:secret',
  presented: '/:organisation/presented/:handle',
} as const

export function requestUriOf({ verifierUrl }: Urls, { organisation, handle }: Named): string {
  return `${verifierUrl}/${organisation}/requests/${handle}`
}

export function responseUriOf({ verifierUrl }: Urls, { organisation, handle }: Named): string {
  return `${verifierUrl}/${organisation}/responses/${handle}`
}

export function startLinkOf({ verifierUrl }: Urls, organisation: string, secret: string): string {
  return `${verifierUrl}/${organisation}/start/${secret}`
}

/** The page that a worker comes back to, before the response code is added. */
export function presentedPageOf({ verifierUrl }: Urls, { organisation, handle }: Pick<ReceivedSession, keyof Named>) {
  return `${verifierUrl}/${organisation}/presented/${handle}`
}

/** Opens a wallet of any maker. @see OpenID4VP 1.0 §9 wallet-invocation */
export function authorizationRequestOf(urls: Urls, session: OpenSession): string {
  return makeLink(urls, session, session.walletEndpoint ?? 'openid4vp://')
}

/** Opens our wallet. */
export function walletLinkOf(urls: Urls, session: OpenSession): string {
  return makeLink(urls, session, `${urls.walletUrl}/delen`)
}

function makeLink(urls: Urls, session: OpenSession, endpoint: string): string {
  const requestUri = requestUriOf(urls, session)
  return makeAuthorizationRequestUri(endpoint, { clientId: session.clientId, requestUri, requestUriMethod: 'post' })
}
