import type { Awaitable } from '../crypto.ts'
import { ProtocolError, rejectAs } from '../errors.ts'

/** DEFLATE in the ZLIB data format (RFC 1950); a service may put node:zlib here, which is faster than the Web API. */
export type Deflate = (bytes: Uint8Array) => Awaitable<Uint8Array>

/** The reverse; must stop, by throwing, before it has written more than `maxBytes`. */
export type Inflate = (compressed: Uint8Array, maxBytes: number) => Awaitable<Uint8Array>

/** One octet can become 1,032; an engine may inflate a whole piece before anyone counts, so pieces are small. */
const PIECE_BYTES = 4096

/** Compresses with the Web API, which exists in browsers and Node alike. */
export const deflateWithStreams: Deflate = async (bytes) => {
  return collect(inPieces(bytes).pipeThrough(new CompressionStream('deflate')), Number.POSITIVE_INFINITY)
}

/** Decompresses with the Web API and stops at `maxBytes`. */
export const inflateWithStreams: Inflate = (compressed, maxBytes) => {
  return collect(inPieces(compressed).pipeThrough(new DecompressionStream('deflate')), maxBytes)
}

/**
 * Decompresses what a stranger calls a Status List.
 *
 * @param maxBytes What the list may be at most, uncompressed: a small text can hold gigabytes of zeros.
 * @throws {ProtocolError} `invalid_status_list` when it is not ZLIB data, ends early, or becomes larger.
 * @see Token Status List §4.1 status-list-byte-array
 */
export function decompressStatusBitmap(
  compressed: Uint8Array,
  maxBytes: number,
  inflate: Inflate = inflateWithStreams,
): Promise<Uint8Array> {
  return rejectAs('invalid_status_list', async () => {
    const bytes = await inflate(compressed, maxBytes)
    if (bytes.length > maxBytes) throw tooLarge()
    return bytes
  })
}

function inPieces(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.slice(at, at + PIECE_BYTES))
      at += PIECE_BYTES
    },
  })
}

async function collect(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const reader = stream.getReader()
  const pieces: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return concatenate(pieces, length)
    length += value.length
    if (length > maxBytes) {
      await reader.cancel()
      throw tooLarge()
    }
    pieces.push(value)
  }
}

function concatenate(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

function tooLarge(): ProtocolError {
  return new ProtocolError('invalid_status_list', 'the decompressed list is larger than a list may be')
}
