import { createPrivateKey } from 'node:crypto'

/** The private key of a vector, PKCS #8 DER, as our key stores keep keys. */
export function pkcs8Of({ kty, crv, x, y, d }: { readonly [member: string]: unknown }): Uint8Array {
  const key = createPrivateKey({ key: { kty, crv, x, y, d } as Record<string, string>, format: 'jwk' })
  return new Uint8Array(key.export({ format: 'der', type: 'pkcs8' }))
}
