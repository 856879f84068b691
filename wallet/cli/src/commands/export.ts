import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { UsageError } from '../failure.ts'
import { safeText } from '../render/safe-text.ts'
import type { CommandContext, Outcome } from './command.ts'

/** Takes the whole wallet along in one sealed file, which must not exist yet. */
export async function exportWallet(
  file: string,
  { wallet, wording, env, passphrase }: CommandContext,
): Promise<Outcome> {
  const backup = await wallet.exportBackup(env.WALLET_BACKUP_PASSPHRASE || passphrase)
  writeNewFile(file, backup)
  const { exported, copiesTwice } = wording.words.backup
  return { document: { file, sizeBytes: backup.length }, text: `${exported(safeText(file))}\n${copiesTwice}` }
}

/** Writes a file for its owner only, durably; a half-written one is not left behind. */
function writeNewFile(file: string, content: Uint8Array): void {
  const descriptor = openNewFile(file)
  try {
    for (let written = 0; written < content.length; ) written += writeSync(descriptor, content, written)
    fsyncSync(descriptor)
  } catch (cause) {
    rmSync(file, { force: true })
    throw new UsageError('file_unusable', file, { cause })
  } finally {
    closeSync(descriptor)
  }
}

function openNewFile(file: string): number {
  try {
    return openSync(file, 'wx', 0o600)
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    throw new UsageError(exists ? 'file_exists' : 'file_unusable', file, { cause })
  }
}
