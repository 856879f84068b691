import { beginAttempt, NO_ATTEMPTS, waitUntil } from './failed-attempts.ts'
import type { Octets } from './octets.ts'
import { importRootKey, VAULT_KEY_BYTES } from './sealed-record.ts'
import { makeSealedRecords, type SealedRows } from './sealed-records.ts'
import {
  describeMethod,
  methodFor,
  type NewUnlockMethod,
  type UnlockMethod,
  type UnlockSecret,
  unwrapOctets,
  unwrapRoot,
  wrapFor,
} from './unlock-method.ts'
import { UnlockDelayedError, VaultError } from './vault-errors.ts'
import { formatHeader, MAX_METHODS, parseHeader, type StoredMethod, type VaultHeader } from './vault-header.ts'
import { DamagedDataError, type WalletRecords } from './wallet-records.ts'

/** Where one text is kept beside the sealed rows. Knows no key. */
export interface HeaderStore {
  read(): Promise<string | undefined>
  /**
   * One transaction around `change`, which sees what is there, does not wait, and may throw: then nothing was changed.
   * Durable when it resolves.
   */
  update<T>(change: (text: string | undefined) => Updated<T>): Promise<T>
}

export interface Updated<T> {
  readonly text: string
  readonly result: T
}

/** What a vault says before it is open. */
export interface VaultOutside {
  /** Empty where no vault was made. */
  readonly methods: readonly UnlockMethod[]
  /** Until when no passphrase is tried, epoch seconds. */
  readonly waitUntil: number | undefined
}

/**
 * A wallet's records behind one random key, which is wrapped once for each unlock method. The same methods open the same
 * vault in a browser and in a terminal.
 *
 * A wrong passphrase is counted, durably, and makes the next one wait (`failed-attempts.ts` says what that is worth). A passkey
 * neither counts nor waits: nobody guesses what it gives, and who plays with the passphrase shall not keep its owner out.
 *
 * After `open` nothing here holds the vault key: only keys derived of it, which can be used and not read. That is why to add or
 * to remove a method takes a secret again.
 */
export interface Vault {
  /** @throws {DamagedDataError} when what opens the vault cannot be read. */
  look(now: number): Promise<VaultOutside>
  /** @throws {VaultError} `exists`. @throws {DamagedDataError} when there are records already, but nothing that opens them. */
  make(first: NewUnlockMethod, now: number): Promise<WalletRecords>
  /**
   * @throws {VaultError} `absent`; `unknown_method`, when the vault has no such method.
   * @throws {WrongPassphraseError} {WrongPasskeyError}
   * @throws {UnlockDelayedError} when passphrases have to wait.
   * @throws {DamagedDataError}
   */
  open(secret: UnlockSecret, now: number): Promise<WalletRecords>
  /**
   * A new passphrase takes the place of the one before; a passkey that is there already gets its new input.
   *
   * @param secret Of any method there is.
   * @throws as `open`; {VaultError} `too_many_methods`. @throws {TypeError} for an empty passphrase.
   */
  addMethod(secret: UnlockSecret, added: NewUnlockMethod, now: number): Promise<void>
  /**
   * The vault key stays what it is: who copied the vault before, and has the removed secret, can open that copy, and could open
   * later copies of the records. Only a new vault (a recovery file, restored) has a new key.
   *
   * @param secret Of a method that stays, so that nobody is left with one that does not work.
   * @throws as `open`; {VaultError} `last_method`, `proof_is_removed`.
   */
  removeMethod(secret: UnlockSecret, id: string, now: number): Promise<void>
}

