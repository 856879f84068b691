import { type KnownTypes, renderActivity } from '../render/activity.ts'
import type { CommandContext, Outcome } from './command.ts'

/** What was received and shared: the entries as TS10 names them, without values. */
export async function activity({ wallet, wording }: CommandContext): Promise<Outcome> {
  const transactions = await wallet.activity()
  const types: KnownTypes = new Map((await wallet.listKept()).map(({ vct, display }) => [vct, display]))
  return { document: { transactions }, text: renderActivity(transactions, types, wording) }
}
