import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { Change, WalletRecords } from '@wegwijzer/storage/records'

const REFUSED_CODES = 'refused-code'
/** So long the wallet remembers; an offer seldom holds longer. */
const REMEMBERED_SECONDS = 7 * 86_400

interface RefusedCodes {
  readonly count: number
  readonly until: EpochSeconds
}

/** How many codes the issuer has refused for this offer; not why, because that is not told. */
export async function countRefusedCodes(records: WalletRecords, receiptId: string, now: EpochSeconds): Promise<number> {
  const found = (await records.read(REFUSED_CODES, receiptId)) as unknown as RefusedCodes | undefined
  return found !== undefined && found.until > now ? found.count : 0
}

/** The changes that count one more, and forget the offers that nobody came back to. */
export async function countRefusedCode(
  records: WalletRecords,
  receiptId: string,
  now: EpochSeconds,
): Promise<readonly Change[]> {
  const others = (await records.list(REFUSED_CODES)).filter(({ id }) => id !== receiptId)
  const old = others.filter(({ value }) => (value as unknown as RefusedCodes).until <= now)
  const count = (await countRefusedCodes(records, receiptId, now)) + 1
  return [
    ...old.map(({ id }) => forgetRefusedCodes(id)),
    { collection: REFUSED_CODES, id: receiptId, value: { count, until: now + REMEMBERED_SECONDS } },
  ]
}

export function forgetRefusedCodes(receiptId: string) {
  return { collection: REFUSED_CODES, id: receiptId, value: undefined } satisfies Change
}
