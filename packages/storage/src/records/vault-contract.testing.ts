import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { UnlockMethod, UnlockSecret, Vault } from './records.ts'

const NOW = 1_790_812_800
const PASSPHRASE = { kind: 'passphrase', passphrase: 'correct horse' } as const
const WRONG = { kind: 'passphrase', passphrase: 'correct house' } as const
const passkey = (number: number) => ({
  kind: 'passkey' as const,
  credentialId: `passkey-of-device-${number}`,
  prfInput: new Uint8Array(32).fill(100 + number),
  prfOutput: new Uint8Array(32).fill(number),
})
const KEPT = [{ collection: 'card', id: '1', value: 'kept' }]

export interface OpenVault {
  readonly vault: Vault
  close(): void | Promise<void>
}

/** What every vault does, wherever it is kept. @param open A new one, each time. */
export function describeVault(keeper: string, open: () => Promise<OpenVault>): void {
  // A dozen derivations, each of which takes seconds where much else is going on.
  describe(`the contract of a vault, kept in ${keeper}`, { timeout: 120_000 }, () => {
    let vault: Vault
    beforeEach(async () => {
      const opened = await open()
      onTestFinished(() => opened.close())
      vault = opened.vault
    })

    const expectOpens = async (secret: UnlockSecret, now = NOW) =>
      expect(await (await vault.open(secret, now)).list('card')).toEqual([{ id: '1', value: 'kept' }])
    const expectWrong = (now: number) =>
      expect(vault.open(WRONG, now)).rejects.toMatchObject({ name: 'WrongPassphraseError' })
    const methodOf = async (kind: UnlockMethod['kind']) => {
      const found = (await vault.look(NOW)).methods.find((method) => method.kind === kind)
      if (found === undefined) throw new Error(`there is no ${kind}`)
      return found
    }
    const refused = (reason: string) => ({ name: 'VaultError', reason })

    test('is made once, and opened with what it was made with', async () => {
      expect(await vault.look(NOW)).toEqual({ methods: [], waitUntil: undefined })
      await expect(vault.open(PASSPHRASE, NOW)).rejects.toMatchObject(refused('absent'))
      await (await vault.make(PASSPHRASE, NOW)).write(KEPT)
      await expect(vault.make(PASSPHRASE, NOW)).rejects.toMatchObject(refused('exists'))
      expect(await vault.look(NOW)).toMatchObject({ methods: [{ kind: 'passphrase', addedAt: NOW }] })
      await expectOpens(PASSPHRASE)
      await expect(vault.open(passkey(1), NOW)).rejects.toMatchObject(refused('unknown_method'))
    })

    test('is made with a passkey alone, and says before it is open what to ask the passkey', async () => {
      await (await vault.make(passkey(1), NOW)).write(KEPT)
      const { credentialId } = passkey(1)
      expect((await vault.look(NOW)).methods).toMatchObject([
        { kind: 'passkey', credentialId, prfInput: '65'.repeat(32) },
      ])
      await expectOpens(passkey(1))
      for (const prfOutput of [new Uint8Array(32), new Uint8Array(31).fill(1), new Uint8Array()]) {
        const wrong = { kind: 'passkey', credentialId, prfOutput } as const
        await expect(vault.open(wrong, NOW)).rejects.toMatchObject({ name: 'WrongPasskeyError' })
      }
    })

    test('methods are added and removed; each opens the same records, and one that was removed opens nothing', async () => {
      await (await vault.make(PASSPHRASE, NOW)).write(KEPT)
      await vault.addMethod(PASSPHRASE, passkey(1), NOW + 1)
      await vault.addMethod(passkey(1), passkey(2), NOW + 2)
      for (const secret of [PASSPHRASE, passkey(1), passkey(2)]) await expectOpens(secret)
      await vault.removeMethod(passkey(2), (await methodOf('passphrase')).id, NOW)
      await expect(vault.open(PASSPHRASE, NOW)).rejects.toMatchObject(refused('unknown_method'))
      expect((await vault.look(NOW)).methods).toMatchObject([{ addedAt: NOW + 1 }, { addedAt: NOW + 2 }])
      await expectOpens(passkey(1))
    })

    test('a new passphrase takes the place of the old one, a passkey that is added again its own', async () => {
      await (await vault.make(PASSPHRASE, NOW)).write(KEPT)
      await vault.addMethod(PASSPHRASE, passkey(1), NOW)
      await vault.addMethod(passkey(1), { kind: 'passphrase', passphrase: 'battery staple' }, NOW)
      await vault.addMethod(passkey(1), { ...passkey(1), prfOutput: new Uint8Array(32).fill(9) }, NOW)
      expect((await vault.look(NOW)).methods).toHaveLength(2)
      await expect(vault.open(PASSPHRASE, NOW)).rejects.toMatchObject({ name: 'WrongPassphraseError' })
      await expect(vault.open(passkey(1), NOW)).rejects.toMatchObject({ name: 'WrongPasskeyError' })
      await expectOpens({ kind: 'passphrase', passphrase: 'battery staple' })
    })

    test('the last method stays, and so does the one that was proven with', async () => {
      await vault.make(PASSPHRASE, NOW)
      const { id } = await methodOf('passphrase')
      await expect(vault.removeMethod(PASSPHRASE, id, NOW)).rejects.toMatchObject(refused('last_method'))
      await vault.addMethod(PASSPHRASE, passkey(1), NOW)
      await expect(vault.removeMethod(PASSPHRASE, id, NOW)).rejects.toMatchObject(refused('proof_is_removed'))
      await expect(vault.removeMethod(PASSPHRASE, 'none', NOW)).rejects.toMatchObject(refused('unknown_method'))
      expect((await vault.look(NOW)).methods).toHaveLength(2)
    })

    test('of two that remove each other at once, one stays', async () => {
      await vault.make(passkey(1), NOW)
      await vault.addMethod(passkey(1), passkey(2), NOW)
      const [first, second] = (await vault.look(NOW)).methods
      const removals = await Promise.allSettled([
        vault.removeMethod(passkey(1), second?.id ?? '', NOW),
        vault.removeMethod(passkey(2), first?.id ?? '', NOW),
      ])
      expect(removals.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
      expect((await vault.look(NOW)).methods).toHaveLength(1)
    })

    test('nothing is added or removed without a secret, and not without end', async () => {
      await vault.make(PASSPHRASE, NOW)
      const wrong = { name: 'WrongPassphraseError' }
      await expect(vault.addMethod(WRONG, passkey(1), NOW)).rejects.toMatchObject(wrong)
      await expect(vault.removeMethod(WRONG, (await methodOf('passphrase')).id, NOW)).rejects.toMatchObject(wrong)
      await expect(vault.addMethod(PASSPHRASE, { ...PASSPHRASE, passphrase: '' }, NOW)).rejects.toThrow(TypeError)
      const short = { ...passkey(1), prfInput: new Uint8Array(31) }
      await expect(vault.addMethod(PASSPHRASE, short, NOW)).rejects.toThrow(TypeError)
      expect((await vault.look(NOW)).methods).toHaveLength(1)
      await vault.addMethod(PASSPHRASE, passkey(1), NOW)
      for (const number of [2, 3, 4, 5, 6, 7, 8, 9]) await vault.addMethod(passkey(1), passkey(number), NOW)
      await expect(vault.addMethod(passkey(1), passkey(10), NOW)).rejects.toMatchObject(refused('too_many_methods'))
    })

    test('wrong passphrases make the next one wait, also the right one, but no passkey; the right one ends it', async () => {
      await (await vault.make(PASSPHRASE, NOW)).write(KEPT)
      await vault.addMethod(PASSPHRASE, passkey(1), NOW)
      for (const now of [NOW, NOW, NOW]) await expectWrong(now)
      const delayed = { name: 'UnlockDelayedError', waitUntil: NOW + 5 }
      await expect(vault.open(PASSPHRASE, NOW + 4)).rejects.toMatchObject(delayed)
      expect(await vault.look(NOW + 4)).toMatchObject({ waitUntil: NOW + 5 })
      await expectWrong(NOW + 5)
      await expect(vault.open(PASSPHRASE, NOW + 19)).rejects.toMatchObject({ ...delayed, waitUntil: NOW + 20 })
      await expectOpens(PASSPHRASE, NOW + 20)
      for (const now of [NOW + 21, NOW + 21, NOW + 21]) await expectWrong(now)
      await expectOpens(passkey(1), NOW + 21)
      await expectOpens(PASSPHRASE, NOW + 21)
    })

    test('twenty guesses at once are counted as twenty: three are tried', async () => {
      await vault.make(PASSPHRASE, NOW)
      const guesses = await Promise.allSettled(Array.from({ length: 20 }, () => vault.open(WRONG, NOW)))
      const names = guesses.map((guess) => (guess.status === 'rejected' ? guess.reason.name : 'opened'))
      expect(names.filter((name) => name === 'WrongPassphraseError')).toHaveLength(3)
      expect(names.filter((name) => name === 'UnlockDelayedError')).toHaveLength(17)
    })
  })
}
