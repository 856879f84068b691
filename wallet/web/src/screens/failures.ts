import type { FailureKind } from '../worker/wallet-port.ts'

/** What the wallet said, for a screen to say it in words. Whatever else was thrown is our mistake. */
export function findFailure(error: unknown): { readonly kind: FailureKind; readonly waitUntil: number } {
  if (isNamed(error, 'WalletFailure') && 'kind' in error && 'waitUntil' in error) {
    return { kind: error.kind as FailureKind, waitUntil: Number(error.waitUntil) }
  }
  return { kind: 'internal', waitUntil: 0 }
}

export function findPasskeyRefusal(error: unknown): 'refused' | 'unsupported' | undefined {
  if (!isNamed(error, 'PasskeyFailure') || !('reason' in error)) return undefined
  return error.reason === 'unsupported' ? 'unsupported' : 'refused'
}

function isNamed(error: unknown, name: string): error is Error {
  return error instanceof Error && error.name === name
}
