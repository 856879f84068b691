import { readFileSync, type Stats, statSync } from 'node:fs'
import { DamagedDataError, MAX_BACKUP_BYTES, WrongPassphraseError } from '@wegwijzer/storage/records'
import type { ImportResult } from '@wegwijzer/wallet-core'
import { UsageError } from '../failure.ts'
import type { CommandContext, Outcome } from './command.ts'

/** Adds what an exported file has and this wallet has not. */
export async function importWallet(file: string, context: CommandContext): Promise<Outcome> {
  const { backup } = context.wording.words
  const { added, known, refused } = await importFile(readBackup(file), context)
  return {
    document: { added, known, refused },
    text: [
      backup.added(added),
      ...(known === 0 ? [] : [backup.known(known)]),
      ...(refused === 0 ? [] : [backup.refused(refused)]),
    ].join('\n'),
  }
}

/** With the passphrase that is known; where that does not fit and somebody is there, with one that is typed. */
async function importFile(content: Uint8Array, context: CommandContext): Promise<ImportResult> {
  const { wallet, terminal, wording, env, passphrase } = context
  const given = env.WALLET_BACKUP_PASSPHRASE || undefined
  try {
    return await wallet.importBackup(content, given ?? passphrase)
  } catch (error) {
    if (!(error instanceof WrongPassphraseError) || given !== undefined || !terminal.isInteractive) {
      throw asBackupError(error)
    }
  }
  const typed = await terminal.askHidden(wording.words.passphrase.ofBackup)
  return wallet.importBackup(content, typed).catch((error: unknown) => {
    throw asBackupError(error)
  })
}

/** The passphrase and the damage are the file's, not the wallet's. */
function asBackupError(error: unknown): unknown {
  if (error instanceof WrongPassphraseError) return new UsageError('backup_wrong_passphrase', '', { cause: error })
  if (error instanceof DamagedDataError) return new UsageError('backup_damaged', '', { cause: error })
  return error
}

function readBackup(file: string): Uint8Array {
  try {
    const { size } = checkFile(statSync(file), file)
    if (size > MAX_BACKUP_BYTES) throw new UsageError('file_too_large', file)
    return readFileSync(file)
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    throw new UsageError(isMissing ? 'file_missing' : 'file_unusable', file, { cause })
  }
}

/** A device may have no end. */
function checkFile(stats: Stats, file: string): Stats {
  if (!stats.isFile()) throw new UsageError('file_unusable', file)
  return stats
}
