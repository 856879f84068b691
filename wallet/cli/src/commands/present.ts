import {
  AnswerableRequestError,
  type PreparedPresentation,
  type PresentationPreview,
  type Wallet,
  WalletError,
} from '@wegwijzer/wallet-core'
import type { PresentAnswers } from '../command-line.ts'
import { RefusedByUserError, UsageError } from '../failure.ts'
import { nameOfVerifier } from '../render/asker.ts'
import { renderConsent, warningsOf } from '../render/consent.ts'
import { renderUnanswerable } from '../render/obstacles.ts'
import { safeLink } from '../render/safe-text.ts'
import { pickText, type Words } from '../texts/texts.ts'
import type { CommandContext, Outcome } from './command.ts'
import { asChoice } from './presentation-choice.ts'

export interface PresentInput {
  readonly request: string
  readonly answers: PresentAnswers
  /** Whether the worker said yes beforehand. */
  readonly hasConsent: boolean
}

/**
 * Answers a request: shows who asks for what and why, asks, and sends what was agreed to or that nothing is shared.
 *
 * A link to go on with is printed and never opened.
 */
export async function present(
  { request, answers, hasConsent }: PresentInput,
  context: CommandContext,
): Promise<Outcome> {
  const { wallet, terminal, wording } = context
  const { consent } = wording.words
  // Before anything is fetched: nobody could answer the question.
  if (!hasConsent && !terminal.isInteractive) throw new UsageError('consent_needed')
  terminal.note(consent.checking)
  const prepared = await begin(request, hasConsent, context)
  if (!prepared.satisfiable) return endUnanswerable(prepared, hasConsent, context)
  const choice = asChoice(prepared.queries, answers)
  const preview = wallet.preview(prepared, choice)
  const cards = await readCards(wallet, prepared)
  showScreen(renderConsent({ prepared, preview, cards }, wording), hasConsent, context)
  // With a yes beforehand and one document asked for, nobody sees the screen.
  if (hasConsent && context.isJson)
    for (const warning of warningsOf({ preview, cards }, wording)) terminal.note(warning)
  if (!hasConsent && !(await isYes(consent.question, context))) {
    await tellRefusal(prepared, context)
    throw new RefusedByUserError('the worker does not share')
  }
  const { redirectUri } = await wallet.confirmPresentation(prepared, choice)
  return outcomeOf(prepared, preview, redirectUri, context)
}

/** A request that is authentic and cannot be processed: the worker may let the asker know. */
async function begin(request: string, hasConsent: boolean, context: CommandContext): Promise<PreparedPresentation> {
  const { wallet, terminal, wording } = context
  const { consent } = wording.words
  try {
    return await wallet.beginPresentation(request)
  } catch (error) {
    if (error instanceof AnswerableRequestError && error.respondTo !== undefined && !hasConsent) {
      const verifier = pickText(error.verifierName, wording)
      const wantsToTell = await isYes(consent.tellQuestion(verifier), context)
      if (wantsToTell) terminal.note(await told(() => wallet.reportUnanswerable(error), verifier, consent))
    }
    throw error
  }
}

/** The cards that could be given, with their live status. */
async function readCards(wallet: Wallet, { queries }: PreparedPresentation) {
  const ids = new Set(queries.flatMap(({ candidates }) => candidates.map(({ credentialId }) => credentialId)))
  const cards = await Promise.all([...ids].map((id) => wallet.show(id)))
  return new Map(cards.flatMap((card) => (card === undefined ? [] : [[card.id, card] as const])))
}

/** Says why the request cannot be answered, and lets the worker tell the asker that nothing comes. */
async function endUnanswerable(
  prepared: PreparedPresentation,
  hasConsent: boolean,
  context: CommandContext,
): Promise<never> {
  const { consent } = context.wording.words
  showScreen(renderUnanswerable(prepared, context.wording), hasConsent, context)
  // A yes beforehand was a yes to sharing; only the worker's own word sends a refusal.
  if (!hasConsent && (await isYes(consent.tellQuestion(nameOfVerifier(prepared)), context))) {
    await tellRefusal(prepared, context)
  }
  const isOverAsked = prepared.queries.some(({ unmet }) => unmet?.reason === 'not_permitted')
  const reason = isOverAsked ? 'over_asking' : 'nothing_matches'
  throw new WalletError('nothing_matches', reason, 'a required part of the request cannot be answered')
}

function showScreen(screen: string, hasConsent: boolean, { terminal, isJson }: CommandContext): void {
  if (!hasConsent) terminal.showForAnswer(`\n${screen}\n`)
  else if (!isJson) terminal.print(`${screen}\n`)
}

/** Whatever is not a yes is a no. */
async function isYes(question: string, { terminal }: CommandContext): Promise<boolean> {
  return /^(ja?|y(es)?)$/i.test((await terminal.ask(question)).trim())
}

async function tellRefusal(prepared: PreparedPresentation, { wallet, terminal, wording }: CommandContext) {
  const { consent } = wording.words
  const verifier = nameOfVerifier(prepared)
  terminal.note(await told(() => wallet.refusePresentation(prepared), verifier, consent))
}

/** What to say of an attempt to tell the asker something. */
async function told(tell: () => Promise<void>, verifier: string, consent: Words['consent']): Promise<string> {
  try {
    await tell()
    return consent.told(verifier)
  } catch (error) {
    if (!(error instanceof WalletError)) throw error
    return consent.notTold(verifier)
  }
}

function outcomeOf(
  prepared: PreparedPresentation,
  { items }: PresentationPreview,
  redirectUri: string | undefined,
  { wording }: CommandContext,
): Outcome {
  const { consent } = wording.words
  const { name, identifier } = prepared.verifier
  const link = redirectUri === undefined ? undefined : safeLink(redirectUri)
  return {
    document: {
      verifier: { identifier, name },
      shared: items.map(({ queryId, credential, shared }) => ({
        queryId,
        credentialId: credential.id,
        vct: credential.vct,
        paths: shared.map(({ path }) => path),
      })),
      ...(redirectUri !== undefined && { redirectUri }),
    },
    text: [consent.done(nameOfVerifier(prepared)), ...(link === undefined ? [] : [`${consent.openLink} ${link}`])].join(
      '\n',
    ),
  }
}
