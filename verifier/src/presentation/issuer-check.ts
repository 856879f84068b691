import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { JWT_VC_JSON_FORMAT } from '@wegwijzer/protocol/dcql'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { checkTypeConformance, lacksMandatoryClaim } from '@wegwijzer/protocol/sd-jwt-vc'
import {
  findCredentialIssuer,
  findIssuableType,
  findOrganisation,
  type TrustList,
  type TrustListEntry,
} from '@wegwijzer/trust/trust-list'
import type { Trust } from '../context.ts'
import type { VerifiedPresentation } from './evidence.ts'
import type { VerifiedJwtVp } from './jwt-vc-evidence.ts'
import { checkEach, type Finding } from './report.ts'

/** A presentation of a credential from an issuer that may issue it. */
export type TrustedPresentation = VerifiedPresentation & { readonly issuer: TrustListEntry }

/**
 * Check `issuer_trusted`: the leaf certificate is one of a credential issuer, its subject stands on the trust list and may
 * issue this type, an `iss` names no one else, and the credential keeps to its type. Of a W3C credential the DID is made of
 * the identifier of a listed Credential Issuer that may issue this type.
 *
 * Reasons: `untrusted_certificate`, `invalid_certificate`, `expired_certificate`; `unknown_issuer`, `may_not_issue`,
 * `issuer_mismatch`; `type_not_as_listed`, `type_not_conformant`, `type_metadata_unavailable` and what reading type metadata
 * refuses.
 *
 * @see SD-JWT VC draft -13 §3.5 ism
 */
export function checkIssuers(
  presentations: readonly VerifiedPresentation[],
  list: TrustList,
  { validateChain, typeMetadata }: Pick<Trust, 'validateChain' | 'typeMetadata'>,
  now: EpochSeconds,
): Promise<Finding<readonly TrustedPresentation[]>> {
  return checkEach('issuer_trusted', presentations, async (presentation): Promise<TrustedPresentation> => {
    if (presentation.format === JWT_VC_JSON_FORMAT) return trustDid(presentation, list, typeMetadata)
    const { leaf } = await validateChain(list, 'credential_issuer', presentation.chain, now)
    const { vct, vctIntegrity, iss, processed } = presentation.credential
    const issuer = findOrganisation(list, leaf.subject.organizationIdentifier ?? '')
    if (issuer === undefined) throw untrusted('unknown_issuer', 'the issuer is not on the trust list')
    const type = findIssuableType(issuer, vct)
    if (type === undefined) throw untrusted('may_not_issue', 'the issuer may not issue this type')
    if (!leaf.sanUris.some((uri) => issuer.credentialIssuers.includes(uri))) {
      throw untrusted('issuer_mismatch', 'the certificate is not of a credential issuer of this organisation')
    }
    if (iss !== undefined && !(leaf.sanUris.includes(iss) && issuer.credentialIssuers.includes(iss))) {
      throw untrusted('issuer_mismatch', 'iss is not the subject of the certificate')
    }
    if (vctIntegrity !== type.typeMetadataIntegrity) {
      throw untrusted('type_not_as_listed', 'vct#integrity is not that of the trust list')
    }
    const metadata = await typeMetadata.read(vct, type.typeMetadataUri, type.typeMetadataIntegrity)
    if (checkTypeConformance(metadata, processed.claims, 'disclosed').length > 0) {
      throw untrusted('type_not_conformant', 'the credential does not keep to its type')
    }
    return { ...presentation, issuer }
  })
}

/** Its DID was found on the list before it was resolved; whether that entry may issue this type, is asked here. */
async function trustDid(
  presentation: VerifiedJwtVp,
  list: TrustList,
  typeMetadata: Trust['typeMetadata'],
): Promise<TrustedPresentation> {
  const issuer = findCredentialIssuer(list, presentation.credentialIssuer)
  if (issuer === undefined) throw untrusted('unknown_issuer', 'the issuer is not on the trust list')
  const { vct } = presentation.credential
  const type = findIssuableType(issuer, vct)
  if (type === undefined) throw untrusted('may_not_issue', 'the issuer may not issue this type')
  const metadata = await typeMetadata.read(vct, type.typeMetadataUri, type.typeMetadataIntegrity)
  if (lacksMandatoryClaim(metadata, presentation.vp.credential.claims)) {
    throw untrusted('type_not_conformant', 'the credential does not keep to its type')
  }
  return { ...presentation, issuer }
}

function untrusted(reason: string, message: string): ProtocolError {
  return new ProtocolError(reason, message)
}
