import type { Card } from '@wegwijzer/wallet-core'
import { UsageError } from '../failure.ts'
import { renderWholeCard } from '../render/card.ts'
import { shortTypeName } from '../render/type-name.ts'
import { describeCard } from './card-document.ts'
import type { CommandContext, Outcome } from './command.ts'

/** One card with everything it says. */
export async function show(id: string, { wallet, terminal, wording }: CommandContext): Promise<Outcome> {
  const found = findCards(await wallet.list(), id)
  const [card] = found
  if (card === undefined) throw new UsageError('unknown_credential', id)
  if (found.length > 1) terminal.note(wording.words.card.newestOf(found.length))
  return {
    document: { ...describeCard(card, wording), claims: card.claims },
    text: renderWholeCard(card, wording),
  }
}

/** The card of this id; else every card whose type has this short name, in the order given. */
export function findCards<C extends Pick<Card, 'id' | 'vct'>>(cards: readonly C[], id: string): readonly C[] {
  const exact = cards.filter((card) => card.id === id)
  return exact.length > 0 ? exact : cards.filter(({ vct }) => shortTypeName(vct) === id)
}
