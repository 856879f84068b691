import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { decodePem } from '@wegwijzer/keys/x509'
import { createNodeFetch } from '@wegwijzer/outbound/node'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { addDevelopmentTls, ConfigError, readConfig } from '@wegwijzer/server/config'
import { type FileRecords, openFileRecords } from '@wegwijzer/storage/records/file'
import { createWallet, type Wallet } from '@wegwijzer/wallet-core'
import { UsageError } from './failure.ts'
import { obtainPassphrase } from './passphrase.ts'
import type { Terminal } from './terminal.ts'
import type { Words } from './texts/texts.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface OpenWallet {
  readonly wallet: Wallet
  /** The wallet's own; a file that is taken along has it too unless told otherwise. */
  readonly passphrase: string
  close(): void
}

/** The file that `@wegwijzer/storage/records/file` keeps in its directory: without it, this is the first use. */
const WALLET_FILE = 'wallet.sqlite'

/**
 * Opens the wallet that the environment names, or makes it there: settings first, the passphrase last, so that nobody types
 * one for nothing.
 *
 * @throws {UsageError} for settings that are not right, a passphrase that will not do, a directory that cannot be used.
 */
export async function openWallet(env: Environment, terminal: Terminal, words: Words): Promise<OpenWallet> {
  const settings = readSettings(env)
  const anchor = readAnchor(settings.anchorFile)
  const isNew = !existsSync(join(settings.directory, WALLET_FILE))
  const passphrase = await obtainPassphrase(env.WALLET_PASSPHRASE || undefined, isNew, terminal, words)
  const records = await openRecords(settings.directory, passphrase)
  const fetch = createNodeFetch({
    allowLoopback: settings.isDevelopment,
    ...(settings.outboundCaFile !== undefined && { extraAuthorities: readAuthorities(settings.outboundCaFile) }),
  })
  const wallet = createWallet({
    records,
    fetch,
    now,
    trustList: { url: settings.trustListUrl, anchor },
    allowHttp: settings.isDevelopment,
  })
  return {
    wallet,
    passphrase,
    close() {
      fetch.close()
      records.close()
    },
  }
}

interface Settings {
  readonly directory: string
  readonly trustListUrl: string
  readonly anchorFile: string
  readonly outboundCaFile: string | undefined
  /** Programs of this very machine may be talked to, over `http:`. */
  readonly isDevelopment: boolean
}

/**
 * Unlike the services, a wallet that is not told is in development: it then also talks to this machine, as in the tour, and
 * nothing else changes for those it trusts, because they are named by the trust list and its anchor.
 */
export function readSettings(env: Environment): Settings {
  try {
    const config = readConfig(addDevelopmentTls({ ...env, WEGWIJZER_ENV: env.WEGWIJZER_ENV || 'development' }), [
      'wallet',
    ])
    return {
      directory: resolve(env.WALLET_DIR || join(env.HOME || homedir(), '.wegwijzer')),
      trustListUrl: config.trustListUrl,
      anchorFile: config.trustListAnchorFile,
      outboundCaFile: config.outboundCaFile,
      isDevelopment: config.environment === 'development',
    }
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError('settings', error.mistakes.join('; '), { cause: error })
    throw error
  }
}

function readAnchor(file: string): Uint8Array {
  try {
    return decodePem('CERTIFICATE', readFileSync(file, 'utf8'))[0]
  } catch (cause) {
    throw new UsageError(cause instanceof ProtocolError ? 'bad_trust_anchor' : 'no_trust_anchor', file, { cause })
  }
}

/** The authority of `npm start -- --https`, or what `OUTBOUND_CA_FILE` names. */
function readAuthorities(file: string): string {
  try {
    const text = readFileSync(file, 'utf8')
    decodePem('CERTIFICATE', text)
    return text
  } catch (cause) {
    throw new UsageError('settings', 'OUTBOUND_CA_FILE', { cause })
  }
}

function now(): number {
  return Math.floor(Date.now() / 1000)
}

async function openRecords(directory: string, passphrase: string): Promise<FileRecords> {
  try {
    return await openFileRecords({ directory, passphrase, now: now() })
  } catch (error) {
    // The directory cannot be made or entered: the system says so with a code of its own (`EACCES`, `ENOTDIR`).
    const isSystemError = error instanceof Error && 'syscall' in error
    throw isSystemError ? new UsageError('wallet_unreadable', '', { cause: error }) : error
  }
}
