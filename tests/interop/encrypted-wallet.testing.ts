import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose'
import type { World } from '../support/world.ts'
import { makePeerKey, readJwk } from './peer-keys.testing.ts'

/** A way out for a peer that cannot encrypt: what it sends to a credential endpoint goes encrypted, by jose. */
export interface EncryptingFetch {
  readonly fetch: typeof fetch
  /** Media types of what went to the credential endpoint, and of what it answered with 200. */
  readonly wire: readonly string[]
}

/** @see OpenID4VCI 1.0 §10 encrypted-messages */
export async function makeEncryptingFetch(world: World, organisation: string): Promise<EncryptingFetch> {
  const address = `${world.urls.issuer}/.well-known/openid-credential-issuer/${organisation}`
  const metadata = JSON.parse(await (await fetch(address)).text())
  const [issuerKey] = metadata.credential_request_encryption.jwks.keys
  const responseKey = makePeerKey()
  const wire: string[] = []

  return {
    wire,
    async fetch(input, init) {
      if (String(input) !== metadata.credential_endpoint) return fetch(input, init)
      const jwk = { ...responseKey.publicJwk, kid: 'answer', alg: 'ECDH-ES', use: 'enc' }
      const message = { ...JSON.parse(String(init?.body)), credential_response_encryption: { jwk, enc: 'A128GCM' } }
      const body = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(message)))
        .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A128GCM', kid: issuerKey.kid })
        .encrypt(readJwk(issuerKey))
      const headers = new Headers(init?.headers)
      headers.set('content-type', 'application/jwt')
      const answer = await fetch(input, { ...init, headers, body })
      if (answer.status !== 200) return answer
      wire.push('application/jwt', String(answer.headers.get('content-type')))
      const jwe = await answer.text()
      const { alg, enc, kid } = decodeProtectedHeader(jwe)
      if (alg !== 'ECDH-ES' || enc !== 'A128GCM' || kid !== 'answer') throw new Error('it is encrypted in another way')
      const { plaintext } = await compactDecrypt(jwe, responseKey.privateKey)
      return new Response(plaintext, { headers: { 'content-type': 'application/json' } })
    },
  }
}
