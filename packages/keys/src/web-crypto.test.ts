import { inspect } from 'node:util'
import { afterEach, expect, test, vi } from 'vitest'
import { generateHolderKey, generateWebSigner, importWebSigner } from './web-crypto.ts'

afterEach(() => vi.restoreAllMocks())

/** The private keys that the platform signed with while `act` ran. */
async function keysThatSigned(act: () => Promise<unknown>): Promise<readonly CryptoKey[]> {
  const sign = vi.spyOn(crypto.subtle, 'sign')
  await act()
  return sign.mock.calls.map(([, key]) => key)
}

test('every signer of the wallet holds a key that cannot be exported', async () => {
  const { signer, pkcs8 } = await generateHolderKey()
  const signers = [await generateWebSigner(), signer, await importWebSigner(pkcs8)]
  const keys = await keysThatSigned(() => Promise.all(signers.map((each) => each.sign(new Uint8Array(1)))))
  expect(keys.map((key) => key.extractable)).toEqual([false, false, false])
})

test('a signer does not show its private key', async () => {
  const { signer, pkcs8 } = await generateHolderKey()
  const shown = inspect(signer, { depth: null, showHidden: true })
  expect(shown).not.toContain(Buffer.from(pkcs8.subarray(36, 68)).toString('hex'))
  expect(Object.keys(signer).sort()).toEqual(['algorithm', 'publicJwk', 'sign'])
})