export function makeVault(store: HeaderStore, rows: SealedRows): Vault {
  function update<T>(now: number, change: (header: VaultHeader) => Change<T>): Promise<T> {
    return store.update((text) => {
      if (text === undefined) throw new VaultError('absent')
      const { header, result } = change(parseHeader(text, now))
      return { text: formatHeader(header), result }
    })
  }

  /** Finds the method, counts the attempt before it is made, and forgets the count when it went well. */
  async function prove<T>(secret: UnlockSecret, now: number, unwrap: Unwrap<T>): Promise<Proven<T>> {
    const { method, delayedUntil } = await update(now, (header) => begin(header, secret, now))
    if (delayedUntil !== undefined) throw new UnlockDelayedError(delayedUntil)
    const key = await unwrap(method, secret)
    await update(now, (header) => ({ header: { ...header, attempts: NO_ATTEMPTS }, result: undefined }))
    return { method, key }
  }

  return {
    async look(now) {
      const text = await store.read()
      if (text === undefined) return { methods: [], waitUntil: undefined }
      const { methods, attempts } = parseHeader(text, now)
      return { methods: methods.map(describeMethod), waitUntil: waitUntil(attempts, now) }
    },
    async make(first, now) {
      if ((await store.read()) !== undefined) throw new VaultError('exists')
      if (!(await rows.isEmpty())) throw new DamagedDataError('the key of the wallet is missing')
      const vaultKey = crypto.getRandomValues(new Uint8Array(VAULT_KEY_BYTES))
      return wiping(vaultKey, async () => {
        const made = formatHeader({ methods: [await wrapFor(first, vaultKey, now)], attempts: NO_ATTEMPTS })
        await store.update((text) => {
          if (text !== undefined) throw new VaultError('exists')
          return { text: made, result: undefined }
        })
        return makeSealedRecords(await importRootKey(vaultKey), rows)
      })
    },
    async open(secret, now) {
      const { key } = await prove(secret, now, unwrapRoot)
      return makeSealedRecords(key, rows)
    },
    async addMethod(secret, added, now) {
      const { method, key } = await prove(secret, now, unwrapOctets)
      await wiping(key, async () => {
        const stored = await wrapFor(added, key, now)
        await update(now, (header) => ({ header: withMethod(header, method, stored), result: undefined }))
      })
    },
    async removeMethod(secret, id, now) {
      const { method } = await prove(secret, now, unwrapRoot)
      await update(now, (header) => ({ header: withoutMethod(header, method, id), result: undefined }))
    },
  }
}

interface Change<T> {
  readonly header: VaultHeader
  readonly result: T
}

interface Proven<T> {
  readonly method: StoredMethod
  readonly key: T
}

type Unwrap<T> = (method: StoredMethod, secret: UnlockSecret) => Promise<T>

interface Begun {
  readonly method: StoredMethod
  readonly delayedUntil: number | undefined
}

function begin(header: VaultHeader, secret: UnlockSecret, now: number): Change<Begun> {
  const method = methodFor(header.methods, secret)
  if (method === undefined) throw new VaultError('unknown_method')
  if (method.kind === 'passkey') return { header, result: { method, delayedUntil: undefined } }
  const attempt = beginAttempt(header.attempts, now)
  const delayedUntil = attempt.mayTry ? undefined : attempt.waitUntil
  return { header: { ...header, attempts: attempt.attempts }, result: { method, delayedUntil } }
}

/** Another tab may have removed what was proven with, while it was being proven. */
function checkStillThere(methods: readonly StoredMethod[], proven: StoredMethod): void {
  if (!methods.some(({ id }) => id === proven.id)) throw new VaultError('unknown_method')
}

function withMethod(header: VaultHeader, proven: StoredMethod, added: StoredMethod): VaultHeader {
  checkStillThere(header.methods, proven)
  const methods = [...header.methods.filter((method) => !isReplacedBy(method, added)), added]
  if (methods.length > MAX_METHODS) throw new VaultError('too_many_methods')
  return { ...header, methods }
}

function isReplacedBy(method: StoredMethod, added: StoredMethod): boolean {
  if (method.kind === 'passphrase' || added.kind === 'passphrase') return method.kind === added.kind
  return method.key.credentialId === added.key.credentialId
}

function withoutMethod(header: VaultHeader, proven: StoredMethod, id: string): VaultHeader {
  checkStillThere(header.methods, proven)
  if (!header.methods.some((method) => method.id === id)) throw new VaultError('unknown_method')
  if (header.methods.length === 1) throw new VaultError('last_method')
  if (proven.id === id) throw new VaultError('proof_is_removed')
  return { ...header, methods: header.methods.filter((method) => method.id !== id) }
}

async function wiping<T>(octets: Octets, use: () => Promise<T>): Promise<T> {
  try {
    return await use()
  } finally {
    octets.fill(0)
  }
}
