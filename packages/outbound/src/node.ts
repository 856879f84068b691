import { lookup as lookupHost } from 'node:dns/promises'
import http from 'node:http'
import https from 'node:https'
import type { LookupFunction, Socket } from 'node:net'
import { createSecureContext, getCACertificates } from 'node:tls'
import { type AddressRules, checkAddresses, knownAddresses, parseTarget } from './address.ts'
import { checkHead, makeBoundedBody, mediaTypeOf } from './answer.ts'
import { DEFAULT_TIMEOUT_MS, OutboundError, type OutboundRequest, type OutboundResponse } from './exchange.ts'

/** Resolves a host name to its addresses, in the order in which they are to be tried. */
export type ResolveHost = (hostname: string) => Promise<readonly string[]>

export interface NodeFetchOptions extends AddressRules {
  /** The system's resolver by default. What it gives is checked, and is what is connected to: no one asks again. */
  readonly resolveHost?: ResolveHost
  /** Until a new connection stands, with its TLS: five seconds by default. */
  readonly connectTimeoutMs?: number
  /** Development only: PEM of authorities that are believed beside those that Node trusts. */
  readonly extraAuthorities?: string
}

/** An `OutboundFetch` that keeps connections open. */
export interface NodeFetch {
  (request: OutboundRequest): Promise<OutboundResponse>
  /** Drops the connections that are kept, and those in use. */
  readonly close: () => void
}

/** What one exchange needs of the fetch it belongs to. */
interface Connections {
  readonly agent: http.Agent | https.Agent
  readonly lookup: LookupFunction
  readonly connectTimeoutMs: number
}

const DEFAULT_CONNECT_TIMEOUT_MS = 5000
const MAX_HEADER_BYTES = 16_384
const AGENT_OPTIONS = { keepAlive: true, maxFreeSockets: 16 } as const

/**
 * Fetches from strangers, in a service.
 *
 * A name is resolved once per connection; every address that it has must be within the rules, and the connection goes to
 * one of these very addresses, so that a name that resolves differently a moment later (DNS rebinding) gains nothing. Host
 * and server name stay those of the URL. An encoded answer is refused, because it could unfold to any size.
 */
export function createNodeFetch(options: NodeFetchOptions): NodeFetch {
  const lookup = makeCheckedLookup(options)
  const { connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS, extraAuthorities } = options
  const secureOptions = {
    ...AGENT_OPTIONS,
    // Made once: reading all authorities anew for each connection costs more than the connection.
    ...(extraAuthorities !== undefined && {
      secureContext: createSecureContext({ ca: [...getCACertificates('default'), extraAuthorities] }),
    }),
  }
  const plain: Connections = { agent: new http.Agent(AGENT_OPTIONS), lookup, connectTimeoutMs }
  const secure: Connections = { agent: new https.Agent(secureOptions), lookup, connectTimeoutMs }
  const outboundFetch = async (request: OutboundRequest): Promise<OutboundResponse> => {
    const url = parseTarget(request.url, options)
    try {
      return await exchange(url, request, url.protocol === 'https:' ? secure : plain)
    } catch (error) {
      throw asOutboundError(error)
    }
  }
  return Object.assign(outboundFetch, {
    close: () => {
      plain.agent.destroy()
      secure.agent.destroy()
    },
  })
}

async function resolveWithSystem(hostname: string): Promise<readonly string[]> {
  return (await lookupHost(hostname, { all: true })).map(({ address }) => address)
}

/** What the socket asks for the addresses of a name; `localhost` is known without asking, like addresses themselves. */
function makeCheckedLookup({ resolveHost = resolveWithSystem, ...rules }: NodeFetchOptions): LookupFunction {
  const resolve = async (hostname: string) => {
    const addresses = knownAddresses(hostname) ?? (await resolveHost(hostname))
    if (addresses.length === 0) throw new OutboundError('unreachable', 'the host has no address')
    checkAddresses(addresses, rules)
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  }
  return (hostname, { all }, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses
        if (all) callback(null, addresses)
        else callback(null, first?.address ?? '', first?.family)
      },
      (error: unknown) => callback(asOutboundError(error), []),
    )
  }
}

function exchange(url: URL, request: OutboundRequest, connections: Connections): Promise<OutboundResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = (url.protocol === 'https:' ? https : http).request(url, {
      agent: connections.agent,
      lookup: connections.lookup,
      method: request.method ?? 'GET',
      headers: makeHeaders(request),
      maxHeaderSize: MAX_HEADER_BYTES,
    })
    const fail = (error: unknown) => {
      reject(error)
      outgoing.destroy()
    }
    const total = setTimeout(() => fail(timedOut()), request.timeoutMs ?? DEFAULT_TIMEOUT_MS)
    let hasAnswer = false
    outgoing.on('close', () => {
      clearTimeout(total)
      // A host that switches to another protocol answers nothing, and that is no error to Node.
      if (!hasAnswer) fail(unreachable())
    })
    outgoing.on('socket', (socket) => {
      // A connection that was kept stands already.
      if (socket.connecting) limitConnecting(socket, url.protocol, () => fail(timedOut()), connections.connectTimeoutMs)
    })
    outgoing.on('error', fail)
    outgoing.on('response', (incoming) => {
      hasAnswer = true
      readAnswer(incoming, request).then(resolve, fail)
    })
    outgoing.end(request.body)
  })
}

function makeHeaders(request: OutboundRequest): Record<string, string> {
  const headers = new Headers(request.headers)
  headers.set('accept', request.accept.join(', '))
  headers.set('accept-encoding', 'identity')
  return Object.fromEntries(headers)
}

function limitConnecting(socket: Socket, protocol: string, onTimeout: () => void, timeoutMs: number): void {
  const timer = setTimeout(onTimeout, timeoutMs)
  const stop = () => clearTimeout(timer)
  socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', stop)
  socket.once('close', stop)
}

async function readAnswer(incoming: http.IncomingMessage, request: OutboundRequest): Promise<OutboundResponse> {
  const status = incoming.statusCode ?? 0
  const headers = readHeaders(incoming.rawHeaders)
  checkHead(status, headers, request)
  if ((headers.get('content-encoding') ?? 'identity') !== 'identity') {
    throw new OutboundError('media_type', 'the answer is encoded, which was not asked for')
  }
  const body = makeBoundedBody(request)
  for await (const part of incoming) body.add(part)
  return { status, mediaType: mediaTypeOf(headers), headers, body: body.octets() }
}

/** @param rawHeaders Names and values in turn. */
function readHeaders(rawHeaders: readonly string[]): Headers {
  const headers = new Headers()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
  return headers
}

function asOutboundError(error: unknown): OutboundError {
  if (error instanceof OutboundError) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new OutboundError('too_large', 'the head of the answer is too large', { cause: error })
  }
  return unreachable(error)
}

function unreachable(cause?: unknown): OutboundError {
  return new OutboundError('unreachable', 'the host cannot be reached or does not answer properly', { cause })
}

function timedOut(): OutboundError {
  return new OutboundError('timeout', 'the answer takes too long')
}
