import { ProtocolError } from '@wegwijzer/protocol/errors'
import { DPOP_NONCE_HEADER, USE_DPOP_NONCE } from '@wegwijzer/protocol/oauth'
import { makeTokenResponse, type ParsedTokenRequest, parseTokenRequest } from '@wegwijzer/protocol/openid4vci'
import { type Door, OAuthError, OrganisationParams } from '@wegwijzer/server'
import type { IssuerContext } from '../context.ts'
import type { IssuingOrganisation } from '../organisation/organisations.ts'
import { hashSecret, hashTxCode } from '../secrets.ts'
import { sealAccessToken } from './access-token.ts'
import { type PresentedProof, proofUsedBefore, verifyProofOf } from './dpop.ts'
import { type Redemption, redeemOffer } from './offer-store.ts'
import { ACCESS_TOKEN_SECONDS } from './session.ts'
import { spendValue } from './spent-values.ts'

/**
 * The Token Endpoint: a pre-authorized code for an access token that is bound to the wallet's DPoP key.
 *
 * @see OpenID4VCI 1.0 §6.1 token-request
 * @see RFC 9449 §5
 */
export function addTokenRoute(door: Door, context: IssuerContext): void {
  door.post(
    '/:organisation/token',
    { config: { errors: 'oauth', cors: 'wallet', body: 'form' }, schema: { params: OrganisationParams } },
    async (request, reply) => {
      const organisation = await context.organisations.require(request.params.organisation)
      const tokenRequest = parseTokenRequest(request.body)
      const proof = await verifyTokenProof(context, organisation, request.headers.dpop)
      const redemption = await exchangeCode(context, organisation.id, { tokenRequest, proof })
      if (redemption.outcome !== 'redeemed') {
        context.logEvent('token.refused', { organisation: organisation.id, reason: redemption.outcome })
        throw refusalOf(redemption.outcome)
      }
      const accessToken = sealAccessToken(context.secrets, organisation.id, {
        offerId: redemption.offerId,
        credentialType: redemption.credentialType,
        thumbprint: proof.thumbprint,
        clientId: tokenRequest.clientId,
        expiresAt: context.now() + ACCESS_TOKEN_SECONDS,
      })
      context.logEvent('token.issued', { organisation: organisation.id })
      reply.header(DPOP_NONCE_HEADER, organisation.dpopNonces.make(context.now()))
      return makeTokenResponse({ accessToken, expiresInSeconds: ACCESS_TOKEN_SECONDS })
    },
  )
}

async function verifyTokenProof(
  { now }: IssuerContext,
  organisation: IssuingOrganisation,
  header: string | readonly string[] | undefined,
): Promise<PresentedProof> {
  try {
    return await verifyProofOf(organisation, header, { path: '/token', now: now() })
  } catch (error) {
    if (!(error instanceof ProtocolError) || error.code !== USE_DPOP_NONCE) throw error
    const headers = { [DPOP_NONCE_HEADER]: organisation.dpopNonces.make(now()) }
    throw new OAuthError(error.code, error.message, { headers })
  }
}

/** In one transaction, so that neither a code nor a proof nor a try at a transaction code counts twice or not at all. */
async function exchangeCode(
  { db, secrets, now }: IssuerContext,
  organisation: string,
  { tokenRequest, proof }: { readonly tokenRequest: ParsedTokenRequest; readonly proof: PresentedProof },
): Promise<Redemption> {
  const { preAuthorizedCode, txCode } = tokenRequest
  const code = {
    organisation,
    codeHash: hashSecret(preAuthorizedCode),
    txCodeHash: txCode === undefined ? undefined : hashTxCode(secrets, preAuthorizedCode, txCode),
  }
  return db.transaction().execute(async (transaction) => {
    if (!(await spendValue(transaction, organisation, proof.jti))) throw proofUsedBefore()
    return redeemOffer(transaction, code, now())
  })
}

/** @see OpenID4VCI 1.0 §6.3 token-error-response */
function refusalOf(outcome: Exclude<Redemption['outcome'], 'redeemed'>): ProtocolError {
  switch (outcome) {
    case 'tx_code_missing':
      return new ProtocolError('invalid_request', 'the offer needs a transaction code')
    case 'tx_code_unexpected':
      return new ProtocolError('invalid_request', 'the offer has no transaction code')
    case 'tx_code_wrong':
      return new ProtocolError('invalid_grant', 'the transaction code is wrong')
    case 'locked':
      return new ProtocolError('invalid_grant', 'the transaction code was wrong too often: the offer is locked')
    case 'unknown':
      return new ProtocolError('invalid_grant', 'the pre-authorized code is unknown, was used, or has expired')
  }
}
