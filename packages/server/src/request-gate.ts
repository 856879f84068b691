import type { FastifyReply, FastifyRequest } from 'fastify'
import type { DoorContext } from './door.ts'
import { pathOf } from './error-answer.ts'
import { parseForm } from './form.ts'
import { corsHeaders, makeSecurityHeaders, preflightHeaders } from './headers.ts'
import type { KnownPath, KnownPaths } from './known-paths.ts'
import { isCrossOrigin, isOrganisationApi } from './organisation-api.ts'
import { invalidInput, Problem } from './problem.ts'
import { unavailable } from './refusal.ts'
import { recordRequest } from './request-record.ts'

/**
 * What happens to every request before its body is read: its line in the log is prepared, headers are set, load and rate
 * are checked, unknown paths and methods are answered, and the query is parsed.
 */
export function makeRequestGate(
  context: DoorContext,
  knownPaths: KnownPaths,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined> {
  const { publicUrl, apiVersion, load, limitRate, now } = context
  const securityHeaders = makeSecurityHeaders(publicUrl)

  return async (request, reply) => {
    const path = pathOf(request)
    const known = request.is404 ? knownPaths.find(path) : undefined
    const config = known?.config ?? request.routeOptions.config
    // The pattern where there is one: the same path can be written in many ways.
    const pattern = known?.pattern ?? request.routeOptions.url
    const isApi = isOrganisationApi(pattern ?? path)
    recordRequest(request, reply, context, pattern)
    reply.headers({
      ...securityHeaders,
      ...corsHeaders(config),
      ...(isApi && apiVersion !== undefined && { 'api-version': apiVersion }),
    })

    if (config.isOperational && !request.is404) return undefined
    if (!load.enter()) throw unavailable()
    reply.raw.once('close', load.leave)
    const waitSeconds = limitRate(request.ip, isApi, now())
    if (waitSeconds > 0) throw tooManyRequests(waitSeconds)

    if (request.is404) return answerUnknown(request, reply, known)
    if (isApi && isCrossOrigin(request.headers.origin, request.headers.host, publicUrl)) {
      throw new Problem(403, 'This API answers no page of another site.')
    }
    if (Object.values(request.params ?? {}).some((value) => typeof value === 'string' && value.includes('\0'))) {
      throw new Problem(400, 'The path has the character U+0000.')
    }
    request.query = parseQuery(request.url)
    return undefined
  }
}

function answerUnknown(request: FastifyRequest, reply: FastifyReply, known: KnownPath | undefined): FastifyReply {
  if (!known) throw new Problem(404, 'There is nothing at this address.')
  const isForWallets = known.config.cors === 'wallet'
  const methods = isForWallets ? [...known.methods, 'OPTIONS'] : known.methods
  const headers = { allow: methods.join(', ') }
  if (request.method === 'OPTIONS' && isForWallets) {
    return reply
      .code(204)
      .headers({ ...headers, ...preflightHeaders(known.methods) })
      .send()
  }
  throw new Problem(405, `Only these methods exist here: ${methods.join(', ')}.`, { headers })
}

/** @throws {Problem} 400, with the place of the mistake as for any other part of the request. */
function parseQuery(url: string): Readonly<Record<string, string>> {
  const start = url.indexOf('?')
  if (start < 0) return {}
  try {
    return parseForm(url.slice(start + 1).split('#', 1)[0] ?? '')
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw invalidInput([{ in: 'query', pointer: '', detail: `was refused: ${error.message}` }])
  }
}

function tooManyRequests(waitSeconds: number): Problem {
  return new Problem(429, `Too many requests from your address. Try again in ${waitSeconds} seconds.`, {
    headers: { 'retry-after': String(waitSeconds) },
  })
}
