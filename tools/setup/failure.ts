import { KeyStoreError } from '@wegwijzer/keys/key-store'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { ConfigError } from '@wegwijzer/server/config'
import { SetupError } from './setup-error.ts'

/** The command line is not one the program knows; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/**
 * Runs a program's main function and sets the exit code: 0 done, 1 not done, 2 wrongly called. What a person can mend is told
 * in its message alone; a mistake of ours with its place.
 */
export async function runProgram(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`)
    process.exitCode = error instanceof UsageError ? 2 : 1
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'failed'
  const isExpected = [SetupError, UsageError, ConfigError, KeyStoreError, ProtocolError].some(
    (kind) => error instanceof kind,
  )
  return isExpected ? error.message : (error.stack ?? error.message)
}
