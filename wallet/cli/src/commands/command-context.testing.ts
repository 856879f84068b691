import { PassThrough } from 'node:stream'
import type { Wallet } from '@wegwijzer/wallet-core'
import { openTerminal } from '../terminal.ts'
import { wordingIn } from '../texts/texts.ts'
import type { CommandContext } from './command.ts'

/** A command's surroundings with nobody at the terminal. */
export function makeContext(wallet: Wallet): CommandContext {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  return {
    wallet,
    passphrase: 'een lange zin die u onthoudt',
    terminal: openTerminal({ stdin, stdout, stderr }, false),
    wording: wordingIn('nl'),
    env: {},
    isJson: false,
  }
}
