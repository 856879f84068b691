/**
 * The counterpart broke the protocol.
 *
 * `code` is the specification's error code where it has one (`invalid_proof`, `invalid_request`); where a specification
 * only says "reject" (SD-JWT, status lists, certificates) it is a word of ours that the function's docstring lists.
 * The message is for a log or a developer: it says which rule was broken and never quotes what was received.
 */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/**
 * Runs `verify` and reports whatever it throws as `code`: inside a verifying function all that a library or a lower layer
 * throws is about the input.
 *
 * @throws {ProtocolError} always with the code given; the message of a `ProtocolError` below is kept.
 */
export async function rejectAs<T>(code: string, verify: () => T | Promise<T>): Promise<T> {
  try {
    return await verify()
  } catch (error) {
    throw asProtocolError(code, error)
  }
}

/** The same error under another code, with the original as its cause. */
export function asProtocolError(code: string, error: unknown): ProtocolError {
  if (error instanceof ProtocolError && error.code === code) return error
  const message = error instanceof ProtocolError ? error.message : 'the input could not be processed'
  return new ProtocolError(code, message, { cause: error })
}
