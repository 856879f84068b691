import type { EpochSeconds, Signer } from '@wegwijzer/protocol/crypto'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import {
  checkJwtVcDates,
  checkPresentedTo,
  didJwkKeyUrl,
  didJwkOf,
  type ExpectedPresentation,
  type UnverifiedJwtVc,
  type UnverifiedJwtVp,
} from '@wegwijzer/protocol/w3c'
import type { ResolvedDid, VerificationRelationship } from './did-document.ts'
import type { DidResolver } from './did-resolver.ts'
import type { SigningIdentity } from './key-management.ts'
import type { CredentialToSign, PresentationToSign } from './veramo.ts'

export type { ResolvedDid, VerificationMethod, VerificationRelationship } from './did-document.ts'
/**
 * DIDs, and W3C credentials as JWTs (VC Data Model 1.1): made and verified by Veramo 7 with our keys. The only place with
 * `@veramo/*` and did-jwt, and loaded when the first of these functions is called, so that whoever touches no W3C credential
 * never loads them.
 *
 * ES256 only. What Veramo and did-jwt leave open is checked first, by `@wegwijzer/protocol/w3c`.
 */
export { DID_DOCUMENT_MEDIA_TYPE, keyUrlOf, makeDidDocument, parseDidDocument } from './did-document.ts'
export { createDidResolver, type DidResolver, type DidResolverOptions } from './did-resolver.ts'
export { didWebDocumentUrl, didWebOf } from './did-web.ts'
export type { SigningIdentity } from './key-management.ts'
export type { CredentialToSign, PresentationToSign } from './veramo.ts'

const loadVeramo = () => import('./veramo.ts')

/** Who holds a key is who its `did:jwk` names. */
export function holderIdentity(signer: Signer, did = didJwkOf(signer.publicJwk)): SigningIdentity {
  return { did, keyUrl: didJwkKeyUrl(did), signer }
}

/** Signs a credential. @returns Compact JWT. @see VC Data Model 1.1 §6.3.1 json-web-token */
export async function issueJwtVc(credential: CredentialToSign): Promise<string> {
  const { signCredential } = await loadVeramo()
  return signCredential(credential)
}

/** Signs a presentation of one credential. @returns Compact JWT. @see OpenID4VP 1.0 §B.1.3.1.5 presentation-response */
export async function presentJwtVc(presentation: PresentationToSign): Promise<string> {
  const { signPresentation } = await loadVeramo()
  return signPresentation(presentation)
}

/**
 * Verifies that the DID that a credential names as its issuer signed it, with a key it uses for that, and that it holds now.
 *
 * Does not establish who that DID is, that it may issue this type, or the status.
 *
 * @param vc As `parseJwtVc` read it.
 * @throws {ProtocolError} `invalid_signature`, `expired`, `not_yet_valid`; as `DidResolver.resolve`.
 */
export async function verifyJwtVc(
  vc: UnverifiedJwtVc,
  { resolver, now }: { readonly resolver: DidResolver; readonly now: EpochSeconds },
): Promise<void> {
  checkJwtVcDates(vc, now)
  const signer = restrictToKey(await resolver.resolve(vc.issuer), 'assertionMethod', vc.kid)
  const { verifiesAsCredential } = await loadVeramo()
  await checkSigned(() => verifiesAsCredential({ compact: vc.compact, signer, now }))
}

/**
 * Verifies that the holder of a credential presents it, to us, for this request, just now.
 *
 * Does not verify the credential in it: `verifyJwtVc` does.
 *
 * @param vp As `parseJwtVp` read it.
 * @throws {ProtocolError} `invalid_key_binding` when it is not signed by who the credential is about; `key_binding_mismatch`
 *   when it was made for another verifier, another request or at another time.
 */
export async function verifyJwtVp(
  vp: UnverifiedJwtVp,
  expected: ExpectedPresentation & { readonly resolver: DidResolver },
): Promise<void> {
  checkPresentedTo(vp, expected)
  try {
    const signer = restrictToKey(await expected.resolver.resolve(vp.holder), 'authentication', vp.kid)
    const { verifiesAsPresentation } = await loadVeramo()
    await checkSigned(() => verifiesAsPresentation({ compact: vp.compact, signer, now: expected.now }, expected))
  } catch (error) {
    if (!(error instanceof ProtocolError) || error.code === 'did_unavailable') throw error
    throw new ProtocolError('invalid_key_binding', error.message, { cause: error })
  }
}

/**
 * Leaves of a DID the keys that may have signed: those under the relationship and, where the header names one, only that.
 * did-jwt itself does not look at `kid`.
 */
function restrictToKey(
  resolved: ResolvedDid,
  relationship: VerificationRelationship,
  kid: string | undefined,
): ResolvedDid {
  const { did } = resolved
  const keys = resolved[relationship].filter(({ id }) => kid === undefined || id === kid)
  if (keys.length === 0) throw new ProtocolError('invalid_signature', 'the DID has no such key for this use')
  return { did, assertionMethod: [], authentication: [], [relationship]: keys }
}

/** Whatever did-jwt throws is about the input, and may quote it. */
async function checkSigned(verify: () => Promise<boolean>): Promise<void> {
  const verified = await verify().catch(() => false)
  if (!verified) throw new ProtocolError('invalid_signature', 'the signature is not of this DID')
}
