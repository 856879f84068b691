import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import { type CallbackContext, clientAuthenticationAnonymous, setGlobalConfig } from '@openid4vc/oauth2'
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose'
import { isSignedBy, type PeerKey, publicJwkOf, readJwk, readX5cKey } from './peer-keys.testing.ts'

// The demo lives on loopback.
setGlobalConfig({ allowInsecureUrls: true })

export interface CallbackOptions {
  /** The peer's private keys; it signs with the one whose public half the library names. */
  readonly keys: readonly PeerKey[]
  /** DER of whom the peer believes about an `x5c`. */
  readonly anchor?: Uint8Array
}

/** What the openid4vc libraries ask of their user: Node's cryptography, jose for JWE, and nothing of ours. */
export function makeCallbacks({ keys, anchor }: CallbackOptions): Required<Omit<CallbackContext, 'fetch'>> {
  const keyFor = (publicJwk: { readonly x?: string | undefined }) => {
    const key = keys.find((one) => one.publicJwk.x === publicJwk.x)
    if (key === undefined) throw new Error('the peer does not have this key')
    return key
  }
  const resolve = (signer: { readonly method: string; readonly publicJwk?: object; readonly x5c?: unknown }) => {
    if (signer.method === 'jwk' && signer.publicJwk) return readJwk(signer.publicJwk)
    if (signer.method === 'x5c' && anchor) return readX5cKey(signer.x5c, anchor)
    throw new Error(`the peer knows no signer of kind ${signer.method}`)
  }
  return {
    hash: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
    generateRandom: (length) => randomBytes(length),
    clientAuthentication: clientAuthenticationAnonymous(),
    getX509CertificateMetadata(certificate) {
      const names = new X509Certificate(Buffer.from(certificate, 'base64')).subjectAltName?.split(', ') ?? []
      const ofKind = (kind: string) =>
        names.filter((name) => name.startsWith(kind)).map((name) => name.slice(kind.length))
      return { sanDnsNames: ofKind('DNS:'), sanUriNames: ofKind('URI:') }
    },
    signJwt(signer, { header, payload }) {
      const publicJwk =
        signer.method === 'x5c' && anchor
          ? publicJwkOf(readX5cKey(signer.x5c, anchor))
          : 'publicJwk' in signer
            ? signer.publicJwk
            : {}
      const key = keyFor(publicJwk)
      const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
      const signed = `${encode(header)}.${encode(payload)}`
      return { jwt: `${signed}.${key.sign(signed)}`, signerJwk: { ...key.publicJwk } }
    },
    verifyJwt(signer, { compact, header }) {
      const key = resolve(signer)
      const at = compact.lastIndexOf('.')
      const isValid = header.alg === 'ES256' && isSignedBy(compact.slice(0, at), compact.slice(at + 1), key)
      return isValid ? { verified: true, signerJwk: { ...publicJwkOf(key) } } : { verified: false }
    },
    async encryptJwe({ publicJwk, alg, enc }, data) {
      const jwe = await new CompactEncrypt(new TextEncoder().encode(data))
        .setProtectedHeader({ alg, enc, ...(publicJwk.kid !== undefined && { kid: publicJwk.kid }) })
        .encrypt(readJwk(publicJwk))
      return { jwe, encryptionJwk: publicJwk }
    },
    async decryptJwe(jwe) {
      const { kid } = decodeProtectedHeader(jwe)
      const key = keys.find(({ publicJwk }) => publicJwk.x === kid)
      if (key === undefined) return { decrypted: false }
      const { plaintext } = await compactDecrypt(jwe, key.privateKey)
      return { decrypted: true, payload: new TextDecoder().decode(plaintext), decryptionJwk: { ...key.publicJwk } }
    },
  }
}

/** How the libraries are told to use a bare key. */
export function jwkSigner({ publicJwk }: PeerKey) {
  return { method: 'jwk', alg: 'ES256', publicJwk: { ...publicJwk } } as const
}
