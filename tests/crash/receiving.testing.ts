import { setTimeout as delay } from 'node:timers/promises'
import { type HeldCredential, WalletError } from '@wegwijzer/wallet-core'
import type { ApiAnswer, CrashWorld, Worker } from './crash-world.testing.ts'
import type { Ledger, MadeOffer } from './ledger.testing.ts'

const PATIENCE_MS = 20_000
const PAUSE_MS = 30

/** Tries again for as long as nobody answers. @throws what is no cut. */
async function insist<T>(step: () => Promise<T>, isCut: (error: unknown) => boolean): Promise<T> {
  const until = Date.now() + PATIENCE_MS
  for (;;) {
    try {
      return await step()
    } catch (error) {
      if (!isCut(error) || Date.now() > until) throw error
      await delay(PAUSE_MS)
    }
  }
}

/** What `fetch` throws when there was no whole answer. */
const isCutFetch = (error: unknown) =>
  error instanceof TypeError || (error instanceof Error && error.name === 'AbortError')
const isCutWallet = (error: unknown) => error instanceof WalletError && error.kind === 'unreachable'

/** A call that may be done twice, until there is an answer. */
export const insistOnCall = (call: () => Promise<ApiAnswer>) => insist(call, isCutFetch)
export const insistOnWallet = <T>(step: () => Promise<T>) => insist(step, isCutWallet)

/** @returns `undefined` when the answer was cut off, so that nobody knows whether it was done. */
export async function attempt(call: () => Promise<ApiAnswer>): Promise<ApiAnswer | undefined> {
  try {
    return await call()
  } catch (error) {
    if (!isCutFetch(error)) throw error
    return undefined
  }
}

/** @throws {Error} when the answer is another one. */
export function expectStatus(answer: ApiAnswer, status: number): ApiAnswer['body'] {
  if (answer.status !== status) throw new Error(`answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** Offers a diploma, and again when the answer was cut off. */
export async function offerDiploma({ call, diploma }: CrashWorld, ledger: Ledger): Promise<MadeOffer> {
  const body = { credentialType: 'diploma', claims: diploma, txCode: false }
  const made: MadeOffer = expectStatus(await insistOnCall(() => call('issuer', '/offers', body)), 201)
  ledger.offers.push(made.id)
  return made
}

/**
 * A worker gets a diploma, whatever is killed in the meantime: the wallet goes on where it was; where the code was spent
 * and the token did not arrive it is refused, and the school offers again.
 */
export async function receiveDiploma(world: CrashWorld, ledger: Ledger, worker: Worker): Promise<HeldCredential> {
  for (;;) {
    const offer = await offerDiploma(world, ledger)
    const credential = await collect(ledger, worker, offer)
    if (credential === undefined) {
      ledger.refusedOffers.push(offer.id)
      continue
    }
    ledger.received.push({ worker, credentialId: credential.id, offerId: offer.id, revocation: 'none' })
    return credential
  }
}

/** @returns `undefined` when the code was spent by a request whose answer was cut off. */
async function collect(ledger: Ledger, worker: Worker, offer: MadeOffer): Promise<HeldCredential | undefined> {
  let cuts = 0
  try {
    const [credential] = await insist(
      async () => {
        // After a cut, a wallet that was closed and opened again.
        const wallet = cuts === 0 ? worker.wallet : worker.reopen()
        const receipt = await wallet.beginReceipt(offer.credentialOffer)
        if (receipt.resumed) ledger.resumed += 1
        return wallet.acceptReceipt(receipt)
      },
      (error) => {
        if (isCutWallet(error)) cuts += 1
        return isCutWallet(error)
      },
    )
    if (credential === undefined) throw new Error('the wallet received nothing')
    return credential
  } catch (error) {
    const isRefused = error instanceof WalletError && error.kind === 'refused' && error.reason === 'invalid_grant'
    if (!isRefused || cuts === 0) throw error
    return undefined
  } finally {
    if (cuts > 0) ledger.cuts += 1
  }
}
