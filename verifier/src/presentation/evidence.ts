import { type Certificate, parseX5c } from '@wegwijzer/keys/x509'
import type { CryptoPort, EpochSeconds } from '@wegwijzer/protocol/crypto'
import { type CredentialQuery, describeSdJwtVc, type SdJwtVcDescription } from '@wegwijzer/protocol/dcql'
import { ProtocolError, rejectAs } from '@wegwijzer/protocol/errors'
import type { VpToken } from '@wegwijzer/protocol/openid4vp'
import { type ParsedSdJwt, parseSdJwt } from '@wegwijzer/protocol/sd-jwt'
import { readX5c, SD_JWT_VC_TYPE, type VerifiedSdJwtVc, verifySdJwtVc } from '@wegwijzer/protocol/sd-jwt-vc'
import { checkEach, type Finding, failed } from './report.ts'

/** A presentation that has the form of one, believed in nothing yet. */
export interface ReadPresentation {
  /** Id of the Credential Query that it is said to answer. */
  readonly queryId: string
  readonly sdJwt: ParsedSdJwt
  readonly chain: readonly Certificate[]
  readonly leaf: Certificate
}

/** One whose issuer signature and digests hold; who that issuer is, is another question. */
export interface VerifiedPresentation extends ReadPresentation {
  readonly credential: VerifiedSdJwtVc
  readonly description: SdJwtVcDescription
}

/** Presentations of one Credential Query that says `multiple`; more would be work without a purpose. */
const MAX_MULTIPLE = 20

/**
 * Check `format`: the presentations are SD-JWTs with a certificate chain, for queries that were asked, and not too many.
 *
 * @see OpenID4VP 1.0 §B.3.1 format-identifier
 */
export async function readPresentations(
  vpToken: VpToken,
  queries: readonly CredentialQuery[],
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
  return checkEach('format', all, ({ queryId, compact }) => {
    const sdJwt = parseSdJwt(compact)
    const { header } = sdJwt.issuerJws
    if (header.typ !== SD_JWT_VC_TYPE) throw new ProtocolError('invalid_sd_jwt', `typ is not ${SD_JWT_VC_TYPE}`)
    const chain = parseX5c(readX5c(header))
    const [leaf] = chain
    if (leaf === undefined) throw new ProtocolError('invalid_certificate', 'the chain is empty')
    return { queryId, sdJwt, chain, leaf }
  })
}

/**
 * Check `integrity`: the key in the leaf certificate signed what is presented, every disclosure belongs to it, and it holds
 * today by its own dates.
 *
 * @see RFC 9901 §7.3 verifier_verification
 */
export function verifyIntegrity(
  presentations: readonly ReadPresentation[],
  { now, crypto }: { readonly now: EpochSeconds; readonly crypto: CryptoPort },
): Promise<Finding<readonly VerifiedPresentation[]>> {
  return checkEach('integrity', presentations, async (presentation) => {
    const key = await rejectAs('invalid_certificate', () => crypto.importVerificationKey(presentation.leaf.publicJwk))
    const credential = await verifySdJwtVc(presentation.sdJwt, key, { now, crypto })
    return { ...presentation, credential, description: describeSdJwtVc(credential.processed) }
  })
}
