import type { JsonObject } from '@wegwijzer/protocol/json'
import type { Change, RecordValue, WalletRecord, WalletRecords } from '@wegwijzer/storage/records'
import type { CredentialCopy, HeldCredential } from './held-credential.ts'

/** Where cards and copies are kept. A copy stands in a collection of its credential, so that one card's copies are read alone. */
const CREDENTIALS = 'credential'
const copiesOf = (credentialId: string) => `copy/${credentialId}`

/** The changes that keep a credential and all its copies, to be written in one go. */
export function keepCredential(credential: HeldCredential, copies: readonly CredentialCopy[]): readonly Change[] {
  return [
    { collection: CREDENTIALS, id: credential.id, value: asRecord(credential), expected: undefined },
    ...copies.map((copy, at) => ({
      collection: copiesOf(credential.id),
      id: String(at).padStart(3, '0'),
      value: asRecord(copy),
      expected: undefined,
    })),
  ]
}

/** Every card, the newest first. */
export async function listCredentials(records: WalletRecords): Promise<readonly HeldCredential[]> {
  const found = await records.list(CREDENTIALS)
  return found
    .map(({ value }) => value as unknown as HeldCredential)
    .sort((one, other) => other.receivedAt - one.receivedAt)
}

export async function readCredential(records: WalletRecords, id: string): Promise<HeldCredential | undefined> {
  return (await records.read(CREDENTIALS, id)) as unknown as HeldCredential | undefined
}

export function listCopies(records: WalletRecords, credentialId: string): Promise<readonly WalletRecord[]> {
  return records.list(copiesOf(credentialId))
}

/** The change that spends a copy: refused when another terminal or tab spent it first. */
export function spendCopy(credentialId: string, copy: WalletRecord): Change {
  return { collection: copiesOf(credentialId), id: copy.id, value: undefined, expected: copy.value }
}

/** Our own records are written by this file alone and sealed, so their form is known. */
export function readCopy({ value }: WalletRecord): CredentialCopy {
  return value as unknown as CredentialCopy
}

function asRecord(value: HeldCredential | CredentialCopy): RecordValue {
  return JSON.parse(JSON.stringify(value)) as JsonObject
}
