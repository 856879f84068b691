import { type HeldCredential, type OfferedReceipt, WalletError } from '@wegwijzer/wallet-core'
import {
  describeFailure,
  exitCodeOf,
  type Failure,
  OfferRefusedError,
  RefusedByUserError,
  UsageError,
} from '../failure.ts'
import { safeText } from '../render/safe-text.ts'
import { pickText, type Wording } from '../texts/texts.ts'
import { describeCredential } from './card-document.ts'
import type { CommandContext, Outcome } from './command.ts'

export interface ReceiveInput {
  readonly offers: readonly string[]
  /** They go, in their order, to the offers that want one. */
  readonly txCodes: readonly string[]
}

/**
 * Collects what each offer offers. One that fails does not keep the others from being tried: the outcome names every
 * failure, and its exit code is the highest of theirs.
 */
export async function receive({ offers, txCodes }: ReceiveInput, context: CommandContext): Promise<Outcome> {
  const { words } = context.wording
  const codes = [...txCodes]
  const received: HeldCredential[] = []
  const failed: { readonly offer: number; readonly failure: Failure }[] = []
  for (const [at, offer] of offers.entries()) {
    try {
      received.push(...(await receiveOne(offer, codes, context)))
    } catch (error) {
      if (offers.length === 1) throw error
      const failure = describeFailure(error, words)
      failed.push({ offer: at + 1, failure })
      context.terminal.note(`${words.receive.failed(at + 1)} ${failure.message}`)
      if (error instanceof RefusedByUserError) break
    }
  }
  return { ...outcomeOf(received, context.wording), ...outcomeOfFailures(received, failed, context.wording) }
}

async function receiveOne(offer: string, codes: string[], context: CommandContext): Promise<readonly HeldCredential[]> {
  const { wallet, terminal, wording } = context
  const { words } = wording
  terminal.note(words.receive.checking)
  const receipt = await wallet.beginReceipt(offer)
  const types = receipt.types.map(({ name }) => pickText(name, wording)).join(', ')
  terminal.note(words.receive.offered(pickText(receipt.issuer.name, wording), types))
  const txCode = receipt.txCode && (codes.shift() ?? (await askTxCode(receipt, context)))
  try {
    return await wallet.acceptReceipt(receipt, { ...(txCode !== undefined && { txCode }) })
  } catch (error) {
    throw asRefusedOffer(error, receipt)
  }
}

/** After so many wrong codes an issuer may lock an offer; ours does. */
const CODES_BEFORE_LOCK = 5

/**
 * An issuer says `invalid_grant` of a wrong code and of a spent, expired or locked offer alike. The wallet knows whether there
 * was a code at all, and how often one was refused.
 */
function asRefusedOffer(error: unknown, { txCode, resumed }: OfferedReceipt): unknown {
  if (!(error instanceof WalletError) || error.reason !== 'invalid_grant') return error
  if (txCode === undefined) return resumed ? error : new OfferRefusedError('offerSpent', { cause: error })
  const refusedCodes = (txCode.refusedCodes ?? 0) + 1
  return refusedCodes < CODES_BEFORE_LOCK ? error : new OfferRefusedError('offerMaybeLocked', { cause: error })
}

async function askTxCode({ txCode, issuer }: OfferedReceipt, { terminal, wording }: CommandContext): Promise<string> {
  if (!terminal.isInteractive) throw new UsageError('tx_code_needed')
  const { receive } = wording.words
  if (txCode?.description !== undefined) terminal.note(safeText(txCode.description))
  const hint = txCode?.length === undefined ? '' : receive.codeLength(txCode.length)
  return (await terminal.ask(receive.askCode(pickText(issuer.name, wording), hint))).trim()
}

function outcomeOf(received: readonly HeldCredential[], wording: Wording): Outcome {
  const lines = received.map(({ display, issuer }) =>
    wording.words.receive.received(pickText(display.name, wording), pickText(issuer.name, wording)),
  )
  return {
    document: { credentials: received.map((credential) => describeCredential(credential, wording)) },
    text: lines.join('\n'),
  }
}

function outcomeOfFailures(
  received: readonly HeldCredential[],
  failed: readonly { readonly offer: number; readonly failure: Failure }[],
  wording: Wording,
): Partial<Outcome> {
  const [worst] = failed.toSorted((one, other) => exitCodeOf(other.failure) - exitCodeOf(one.failure))
  if (worst === undefined) return {}
  return {
    document: {
      ...outcomeOf(received, wording).document,
      failed: failed.map(({ offer, failure }) => ({ offer, error: { ...failure } })),
      error: { ...worst.failure },
    },
    exitCode: exitCodeOf(worst.failure),
  }
}
