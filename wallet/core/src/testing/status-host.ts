import {
  makeStatusBitmap,
  makeStatusListToken,
  STATUS_LIST_MEDIA_TYPE,
  STATUS_VALUE,
  setStatusValue,
} from '@wegwijzer/protocol/status-list'
import type { Clock, Party } from './authorities.ts'
import type { Answer } from './http-server.ts'

/** How long a wallet may keep the list. */
export const STATUS_TTL_SECONDS = 5

export interface StatusHost {
  /** The next index that was never given out. */
  readonly allocate: () => number
  readonly set: (index: number, status: keyof typeof STATUS_VALUE) => void
  readonly serve: () => Promise<Answer>
}

/** One status list of two bits, as an organisation serves it. */
export function makeStatusHost(url: string, { signer, x5c }: Party, clock: Clock): StatusHost {
  const list = { bits: 2, bitmap: makeStatusBitmap(2, 4096) } as const
  let allocated = 0
  return {
    allocate: () => allocated++,
    set: (index, status) => setStatusValue(list, index, STATUS_VALUE[status]),
    serve: async () => ({
      status: 200,
      type: STATUS_LIST_MEDIA_TYPE,
      body: await makeStatusListToken({
        ...list,
        subject: url,
        issuedAt: clock.now,
        expiresAt: clock.now + 60,
        ttlSeconds: STATUS_TTL_SECONDS,
        signer,
        x5c,
      }),
    }),
  }
}
