import { type Certificate, parseX5c } from '@wegwijzer/keys/x509'
import type { CryptoPort, VerificationKey } from '@wegwijzer/protocol/crypto'
import { makeBoundedMap } from '../bounded-map.ts'

/** As `parseX5c` and `importVerificationKey`, over a memory of its own. */
export interface ChainReader {
  /** @throws {ProtocolError} `invalid_certificate` */
  read(x5c: unknown): readonly Certificate[]
  /** @throws {ProtocolError} when the certificate has no key that can be used */
  keyOf(certificate: Certificate): Promise<VerificationKey>
}

/**
 * Remembers what certificates say and their keys: an issuer shows the same chain in every credential. The same text is the
 * same chain for ever; whether anybody should believe it is asked each time, of a `ChainValidator`. It gives the same list
 * for the same chain, by which that knows it again.
 */
export function createChainReader(crypto: Pick<CryptoPort, 'importVerificationKey'>, maxChains = 100): ChainReader {
  const known = makeBoundedMap<readonly Certificate[]>({ maxEntries: maxChains })
  const keys = new WeakMap<Certificate, VerificationKey>()
  return {
    read(x5c) {
      const text = JSON.stringify(x5c) ?? ''
      const found = known.get(text)
      if (found !== undefined) return found
      const chain = parseX5c(x5c)
      known.set(text, chain)
      return chain
    },
    async keyOf(certificate) {
      const key = keys.get(certificate) ?? (await crypto.importVerificationKey(certificate.publicJwk))
      keys.set(certificate, key)
      return key
    },
  }
}
