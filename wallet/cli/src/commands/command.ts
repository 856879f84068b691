import type { Wallet } from '@wegwijzer/wallet-core'
import type { ExitCode } from '../failure.ts'
import type { Environment } from '../platform.ts'
import type { Terminal } from '../terminal.ts'
import type { Wording } from '../texts/texts.ts'

/** What every command works with. */
export interface CommandContext {
  readonly wallet: Wallet
  /** The wallet's passphrase. */
  readonly passphrase: string
  readonly terminal: Terminal
  readonly wording: Wording
  readonly env: Environment
  readonly isJson: boolean
}

/** What came of a command, as a program reads it and as a person does. */
export interface Outcome {
  /** A JSON document. */
  readonly document: Readonly<Record<string, unknown>>
  readonly text: string
  /** 0 unless said. */
  readonly exitCode?: ExitCode
}
