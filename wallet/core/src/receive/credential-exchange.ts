import {
  type CredentialIssuerMetadata,
  decryptCredentialResponse,
  ENCRYPTED_MESSAGE_MEDIA_TYPE,
  makeEncryptedCredentialRequest,
  type ParsedCredentialRequest,
  parseCredentialResponse,
  type ReceivedCredentialResponse,
  selectMessageEncryption,
} from '@wegwijzer/protocol/openid4vci'
import { judging } from '../wallet-error.ts'
import { type IssuerClient, postWithDpop } from './issuer-client.ts'

const MAX_CREDENTIAL_BYTES = 8_000_000

/**
 * Sends a Credential Request and reads the answer, both encrypted wherever the issuer can: the request to its key, the answer
 * to a fresh key of this one request.
 *
 * What was asked for encrypted is not taken in the open.
 *
 * @throws {WalletError} `refused` with the issuer's own error code; `not_trusted` with `response_not_encrypted` or `media_type`.
 * @see OpenID4VCI 1.0 §8.2 credential-request
 * @see OpenID4VCI 1.0 §10 encrypted-messages
 */
export async function exchangeCredentials(
  client: IssuerClient,
  metadata: CredentialIssuerMetadata,
  { accessToken, request }: { readonly accessToken: string; readonly request: ParsedCredentialRequest },
): Promise<ReceivedCredentialResponse> {
  const maxCredentials = request.proofs.jwt.length
  const send = (body: string, contentType: ContentType, accept: ContentType) =>
    postWithDpop(client, {
      url: metadata.credential_endpoint,
      contentType,
      body,
      accessToken,
      maxBytes: MAX_CREDENTIAL_BYTES,
      accept,
    })
  const encryption = await judging('refused', () => selectMessageEncryption(metadata))
  if (encryption === undefined) {
    const answer = await send(JSON.stringify(request), 'application/json', 'application/json')
    return judging('refused', () => parseCredentialResponse(answer, maxCredentials))
  }
  const { body, response } = await judging('refused', () => makeEncryptedCredentialRequest(request, encryption))
  if (response === undefined) {
    const answer = await send(body, ENCRYPTED_MESSAGE_MEDIA_TYPE, 'application/json')
    return judging('refused', () => parseCredentialResponse(answer, maxCredentials))
  }
  const jwe = await send(body, ENCRYPTED_MESSAGE_MEDIA_TYPE, ENCRYPTED_MESSAGE_MEDIA_TYPE)
  const answer = await judging('not_trusted', () => decryptCredentialResponse(jwe, response, maxCredentials))
  return judging('refused', () => parseCredentialResponse(answer, maxCredentials))
}

type ContentType = 'application/json' | typeof ENCRYPTED_MESSAGE_MEDIA_TYPE
