import {
  DamagedDataError,
  RecordConflictError,
  UnlockDelayedError,
  VaultError,
  WrongPassphraseError,
} from '@wegwijzer/storage/records'
import { StorageUnavailableError } from '@wegwijzer/storage/sql'
import { WalletError } from '@wegwijzer/wallet-core'
import { expect, test } from 'vitest'
import { describeFailure, exitCodeOf, OfferRefusedError, RefusedByUserError, UsageError } from './failure.ts'
import { wordingIn } from './texts/texts.ts'

const { words } = wordingIn('nl')

test.each([
  ['the worker refused', new RefusedByUserError(), 1, 'refused_by_user'],
  ['wrong usage', new UsageError('no_command'), 2, 'no_command'],
  [
    'what was given is nothing',
    new WalletError('invalid_input', 'invalid_credential_offer', ''),
    2,
    'invalid_credential_offer',
  ],
  ['the passphrase is wrong', new WrongPassphraseError(), 2, 'wrong_passphrase'],
  ['too many passphrases were wrong', new UnlockDelayedError(1), 2, 'passphrase_delayed'],
  ['the wallet has no passphrase', new VaultError('unknown_method'), 2, 'no_passphrase_method'],
  ['the wallet is damaged', new DamagedDataError(''), 2, 'damaged'],
  ['the wallet is locked', new StorageUnavailableError('busy'), 2, 'wallet_busy'],
  ['the disk is full', new StorageUnavailableError('full'), 2, 'disk_full'],
  ['the file fails', new StorageUnavailableError('failing'), 2, 'wallet_unreadable'],
  ['another terminal was first', new RecordConflictError(), 2, 'wallet_changed'],
  ['the other side refused', new WalletError('refused', 'invalid_grant', ''), 3, 'invalid_grant'],
  ['the other side is away', new WalletError('unreachable', 'timeout', ''), 3, 'timeout'],
  ['the other side is not trusted', new WalletError('not_trusted', 'issuer_unknown', ''), 4, 'issuer_unknown'],
  ['nothing matches', new WalletError('nothing_matches', 'nothing_matches', ''), 5, 'nothing_matches'],
  ['the mistake is ours', new RangeError('secret'), 70, 'internal'],
])('%s: its exit code and its word', (_name, error, exitCode, reason) => {
  const failure = describeFailure(error, words)
  expect(failure.reason).toBe(reason)
  expect(exitCodeOf(failure)).toBe(exitCode)
  expect(failure.message).toMatch(/\S.*[.)]$/)
})

test.each([
  ['offerSpent', 'Het is al gebruikt, ingetrokken of verlopen.'],
  ['offerMaybeLocked', 'Het aanbod is nu misschien geblokkeerd.'],
] as const)('a refused offer is told as %s', (sentence, text) => {
  const failure = describeFailure(new OfferRefusedError(sentence), words)
  expect(failure).toMatchObject({ kind: 'refused', reason: 'invalid_grant', message: expect.stringContaining(text) })
})

test('an unexpected error is named and not quoted', () => {
  expect(describeFailure(new RangeError('secret'), words).message).toContain('RangeError')
  expect(describeFailure(new RangeError('secret'), words).message).not.toContain('secret')
})

test('a reason without a sentence of its own is told as the word it is, without what a terminal obeys', () => {
  const { message } = describeFailure(new WalletError('refused', 'slow\u001b[2J_down', ''), words)
  expect(message).toBe('De ander weigert, of geeft een antwoord dat niet klopt. (slow[2J_down)')
})

test('what a sentence names is without what a terminal obeys', () => {
  const { message } = describeFailure(new UsageError('unknown_command', 'x\u001b[2J'), words)
  expect(message).toContain('“x[2J”')
})
