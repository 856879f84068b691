import { importWebSigner } from '@wegwijzer/keys/web'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { decodeBase64url } from '@wegwijzer/protocol/jose'
import { type NamedRecord, openBackup, sealBackup } from '@wegwijzer/storage/records'
import { Type } from 'typebox'
import { Check } from 'typebox/value'
import { keepTransaction, listTransactions } from '../activity/activity-log.ts'
import { isTransaction } from '../activity/transaction.ts'
import { keepCredential, listCopies, listCredentials, readCopy, readCredential } from '../holdings/holdings.ts'
import type { WalletContext } from '../platform.ts'
import { verifyCard } from '../receive/verify-card.ts'
import { judging, WalletError } from '../wallet-error.ts'

const CARD = 'card'
const ACTIVITY = 'activity'

/** A card as it travels: what it takes to verify it again, and nothing that would have to be believed. */
const PortableCard = Type.Object({
  id: Type.String({ pattern: '^[a-z0-9]{10}$' }),
  credentialIssuer: Type.String({ maxLength: 2048 }),
  vct: Type.String({ maxLength: 2048 }),
  format: Type.Optional(Type.Literal('jwt_vc_json')),
  receivedAt: Type.Integer({ minimum: 0, maximum: 253_402_300_799 }),
  /** A hint, not a statement: it decides how many copies to ask for, and when. */
  reuse: Type.Optional(
    Type.Object({
      batchSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
      refillAt: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
    }),
  ),
  copies: Type.Array(Type.Object({ sdJwt: Type.String(), pkcs8: Type.String({ maxLength: 1000 }) }), { maxItems: 200 }),
})

export interface ImportResult {
  readonly added: number
  /** Cards that were here already. */
  readonly known: number
  /** Cards that are not believed (any more): expired, of an issuer that is gone from the trust list, or altered. */
  readonly refused: number
}

/**
 * Everything the worker has, in one file that only the passphrase opens: cards with their unused copies and keys, and the
 * activity log.
 */
export async function exportBackup({ records }: WalletContext, passphrase: string): Promise<Uint8Array> {
  const cards = await Promise.all(
    (await listCredentials(records)).map(
      async ({ id, vct, format, issuer, receivedAt, reuse }): Promise<NamedRecord> => {
        const copies = (await listCopies(records, id)).map(readCopy).map(({ sdJwt, pkcs8 }) => ({ sdJwt, pkcs8 }))
        return {
          collection: CARD,
          id,
          value: {
            id,
            credentialIssuer: issuer.credentialIssuer,
            vct,
            ...(format && { format }),
            receivedAt,
            ...(reuse && { reuse: { ...reuse } }),
            copies,
          },
        }
      },
    ),
  )
  const activity = (await listTransactions(records)).map((transaction): NamedRecord => {
    const change = keepTransaction(transaction)
    return { collection: ACTIVITY, id: change.id, value: change.value }
  })
  return sealBackup([...cards, ...activity], passphrase)
}

/**
 * Takes over what is in a backup and not yet here, all of it in one write or nothing.
 *
 * A card out of a file is verified as one that was just received: the file's passphrase says who wrote the file, not that an
 * issuer ever signed what is in it. A card of which every copy was used cannot be verified and stays behind.
 *
 * @throws {WrongPassphraseError} {DamagedDataError} as `openBackup`; then nothing is imported.
 */
export async function importBackup(
  context: WalletContext,
  file: Uint8Array,
  passphrase: string,
): Promise<ImportResult> {
  const found = await openBackup(file, passphrase)
  // A trust list that does not hold is no verdict on a card.
  await judging('not_trusted', () => context.trust.current())
  const cards = found.filter(({ collection }) => collection === CARD)
  const verified = await Promise.all(cards.map((card) => verifyPortableCard(context, card)))
  const changes = verified.flatMap((card) =>
    typeof card === 'string' ? [] : keepCredential(card.credential, card.copies),
  )
  // What this wallet wrote itself is never replaced by what a file says.
  const logged = new Set((await listTransactions(context.records)).map((one) => one.transactionIdentifier))
  const transactions = found.flatMap(({ collection, id, value }) =>
    collection === ACTIVITY && isTransaction(value) && value.transactionIdentifier === id && !logged.has(id)
      ? [keepTransaction(value)]
      : [],
  )
  await context.records.write([...changes, ...transactions])
  const count = (what: 'known' | 'refused') => verified.filter((card) => card === what).length
  return { added: cards.length - count('known') - count('refused'), known: count('known'), refused: count('refused') }
}

async function verifyPortableCard(context: WalletContext, { id, value }: NamedRecord) {
  // A file names a record once; so that a card is in it once too, the two names must be the same.
  if (!Check(PortableCard, value) || value.id !== id) return 'refused'
  if ((await readCredential(context.records, value.id)) !== undefined) return 'known'
  try {
    const keys = await Promise.all(
      value.copies.map(async ({ pkcs8 }) => {
        const octets = decodeBase64url(pkcs8)
        return { signer: await importWebSigner(octets), pkcs8: octets }
      }),
    )
    return await verifyCard(context, { ...value, sdJwts: value.copies.map(({ sdJwt }) => sdJwt), keys })
  } catch (error) {
    // Neither is a type whose metadata cannot be had.
    if (error instanceof ProtocolError && error.code.includes('unavailable')) {
      throw new WalletError('unreachable', error.code, error.message, { cause: error })
    }
    if (error instanceof ProtocolError || error instanceof WalletError) return 'refused'
    throw error
  }
}
