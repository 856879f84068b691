import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import { asProtocolError, ProtocolError } from '../errors.ts'
import { type JsonObject, parseJsonObject } from '../json/json.ts'
import { invalidRequest } from './authorization-error.ts'
import { JWT_VC_JSON_FORMAT, SD_JWT_VC_FORMAT } from './dcql/types.ts'
import { type FormBody, makeForm, readForm } from './form.ts'

/** What a Wallet may say of itself; members that nobody here reads are left alone. @see OpenID4VP 1.0 §10.1 additional-wallet-metadata-parameters */
const WalletMetadataSchema = Type.Object({
  vp_formats_supported: Type.Record(
    Type.String(),
    Type.Object({
      'sd-jwt_alg_values': Type.Optional(Type.Array(Type.String())),
      'kb-jwt_alg_values': Type.Optional(Type.Array(Type.String())),
      alg_values: Type.Optional(Type.Array(Type.String())),
    }),
  ),
  client_id_prefixes_supported: Type.Optional(Type.Array(Type.String())),
  request_object_signing_alg_values_supported: Type.Optional(Type.Array(Type.String())),
  authorization_encryption_alg_values_supported: Type.Optional(Type.Array(Type.String())),
  authorization_encryption_enc_values_supported: Type.Optional(Type.Array(Type.String())),
})

export type WalletMetadata = Static<typeof WalletMetadataSchema>

/** What our Wallet says of itself: the same of every copy of it, so that nobody is recognised by it (§15.6). */
export const WALLET_METADATA: WalletMetadata & JsonObject = {
  vp_formats_supported: {
    [SD_JWT_VC_FORMAT]: { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
    [JWT_VC_JSON_FORMAT]: { alg_values: ['ES256'] },
  },
  client_id_prefixes_supported: ['x509_hash'],
  response_types_supported: ['vp_token'],
  response_modes_supported: ['direct_post.jwt'],
  request_object_signing_alg_values_supported: ['ES256'],
  authorization_encryption_alg_values_supported: ['ECDH-ES'],
  authorization_encryption_enc_values_supported: ['A256GCM', 'A128GCM'],
}

/** The body of a POST to the `request_uri`. @see OpenID4VP 1.0 §5.10 request_uri_method_post */
export interface RequestUriPost {
  readonly walletNonce?: string
  readonly walletMetadata?: WalletMetadata
}

export function makeRequestUriBody({ walletNonce, walletMetadata }: RequestUriPost): string {
  return makeForm({
    wallet_nonce: walletNonce,
    wallet_metadata: walletMetadata === undefined ? undefined : JSON.stringify(walletMetadata),
  })
}

/**
 * Reads what a Wallet sends along when it fetches the Request Object.
 *
 * Narrower than the specification: a `wallet_nonce` is up to 512 characters that need no escaping in a URL. Keys in the
 * metadata to encrypt the Request Object with are ignored: it is sent signed only.
 *
 * @throws {ProtocolError} `invalid_request`
 * @see OpenID4VP 1.0 §5.10 request_uri_method_post
 */
export function parseRequestUriBody(body: FormBody): RequestUriPost {
  const { wallet_nonce: walletNonce, wallet_metadata: metadata } = readForm(body, ['wallet_nonce', 'wallet_metadata'])
  if (walletNonce !== undefined && !/^[A-Za-z0-9._~-]{1,512}$/.test(walletNonce)) {
    throw invalidRequest('wallet_nonce is not a nonce')
  }
  return {
    ...(walletNonce !== undefined && { walletNonce }),
    ...(metadata !== undefined && { walletMetadata: parseWalletMetadata(metadata) }),
  }
}

function parseWalletMetadata(text: string): WalletMetadata {
  const metadata = parseMetadataObject(text)
  if (!Check(WalletMetadataSchema, metadata)) throw invalidRequest('wallet_metadata is not metadata of a Wallet')
  return metadata
}

function parseMetadataObject(text: string): JsonObject {
  try {
    return parseJsonObject(text, { maxLength: 50_000, maxDepth: 12 })
  } catch (error) {
    throw asProtocolError('invalid_request', error)
  }
}

/**
 * Whether a Wallet that says this of itself can answer a request of ours: an SD-JWT VC with ES256, a Request Object of
 * `x509_hash` signed with ES256, a response encrypted with ECDH-ES. What it does not say, it is not asked.
 *
 * @throws {ProtocolError} `vp_formats_not_supported` for the format, `invalid_request` for the rest.
 */
export function checkWalletMetadata(metadata: WalletMetadata): void {
  const format = metadata.vp_formats_supported[SD_JWT_VC_FORMAT]
  if (!format || !allows(format['sd-jwt_alg_values'], 'ES256') || !allows(format['kb-jwt_alg_values'], 'ES256')) {
    throw new ProtocolError('vp_formats_not_supported', 'the wallet does not support dc+sd-jwt with ES256')
  }
  const supported =
    allows(metadata.client_id_prefixes_supported, 'x509_hash') &&
    allows(metadata.request_object_signing_alg_values_supported, 'ES256') &&
    allows(metadata.authorization_encryption_alg_values_supported, 'ECDH-ES') &&
    (allows(metadata.authorization_encryption_enc_values_supported, 'A256GCM') ||
      allows(metadata.authorization_encryption_enc_values_supported, 'A128GCM'))
  if (!supported) throw invalidRequest('the wallet supports no request of this kind')
}

function allows(values: readonly string[] | undefined, value: string): boolean {
  return values === undefined || values.includes(value)
}
