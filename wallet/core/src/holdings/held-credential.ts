import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { JsonObject } from '@wegwijzer/protocol/json'
import type { OnceOnly } from '@wegwijzer/protocol/openid4vci'
import type { ConcreteClaimPath } from '@wegwijzer/protocol/sd-jwt'
import type { StatusReference } from '@wegwijzer/protocol/status-list'
import type { LocalizedText } from '@wegwijzer/trust/trust-list'

/** A text in several languages (BCP 47). */
export type Texts = readonly LocalizedText[]

/** Who issued a credential: as the trust list named it on the day of receipt. */
export interface KnownIssuer {
  readonly organisation: string
  /** Organisation identifier, such as `NTRNL-90001354`. */
  readonly identifier: string
  readonly name: Texts
  /** Credential Issuer Identifier. */
  readonly credentialIssuer: string
}

/**
 * A credential as the worker sees it: one card, however many single-use copies stand behind it.
 *
 * Its copies and their keys are records of their own, so that reading a card opens no key.
 */
export interface HeldCredential {
  readonly id: string
  readonly vct: string
  /** A W3C credential, which always shows everything to whoever sees it; absent for an SD-JWT VC, which does not. */
  readonly format?: 'jwt_vc_json'
  readonly issuer: KnownIssuer
  /** Everything the issuer stated, without what only binds the copy (`cnf`, `status`, dates of the envelope). */
  readonly claims: JsonObject
  readonly receivedAt: EpochSeconds
  readonly expiresAt?: EpochSeconds
  /** Of one of its copies: all are revoked together. */
  readonly status?: StatusReference
  /** For `trusted_authorities`, OpenID4VP 1.0 §6.1.1 dcql_trusted_authorities. */
  readonly authorityKeyIds: readonly string[]
  readonly display: CredentialTexts
  /** By the issuer's word each copy is shown once: how many it gives, and when to ask for more. Absent where it says nothing. */
  readonly reuse?: OnceOnly
}

/** What the type's metadata calls the credential and its claims, kept so that a card can be shown offline. */
export interface CredentialTexts {
  readonly name: Texts
  readonly claims: readonly ClaimLabel[]
}

export interface ClaimLabel {
  /** `null` stands for each element of an array. */
  readonly path: readonly (string | number | null)[]
  readonly label: Texts
}

/** One single-use copy: presented once, then gone. */
export interface CredentialCopy {
  readonly credentialId: string
  /** As issued: issuer-signed JWT and all Disclosures; of a W3C credential the JWT, which has none. */
  readonly sdJwt: string
  /** Base64url of the PKCS #8 private key of `cnf`, or of the `did:jwk`. */
  readonly pkcs8: string
}

/** The label of a claim in its type's metadata; `undefined` where the type has none for it. */
export function findLabel({ claims }: CredentialTexts, path: ConcreteClaimPath): Texts | undefined {
  return claims.find(
    (claim) =>
      claim.path.length === path.length &&
      claim.path.every(
        (component, at) => component === path[at] || (component === null && typeof path[at] === 'number'),
      ),
  )?.label
}
