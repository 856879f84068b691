import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import type { PublicJwk } from '../crypto.ts'
import { ProtocolError } from '../errors.ts'
import { CONTENT_ENCRYPTIONS, type Encryption, type EncryptionJwk } from '../jose/jwe.ts'
import { parsePublicJwk } from '../jose/jwk.ts'
import type { JsonObject } from '../json/json.ts'
import { invalidRequest } from './authorization-error.ts'
import { JWT_VC_JSON_FORMAT, SD_JWT_VC_FORMAT } from './dcql/types.ts'

/** A Verifier's key for one response, as it stands in `client_metadata.jwks`. */
export type ResponseEncryptionJwk = EncryptionJwk

/** How to encrypt one response. @see OpenID4VP 1.0 §8.3 response_encryption */
export interface ResponseEncryption extends Encryption {
  readonly kid: string
}

/** @see OpenID4VP 1.0 §11 client_metadata */
const ClientMetadataSchema = Type.Object({
  jwks: Type.Object({
    keys: Type.Array(Type.Object({ kty: Type.String(), kid: Type.String() }), {
      minItems: 1,
      maxItems: 20,
    }),
  }),
  encrypted_response_enc_values_supported: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
  vp_formats_supported: Type.Record(Type.String(), Type.Object({})),
})

const SdJwtVcFormatSchema = Type.Object({
  'sd-jwt_alg_values': Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
  'kb-jwt_alg_values': Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
})

const JwtVcFormatSchema = Type.Object({
  alg_values: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
})

type ClientMetadata = Static<typeof ClientMetadataSchema>

/**
 * The metadata of a Verifier for one request: its key for this one response, and what it can verify.
 *
 * @see OpenID4VP 1.0 §B.3.4 metadata
 * @see OpenID4VP 1.0 §B.1.3.1.3
 */
export function makeClientMetadata(responseKey: ResponseEncryptionJwk): JsonObject {
  return {
    jwks: { keys: [{ ...responseKey }] },
    encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
    vp_formats_supported: {
      [SD_JWT_VC_FORMAT]: { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
      [JWT_VC_JSON_FORMAT]: { alg_values: ['ES256'] },
    },
  }
}

/**
 * Reads how the response must be encrypted, and that the Verifier can read what the Wallet has.
 *
 * Does not check that the key is a point on the curve.
 *
 * Narrower than the specification: ECDH-ES on P-256 with A256GCM or A128GCM (what HAIP 1.0 §5 demands of both sides); a key
 * set with a private key in it, or two keys of one `kid`, is refused as a whole.
 *
 * @throws {ProtocolError} `invalid_request`; `vp_formats_not_supported` when the Verifier takes no `dc+sd-jwt` with ES256.
 * @see OpenID4VP 1.0 §8.3 response_encryption
 */
export function parseClientMetadata(value: unknown): ResponseEncryption {
  if (!Check(ClientMetadataSchema, value))
    throw invalidRequest('client_metadata is missing or not metadata of a Verifier')
  checkFormats(value)
  const accepted = value.encrypted_response_enc_values_supported ?? ['A128GCM']
  const enc = CONTENT_ENCRYPTIONS.find((known) => accepted.includes(known))
  if (enc === undefined) throw invalidRequest('none of the content encryptions is supported')
  return { ...findEncryptionKey(value), enc }
}

function checkFormats({ vp_formats_supported }: ClientMetadata): void {
  const format: unknown = Object.hasOwn(vp_formats_supported, SD_JWT_VC_FORMAT)
    ? vp_formats_supported[SD_JWT_VC_FORMAT]
    : undefined
  if (format === undefined) throw formatsNotSupported()
  if (!Check(SdJwtVcFormatSchema, format)) throw invalidRequest('vp_formats_supported has no lists of algorithms')
  for (const algorithms of [format['sd-jwt_alg_values'], format['kb-jwt_alg_values']]) {
    if (algorithms !== undefined && !algorithms.includes('ES256')) throw formatsNotSupported()
  }
  checkJwtVcFormat(vp_formats_supported)
}

/** @see OpenID4VP 1.0 §B.1.3.1.3 */
function checkJwtVcFormat(formats: ClientMetadata['vp_formats_supported']): void {
  if (!Object.hasOwn(formats, JWT_VC_JSON_FORMAT)) return
  const format: unknown = formats[JWT_VC_JSON_FORMAT]
  if (!Check(JwtVcFormatSchema, format)) throw invalidRequest('vp_formats_supported has no lists of algorithms')
  if (format.alg_values !== undefined && !format.alg_values.includes('ES256')) throw formatsNotSupported()
}

function formatsNotSupported(): ProtocolError {
  return new ProtocolError('vp_formats_not_supported', 'the Verifier takes no dc+sd-jwt with ES256')
}

function findEncryptionKey({ jwks: { keys } }: ClientMetadata): { readonly key: PublicJwk; readonly kid: string } {
  if (new Set(keys.map(({ kid }) => kid)).size !== keys.length) throw invalidRequest('two keys have one kid')
  if (keys.some((jwk) => 'd' in jwk || 'k' in jwk)) throw invalidRequest('client_metadata shows a private key')
  for (const jwk of keys) {
    const { kty, crv, alg, use = 'enc' }: Readonly<Record<string, unknown>> = jwk
    if (kty === 'EC' && crv === 'P-256' && alg === 'ECDH-ES' && use === 'enc') {
      return { key: parsePublicJwk(jwk), kid: jwk.kid }
    }
  }
  throw invalidRequest('client_metadata has no ECDH-ES key on P-256')
}
