import type { CryptoPort, EpochSeconds, VerificationKey } from '../crypto.ts'
import { asProtocolError, ProtocolError, rejectAs } from '../errors.ts'
import { checkValidity } from '../jose/claims.ts'
import { verifyJwt } from '../jose/jws.ts'
import type { JsonObject } from '../json/json.ts'
import {
  AuthorizationRequestError,
  type ErrorTarget,
  invalidRequest,
  isAuthorizationErrorCode,
} from './authorization-error.ts'
import {
  type AuthorizationRequest,
  isState,
  parseAuthorizationRequest,
  parseResponseUri,
} from './authorization-request.ts'
import { checkClientId, makeX509HashClientId } from './client-identifier.ts'
import { REQUEST_OBJECT_TYPE, readRequestObjectX5c, SELF_ISSUED_AUDIENCE } from './request-object.ts'
import type { TransactionTypes } from './transaction-data.ts'

/** What the Wallet knows before it reads a Request Object. */
export interface ExpectedRequestObject {
  /** `client_id` of the link or QR code that led to it. */
  readonly clientId: string
  /** What the Wallet sent when it fetched it by POST. */
  readonly walletNonce?: string
  readonly now: EpochSeconds
  /** The leaf of the `x5c` whose chain the Wallet validated for the role of access certificate, and its key. */
  readonly leafCertificateDer: Uint8Array
  readonly key: VerificationKey
  readonly crypto: CryptoPort
  /** Which transactions may be approved with which credential; `NO_TRANSACTION_TYPES` for none. */
  readonly transactionTypes: TransactionTypes
}

/**
 * Verifies a Request Object and reads what it asks.
 *
 * Does not validate the certificate chain, does not look at what `verifier_info` says, and does not decide whether the
 * Verifier may ask this. `iss` is ignored, as §5 demands.
 *
 * Narrower than the specification: `aud` is one string; a request without `iat` or `exp` is accepted, one outside of them is not.
 *
 * @throws {ProtocolError} `invalid_request` when it is not authentic, not for this Wallet or not of now: nothing is sent back.
 * @throws {AuthorizationRequestError} with a code of §8.5 when it is authentic but cannot be processed.
 * @see OpenID4VP 1.0 §5.10.1 request-uri-response
 */
export async function verifyRequestObject(
  requestObject: string,
  expected: ExpectedRequestObject,
): Promise<AuthorizationRequest> {
  const claims = await rejectAs('invalid_request', () => authenticate(requestObject, expected))
  try {
    const request = parseAuthorizationRequest(claims, expected.transactionTypes)
    await checkOnCurve(request, expected.crypto)
    return request
  } catch (error) {
    throw asAnswerable(error, claims)
  }
}

async function authenticate(requestObject: string, expected: ExpectedRequestObject): Promise<JsonObject> {
  readRequestObjectX5c(requestObject)
  const { payload } = await verifyJwt(requestObject, REQUEST_OBJECT_TYPE, expected.key)
  await checkClient(payload, expected)
  if (payload.aud !== SELF_ISSUED_AUDIENCE) throw invalidRequest(`aud is not ${SELF_ISSUED_AUDIENCE}`)
  if (expected.walletNonce !== undefined && payload.wallet_nonce !== expected.walletNonce) {
    throw invalidRequest('wallet_nonce is not the one that was sent')
  }
  checkValidity(payload, expected.now)
  return payload
}

/** @see OpenID4VP 1.0 §5.9.3 client_identifier_prefixes */
async function checkClient(claims: JsonObject, expected: ExpectedRequestObject): Promise<void> {
  const clientId = checkClientId(claims.client_id)
  if (clientId !== expected.clientId) throw invalidRequest('client_id is not the one the wallet was invoked with')
  if (clientId !== (await makeX509HashClientId(expected.leafCertificateDer, expected.crypto))) {
    throw invalidRequest('client_id is not the hash of the certificate')
  }
}

/** Found out now rather than when the worker has already said yes. */
async function checkOnCurve({ responseEncryption }: AuthorizationRequest, crypto: CryptoPort): Promise<void> {
  await crypto.importVerificationKey(responseEncryption.key)
}

function asAnswerable(error: unknown, claims: JsonObject): AuthorizationRequestError {
  const code = error instanceof ProtocolError && isAuthorizationErrorCode(error.code) ? error.code : 'invalid_request'
  return new AuthorizationRequestError(code, asProtocolError(code, error), errorTarget(claims))
}

function errorTarget({ response_uri, state }: JsonObject): ErrorTarget | undefined {
  try {
    return { response_uri: parseResponseUri(response_uri), ...(isState(state) && { state }) }
  } catch {
    return undefined
  }
}
