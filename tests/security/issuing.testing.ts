import { generateNodeSigner } from '@wegwijzer/keys/node'
import { makeJwtProof } from '@wegwijzer/protocol/openid4vci'
import { expect } from 'vitest'
import type { TestWallet, WalletAnswer } from '../../issuer/src/testing/wallet.testing.ts'
import type { World } from '../support/world.ts'

/** That an issuer refused, in one of these ways (`400 invalid_grant`), in an answer that nobody keeps. */
export function expectRefused({ status, headers, error }: WalletAnswer, expected: readonly string[]): void {
  expect(expected).toContain(`${status} ${error}`)
  expect(headers.get('cache-control')).toBe('no-store')
}

/** @returns The access token. */
export async function redeem(wallet: TestWallet, code: string): Promise<string> {
  return JSON.parse((await wallet.send(await wallet.makeTokenRequest(code))).text).access_token
}

/** One good key proof of a new key, or one for another issuer or nonce, and how to send proofs in whatever form. */
export async function makeCredentialRequest(
  world: World,
  wallet: TestWallet,
  token: string,
  change: { readonly aud?: string; readonly nonce?: string } = {},
) {
  const holder = generateNodeSigner()
  const nonce = change.nonce ?? (await wallet.requestNonce())
  const issuedAt = world.clock.now()
  const jwt = await makeJwtProof({ audience: change.aud ?? wallet.issuer, nonce, issuedAt, signer: holder })
  const send = async (proofs: unknown): Promise<WalletAnswer> =>
    wallet.send(await wallet.makeRequest('/credential', token, { credential_configuration_id: 'diploma', proofs }))
  return { holder, jwt, send }
}

/** How many times something was issued in this world. */
export function countIssued(world: World): number {
  return world.logs.filter((line) => line.includes('"credential.issued"')).length
}
