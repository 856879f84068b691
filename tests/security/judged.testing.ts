import { nodeCrypto } from '@wegwijzer/keys/node'
import { encodeBase64url, encodeUtf8, makeJwt } from '@wegwijzer/protocol/jose'
import type { AuthorizationRequest } from '@wegwijzer/protocol/openid4vp'
import { type KeyBindingToMake, makeKeyBindingJwt } from '@wegwijzer/protocol/sd-jwt'
import { expect } from 'vitest'
import type { World } from '../support/world.ts'
import { askForDiploma, encrypt, post } from './hostile-wallet.testing.ts'

/** What an organisation reads of one presentation. */
export interface Judged {
  readonly verdict: string
  readonly claims: unknown
  /** The names of the checks that failed. */
  readonly failed: readonly string[]
}

/** Answers a fresh request for a diploma, which is always taken, and says what the organisation reads of it. */
export async function judge(
  world: World,
  make: (request: AuthorizationRequest) => Promise<string>,
  state?: string | null,
): Promise<Judged> {
  const { request, result } = await askForDiploma(world)
  const answer = await post(request, await encrypt(request, { diploma: [await make(request)] }, state))
  expect(answer.status).toBe(200)
  expect(answer.headers['cache-control']).toBe('no-store')
  const { report, claims } = await result()
  const failed = report.checks.filter(({ outcome }: { outcome: string }) => outcome === 'failed')
  return { verdict: report.verdict, claims, failed: failed.map(({ check }: { check: string }) => check) }
}

export function expectRejected(judged: Judged, ...checks: readonly string[]): void {
  expect(judged).toMatchObject({ verdict: 'rejected', claims: undefined })
  expect(judged.failed).toEqual(expect.arrayContaining([...checks]))
}

/** Binds a presentation as it should be; what our own functions will not bind is bound by hand. */
export async function bind(
  presentation: string,
  binding: Omit<KeyBindingToMake, 'presentation' | 'crypto'>,
): Promise<string> {
  try {
    return await makeKeyBindingJwt({ presentation, crypto: nodeCrypto, ...binding })
  } catch {
    const sd_hash = encodeBase64url(await nodeCrypto.digest('sha-256', encodeUtf8(presentation)))
    const { audience: aud, nonce, issuedAt: iat, signer } = binding
    return presentation + (await makeJwt({ typ: 'kb+jwt' }, { aud, nonce, iat, sd_hash }, signer))
  }
}
