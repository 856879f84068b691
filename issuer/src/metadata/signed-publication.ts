import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { type CredentialIssuerMetadata, makeSignedMetadata } from '@wegwijzer/protocol/openid4vci'
import { makeBoundedMap } from '@wegwijzer/trust/bounded-map'
import type { IssuingOrganisation } from '../organisation/organisations.ts'

/** The metadata of organisations, signed; each is signed again when it changed or is half a day old. */
export interface SignedPublications {
  /** @returns Compact JWS; `undefined` while the organisation has no key whose certificate holds. */
  find(organisation: IssuingOrganisation, metadata: CredentialIssuerMetadata): Promise<string | undefined>
}

interface Kept {
  /** What was signed, and by whom, as text. */
  readonly of: string
  readonly signedAt: EpochSeconds
  readonly signed: Promise<string>
}

/** Longer than a wallet may keep it, and short enough that keys that were replaced are soon out of use. */
const LIFETIME_SECONDS = 86_400
const MAX_KEPT = 1000

/** @see OpenID4VCI 1.0 §12.2.3 credential-issuer-signed-metadata */
export function makeSignedPublications(now: () => EpochSeconds): SignedPublications {
  const kept = makeBoundedMap<Kept>({ maxEntries: MAX_KEPT })
  return {
    async find(organisation, metadata) {
      const key = organisation.findSigner('credential')
      if (key === undefined) return undefined
      const at = now()
      const of = JSON.stringify([metadata, key.x5c])
      const known = kept.get(organisation.id)
      if (known?.of === of && known.signedAt <= at && at < known.signedAt + LIFETIME_SECONDS / 2) return known.signed
      // Nobody may rely on it for longer than on the certificate under it.
      const expiresAt = Math.min(at + LIFETIME_SECONDS, key.notAfter)
      const signed = makeSignedMetadata(metadata, { issuedAt: at, expiresAt, ...key })
      kept.set(organisation.id, { of, signedAt: at, signed })
      signed.catch(() => kept.delete(organisation.id))
      return signed
    },
  }
}
