import { type Certificate, parseX5c } from '@wegwijzer/keys/x509'
import { decodeUtf8, encodeBase64url } from '@wegwijzer/protocol/jose'
import {
  type AuthorizationRequest,
  AuthorizationRequestError,
  type AuthorizationRequestReference,
  makeRequestUriBody,
  NO_TRANSACTION_TYPES,
  parseAuthorizationRequestUri,
  REQUEST_OBJECT_MEDIA_TYPE,
  readRequestObjectX5c,
  verifyRequestObject,
  WALLET_METADATA,
} from '@wegwijzer/protocol/openid4vp'
import {
  findOverAsking,
  isWithinRegistration,
  mayReceiveBsn,
  verifyRegistrationCertificate,
} from '@wegwijzer/trust/registration'
import { findOrganisation, type TrustList, type TrustListEntry, VERIFIER_ENTRY } from '@wegwijzer/trust/trust-list'
import type { WalletContext } from '../platform.ts'
import { judging, WalletError } from '../wallet-error.ts'
import { AnswerableRequestError } from './answerable-request-error.ts'
import { matchHoldings } from './match-holdings.ts'
import { preferValid } from './prefer-valid.ts'
import type { PreparedPresentation } from './prepared.ts'
import { viewQueries } from './query-view.ts'

const MAX_REQUEST_BYTES = 500_000

/**
 * Reads a request and establishes, before anything of it is shown, who asks: an organisation of the trust list, by an access
 * certificate of its own, with a registration certificate for this very use that holds now. Then finds what answers it.
 *
 * Sends nothing about the worker: a wallet that fetches a request says only what every wallet says.
 *
 * @throws {WalletError} `invalid_input` when it is no request; `not_trusted` with the reason; `AnswerableRequestError` when
 *   the request is authentic and cannot be answered, so that the worker may have the verifier told.
 * @see OpenID4VP 1.0 §5 vp_token_request
 */
export async function beginPresentation(context: WalletContext, requestUri: string): Promise<PreparedPresentation> {
  const reference = await judging('invalid_input', () => parseAuthorizationRequestUri(requestUri))
  const walletNonce = encodeBase64url(context.crypto.randomBytes(24))
  const requestObject = await requestRequestObject(context, reference, walletNonce)
  const list = await judging('not_trusted', () => context.trust.current())
  const { request, accessCertificate, entry } = await verifyRequest(
    context,
    list,
    reference,
    requestObject,
    walletNonce,
  )
  const { certificate: registration } = await judging('not_trusted', () =>
    verifyRegistrationCertificate(request.verifierInfo, { ...context, list, accessCertificate, now: context.now() }),
  )
  if (!isOwnHost(request.responseUri, accessCertificate)) {
    throw new WalletError('not_trusted', 'response_uri_elsewhere', 'the answer would go to another host than who asks')
  }
  const found = await matchHoldings(context, request.dcqlQuery, registration)
  const match = await preferValid(context, found.match)
  const coverage = findOverAsking(request.dcqlQuery, registration.credentials)
  return {
    verifier: {
      name: registration.name,
      identifier: registration.sub,
      organisationName: entry.name,
      isPublicBody: mayReceiveBsn(registration),
      privacyPolicy: registration.privacy_policy,
      supportUri: registration.support_uri,
    },
    service: registration.srv_description,
    purpose: registration.purpose,
    queries: await viewQueries(context, list, { ...found, match, coverage }),
    satisfiable: match.satisfiable,
    overAsking: !isWithinRegistration(coverage),
    request,
    registration,
    match,
  }
}

/** @see OpenID4VP 1.0 §5.10 request_uri_method_post */
async function requestRequestObject(
  { fetch }: WalletContext,
  { requestUri, requestUriMethod }: AuthorizationRequestReference,
  walletNonce: string,
): Promise<string> {
  return judging('refused', async () => {
    const answer = await fetch({
      url: requestUri,
      accept: [REQUEST_OBJECT_MEDIA_TYPE],
      maxBytes: MAX_REQUEST_BYTES,
      ...(requestUriMethod === 'post' && {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: makeRequestUriBody({ walletNonce, walletMetadata: WALLET_METADATA }),
      }),
    })
    if (answer.status !== 200) {
      throw new WalletError('refused', 'request_not_available', 'the request is not there, or not any more')
    }
    return decodeUtf8(answer.body)
  })
}

interface VerifiedRequest {
  readonly request: AuthorizationRequest
  readonly accessCertificate: Certificate
  /** Who asks. */
  readonly entry: TrustListEntry
}

async function verifyRequest(
  { crypto, now, validateChain }: WalletContext,
  list: TrustList,
  { clientId, requestUriMethod }: AuthorizationRequestReference,
  requestObject: string,
  walletNonce: string,
): Promise<VerifiedRequest> {
  return judging('not_trusted', async () => {
    const chain = parseX5c(readRequestObjectX5c(requestObject))
    const { leaf, key } = await validateChain(list, 'access_certificate', chain, now())
    const entry = findVerifier(list, leaf)
    try {
      const request = await verifyRequestObject(requestObject, {
        clientId,
        now: now(),
        leafCertificateDer: leaf.der,
        key,
        crypto,
        // Approving a payment needs a screen and a fund; until then such a request is refused as unknown.
        transactionTypes: NO_TRANSACTION_TYPES,
        ...(requestUriMethod === 'post' && { walletNonce }),
      })
      return { request, accessCertificate: leaf, entry }
    } catch (error) {
      if (!(error instanceof AuthorizationRequestError)) throw error
      const { respondTo } = error
      const isOwn = respondTo !== undefined && isOwnHost(respondTo.response_uri, leaf)
      throw new AnswerableRequestError(error, entry.name, isOwn ? respondTo : undefined)
    }
  })
}

function findVerifier(list: TrustList, { subject }: Certificate): TrustListEntry {
  const entry = findOrganisation(list, subject.organizationIdentifier ?? '')
  if (!entry?.roles.includes(VERIFIER_ENTRY)) {
    throw new WalletError('not_trusted', 'verifier_unknown', 'the trust list does not know who asks')
  }
  return entry
}

/**
 * Narrower than the specification: the answer goes to the host that the access certificate was given to, so that a request
 * that was signed in an organisation's name cannot send the worker's data elsewhere.
 */
function isOwnHost(responseUri: string, { sanUris }: Certificate): boolean {
  const { origin } = new URL(responseUri)
  return sanUris.some((uri) => URL.canParse(uri) && new URL(uri).origin === origin)
}
