import { OutboundError } from '@wegwijzer/outbound'
import { ProtocolError } from '@wegwijzer/protocol/errors'

/**
 * Why a wallet could not do what was asked, in the kinds a person or a program treats differently:
 *
 * - `invalid_input`: what was pasted, scanned or chosen is not something the wallet knows;
 * - `not_trusted`: the other side is not who it should be, may not do this, or its message is not authentic;
 * - `refused`: the other side said no, or what it answered is not an answer;
 * - `unreachable`: the other side could not be reached in time;
 * - `nothing_matches`: no credential answers what is asked.
 */
export type WalletErrorKind = 'invalid_input' | 'not_trusted' | 'refused' | 'unreachable' | 'nothing_matches'

export class WalletError extends Error {
  override readonly name = 'WalletError'
  readonly kind: WalletErrorKind
  /** A word for texts and programs, such as `issuer_unknown` or a specification's error code; never personal. */
  readonly reason: string

  constructor(kind: WalletErrorKind, reason: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
    this.reason = reason
  }
}

/**
 * Runs a step in which the other side's message is judged: whatever breaks a protocol in it becomes a `WalletError` of this
 * kind, and an address that does not answer one of `unreachable`.
 */
export async function judging<T>(kind: WalletErrorKind, step: () => Promise<T> | T): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (error instanceof ProtocolError) throw protocolError(kind, error)
    if (error instanceof OutboundError) throw outboundError(error)
    throw error
  }
}

/** What could not be had is no verdict on anybody. */
const OUT_OF_REACH: readonly string[] = ['trust_list_unavailable', 'type_metadata_unavailable', 'did_unavailable']

function protocolError(kind: WalletErrorKind, error: ProtocolError): WalletError {
  const isOutOfReach = OUT_OF_REACH.includes(error.code)
  return new WalletError(isOutOfReach ? 'unreachable' : kind, error.code, error.message, { cause: error })
}

function outboundError(error: OutboundError): WalletError {
  const isOutOfReach = error.reason === 'unreachable' || error.reason === 'timeout'
  return new WalletError(isOutOfReach ? 'unreachable' : 'not_trusted', error.reason, error.message, { cause: error })
}
