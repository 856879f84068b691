import { DEFAULT_MAX_BYTES, OutboundError, type OutboundRequest } from './exchange.ts'

/**
 * Decides from its head whether an answer is worth reading.
 *
 * The media type of an answer that is no success is not looked at: it is for the caller to read, or not.
 *
 * @throws {OutboundError} `redirect`, `media_type`, `too_large`
 */
export function checkHead(status: number, headers: Headers, request: OutboundRequest): void {
  if (status >= 300 && status < 400) throw new OutboundError('redirect', 'the answer is a redirect')
  const isSuccess = status >= 200 && status < 300
  // 204 has no content and so no type.
  if (isSuccess && status !== 204 && !isAccepted(mediaTypeOf(headers), request.accept)) {
    throw new OutboundError('media_type', 'the answer is of a media type that was not asked for')
  }
  const announced = Number(headers.get('content-length') ?? 0)
  if (announced > maxBytesOf(request)) throw tooLarge()
}

/** @returns The essence of `Content-Type`. @see RFC 9110 §8.3.1 */
export function mediaTypeOf(headers: Headers): string | undefined {
  const [essence = ''] = (headers.get('content-type') ?? '').split(';')
  const mediaType = essence.trim().toLowerCase()
  return /^[!#$%&'*+.^_`|~\w-]+\/[!#$%&'*+.^_`|~\w-]+$/.test(mediaType) ? mediaType : undefined
}

function isAccepted(mediaType: string | undefined, accept: readonly string[]): boolean {
  return accept.some((accepted) => accepted.toLowerCase() === mediaType)
}

/** A body as it grows, never beyond what the request allows. */
export interface BoundedBody {
  /** @throws {OutboundError} `too_large` */
  readonly add: (part: Uint8Array) => void
  readonly octets: () => Uint8Array
}

export function makeBoundedBody(request: OutboundRequest): BoundedBody {
  const parts: Uint8Array[] = []
  let sizeBytes = 0
  return {
    add: (part) => {
      sizeBytes += part.length
      if (sizeBytes > maxBytesOf(request)) throw tooLarge()
      parts.push(part)
    },
    octets: () => {
      const octets = new Uint8Array(sizeBytes)
      let at = 0
      for (const part of parts) {
        octets.set(part, at)
        at += part.length
      }
      return octets
    },
  }
}

function maxBytesOf({ maxBytes = DEFAULT_MAX_BYTES }: OutboundRequest): number {
  return maxBytes
}

function tooLarge(): OutboundError {
  return new OutboundError('too_large', 'the answer is larger than was asked for')
}
