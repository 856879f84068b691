import { renderCards } from '../render/card.ts'
import { describeCard } from './card-document.ts'
import type { CommandContext, Outcome } from './command.ts'

/** Every card with its live status, the newest first. */
export async function list({ wallet, wording }: CommandContext): Promise<Outcome> {
  const cards = await wallet.list()
  return {
    document: { credentials: cards.map((card) => describeCard(card, wording)) },
    text: renderCards(cards, wording),
  }
}
