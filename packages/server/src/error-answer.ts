import type { FastifyContextConfig, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import type { DoorContext } from './door.ts'
import { corsHeaders, makeSecurityHeaders } from './headers.ts'
import type { KnownPaths } from './known-paths.ts'
import { describeError, locateError } from './log.ts'
import { invalidInput, type Mistake, type Problem } from './problem.ts'
import { renderRefusal, toRefusal } from './refusal.ts'
import { rememberRefusal } from './request-record.ts'
import { toMistakes } from './validation.ts'

/** Answers whatever was thrown, in the format of the route. */
export function makeErrorAnswer(
  { publicUrl, logger, isUnavailable }: DoorContext,
  knownPaths: KnownPaths,
): (error: unknown, request: FastifyRequest, reply: FastifyReply) => void {
  const securityHeaders = makeSecurityHeaders(publicUrl)
  return (error, request, reply) => {
    const cause = isValidationError(error) ? listMistakes(request) : error
    const refusal = toRefusal(cause, { isUnavailable, requestId: request.id })
    const { url, config } = request.routeOptions
    if (refusal.isFault) {
      logger.error({
        event: 'fault',
        requestId: request.id,
        route: url ?? 'unknown',
        error: describeError(error),
        at: locateError(error),
      })
    }
    rememberRefusal(request, refusal)

    const known: FastifyContextConfig = url === undefined ? configOf(request, knownPaths) : config
    const { status, contentType, body } = renderRefusal(refusal, known.errors ?? 'problem', known.malformed)
    // What the handler said about its own answer, such as how long it may be kept, is not true of this one.
    reply.removeHeader('etag').removeHeader('last-modified')
    reply.headers({ ...securityHeaders, ...corsHeaders(known), ...refusal.headers })
    reply.code(status).type(contentType).send(body)
  }
}

function configOf(request: FastifyRequest, knownPaths: KnownPaths): FastifyContextConfig {
  return knownPaths.find(pathOf(request))?.config ?? {}
}

/** The path of the request, as it was written. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split(/[?#]/, 1)[0] ?? '/'
}

function isValidationError(error: unknown): boolean {
  return error instanceof Error && 'validation' in error && Array.isArray(error.validation)
}

const PARTS = [
  ['params', 'path'],
  ['querystring', 'query'],
  ['headers', 'header'],
  ['body', 'body'],
] as const

/** fastify stops at the first part that does not fit; a developer wants to hear of all. */
function listMistakes(request: FastifyRequest): Problem {
  const mistakes = PARTS.flatMap(([part, name]): readonly Mistake[] => {
    const value = part === 'querystring' ? request.query : request[part]
    const result: unknown = request.getValidationFunction(part)?.(value ?? null)
    return hasErrors(result) ? toMistakes(name, result.error) : []
  })
  return invalidInput(mistakes)
}

function hasErrors(result: unknown): result is { readonly error: readonly FastifySchemaValidationError[] } {
  return typeof result === 'object' && result !== null && 'error' in result && Array.isArray(result.error)
}
