import type { DidResolver } from '@wegwijzer/keys/did'
import type { Certificate } from '@wegwijzer/keys/x509'
import type { CryptoPort, EpochSeconds } from '@wegwijzer/protocol/crypto'
import {
  type CredentialQuery,
  describeSdJwtVc,
  JWT_VC_JSON_FORMAT,
  SD_JWT_VC_FORMAT,
  type SdJwtVcDescription,
} from '@wegwijzer/protocol/dcql'
import { ProtocolError, rejectAs } from '@wegwijzer/protocol/errors'
import type { VpToken } from '@wegwijzer/protocol/openid4vp'
import { type ParsedSdJwt, parseSdJwt } from '@wegwijzer/protocol/sd-jwt'
import { readX5c, SD_JWT_VC_TYPE, type VerifiedSdJwtVc, verifySdJwtVc } from '@wegwijzer/protocol/sd-jwt-vc'
import type { ChainReader } from '@wegwijzer/trust/certificates'
import type { TrustList } from '@wegwijzer/trust/trust-list'
import { findIssuerOfDid, type ReadJwtVp, readJwtVp, type VerifiedJwtVp, verifyJwtVp } from './jwt-vc-evidence.ts'
import { checkEach, type Finding, failed } from './report.ts'

/** An SD-JWT that has the form of one, believed in nothing yet. */
export interface ReadSdJwt {
  readonly format: typeof SD_JWT_VC_FORMAT
  /** Id of the Credential Query that it is said to answer. */
  readonly queryId: string
  readonly sdJwt: ParsedSdJwt
  readonly chain: readonly Certificate[]
  readonly leaf: Certificate
}

export type ReadPresentation = ReadSdJwt | ReadJwtVp

/** One whose issuer signature and digests hold; who that issuer is, is another question. */
export interface VerifiedSdJwt extends ReadSdJwt {
  readonly credential: VerifiedSdJwtVc
  readonly description: SdJwtVcDescription
}

export type VerifiedPresentation = VerifiedSdJwt | VerifiedJwtVp

/** Presentations of one Credential Query that says `multiple`; more would be work without a purpose. */
const MAX_MULTIPLE = 20

/**
 * Check `format`: each presentation has the form that was asked, an SD-JWT with a certificate chain or a W3C presentation;
 * they are for queries that were asked, and not too many.
 *
 * @see OpenID4VP 1.0 §B.3.1 format-identifier
 * @see OpenID4VP 1.0 §B.1.3.1.1 format-identifier-and-cipher-suites
 */
export async function readPresentations(
  vpToken: VpToken,
  queries: readonly CredentialQuery[],
  chains: Pick<ChainReader, 'read'>,
): Promise<Finding<readonly ReadPresentation[]>> {
  for (const [queryId, presentations] of Object.entries(vpToken)) {
    const query = queries.find(({ id }) => id === queryId)
    // Its name is a stranger's text, so it is not repeated.
    if (query === undefined) return failed('format', 'unknown_query')
    if (presentations.length > (query.multiple === true ? MAX_MULTIPLE : 1)) {
      return failed('format', 'too_many', queryId)
    }
  }
  const all = Object.entries(vpToken).flatMap(([queryId, presentations]) =>
    presentations.map((compact) => ({ queryId, compact })),
  )
  return checkEach('format', all, ({ queryId, compact }): ReadPresentation => {
    const query = queries.find(({ id }) => id === queryId)
    if (query?.format === JWT_VC_JSON_FORMAT) return readJwtVp(queryId, compact)
    const sdJwt = parseSdJwt(compact)
    const { header } = sdJwt.issuerJws
    if (header.typ !== SD_JWT_VC_TYPE) throw new ProtocolError('invalid_sd_jwt', `typ is not ${SD_JWT_VC_TYPE}`)
    const chain = chains.read(readX5c(header))
    const [leaf] = chain
    if (leaf === undefined) throw new ProtocolError('invalid_certificate', 'the chain is empty')
    return { format: SD_JWT_VC_FORMAT, queryId, sdJwt, chain, leaf }
  })
}

export interface IntegrityContext {
  readonly list: TrustList
  readonly chains: Pick<ChainReader, 'keyOf'>
  readonly dids: DidResolver
  readonly now: EpochSeconds
  readonly crypto: CryptoPort
}

/** Why the signature of a DID that nobody vouches for is not looked at; `judgeResponse` tells it as a matter of trust. */
export const UNKNOWN_ISSUER = 'unknown_issuer'

/**
 * Check `integrity`: the key in the leaf certificate, or the DID of a listed issuer, signed what is presented, every
 * disclosure belongs to it, and it holds today by its own dates.
 *
 * @see RFC 9901 §7.3 verifier_verification
 */
export function verifyIntegrity(
  presentations: readonly ReadPresentation[],
  context: IntegrityContext,
): Promise<Finding<readonly VerifiedPresentation[]>> {
  const { list, chains, dids, now, crypto } = context
  return checkEach('integrity', presentations, async (presentation): Promise<VerifiedPresentation> => {
    if (presentation.format === JWT_VC_JSON_FORMAT) {
      const credentialIssuer = findIssuerOfDid(list, presentation.vp.credential.issuer)
      if (credentialIssuer === undefined) throw new ProtocolError(UNKNOWN_ISSUER, 'the DID is of no listed issuer')
      return verifyJwtVp(presentation, credentialIssuer, { resolver: dids, now })
    }
    const key = await rejectAs('invalid_certificate', () => chains.keyOf(presentation.leaf))
    const credential = await verifySdJwtVc(presentation.sdJwt, key, { now, crypto })
    return { ...presentation, credential, description: describeSdJwtVc(credential.processed) }
  })
}
