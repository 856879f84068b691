import { didWebOf, verifyJwtVc } from '@wegwijzer/keys/did'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { lacksMandatoryClaim } from '@wegwijzer/protocol/sd-jwt-vc'
import { parseStatusReference } from '@wegwijzer/protocol/status-list'
import { didJwkOf, parseDidJwk, parseJwtVc, VERIFIABLE_CREDENTIAL_IRI } from '@wegwijzer/protocol/w3c'
import type { WalletContext } from '../platform.ts'
import { type ExpectedCredential, inNameOrder, type ReceivedCopy } from './verify-received.ts'

/**
 * Verifies one copy of a W3C credential before anything of it is kept: signed by the DID of this very Credential Issuer, of
 * the type that was asked, with what that type demands, valid now, and about the `did:jwk` of a key.
 *
 * Does not establish what a certificate says: the DID of an issuer is as good as the address of the trust list's entry.
 *
 * @throws {ProtocolError} as `parseJwtVc` and `verifyJwtVc`; `invalid_credential` where it is not what was asked for.
 * @see OpenID4VCI 1.0 §A.1.1.4 credential-response-jwt-vc-json
 */
export async function verifyW3cCopy(
  { dids, now }: Pick<WalletContext, 'dids' | 'now'>,
  jwt: string,
  { credentialIssuer, type, metadata }: Omit<ExpectedCredential, 'list' | 'entry'>,
): Promise<ReceivedCopy> {
  const vc = parseJwtVc(jwt)
  // Before anything is fetched, so that no stranger decides what.
  if (vc.issuer !== didWebOf(credentialIssuer)) throw invalid('it is issued by another DID')
  await verifyJwtVc(vc, { resolver: dids, now: now() })
  if (!vc.types.includes(VERIFIABLE_CREDENTIAL_IRI) || !vc.types.includes(type.vct))
    throw invalid('it is of another type')
  const holderKey = parseDidJwk(vc.subject)
  if (vc.subject !== didJwkOf(holderKey)) throw invalid('its subject is not written as the wallet writes it')
  if (lacksMandatoryClaim(metadata, vc.claims)) throw invalid('it lacks what is mandatory in its type')
  return {
    sdJwt: jwt,
    holderKey,
    claims: inNameOrder(vc.claims),
    authorityKeyIds: [],
    ...(vc.expiresAt !== undefined && { expiresAt: vc.expiresAt }),
    ...(vc.status !== undefined && { status: parseStatusReference(vc.status) }),
  }
}

function invalid(message: string): ProtocolError {
  return new ProtocolError('invalid_credential', message)
}
