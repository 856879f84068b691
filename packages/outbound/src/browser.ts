import { type AddressRules, parseTarget } from './address.ts'
import { checkHead, makeBoundedBody, mediaTypeOf } from './answer.ts'
import {
  DEFAULT_TIMEOUT_MS,
  OutboundError,
  type OutboundFetch,
  type OutboundRequest,
  type OutboundResponse,
} from './exchange.ts'

/**
 * Fetches from strangers, in the wallet of a browser: no cookies, no referrer, nothing kept in the browser's cache, no
 * redirects.
 *
 * Does not see what a name resolves to: a page cannot, and the browser's own rules for local networks hold there. Addresses
 * in the URL itself are held to the same rules as in a service. The browser undoes a content encoding; what is counted is
 * what comes out.
 */
export function createBrowserFetch(rules: AddressRules): OutboundFetch {
  return async (request) => {
    const url = parseTarget(request.url, rules)
    const signal = AbortSignal.timeout(request.timeoutMs ?? DEFAULT_TIMEOUT_MS)
    try {
      return await exchange(url, request, signal)
    } catch (error) {
      if (error instanceof OutboundError) throw error
      if (signal.aborted) throw new OutboundError('timeout', 'the answer takes too long', { cause: error })
      throw new OutboundError('unreachable', 'the host cannot be reached', { cause: error })
    }
  }
}

async function exchange(url: URL, request: OutboundRequest, signal: AbortSignal): Promise<OutboundResponse> {
  const requestHeaders = new Headers(request.headers)
  requestHeaders.set('accept', request.accept.join(', '))
  const response = await fetch(url, {
    method: request.method ?? 'GET',
    headers: requestHeaders,
    body: request.body ?? null,
    // Not `error`, which cannot be told from a host that is down; the redirect is seen, and not followed.
    redirect: 'manual',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
    signal,
  })
  if (response.type === 'opaqueredirect') throw new OutboundError('redirect', 'the answer is a redirect')
  const { status, headers } = response
  try {
    checkHead(status, headers, request)
    return { status, mediaType: mediaTypeOf(headers), headers, body: await readBody(response, request) }
  } catch (error) {
    // What is not read any more should not keep coming.
    await response.body?.cancel().catch(() => undefined)
    throw error
  }
}

async function readBody(response: Response, request: OutboundRequest): Promise<Uint8Array> {
  const body = makeBoundedBody(request)
  const reader = response.body?.getReader()
  if (!reader) return body.octets()
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) body.add(part.value)
    return body.octets()
  } finally {
    reader.releaseLock()
  }
}
