import { describe, expect, test } from 'vitest'
import { makeEncryptionKey } from '../jose/jwe.ts'
import {
  type IssuerPublication,
  makeAuthorizationServerMetadata,
  makeCredentialIssuerMetadata,
} from './issuer-publication.ts'
import {
  isJwtVcJsonConfiguration,
  isSdJwtVcConfiguration,
  parseCredentialIssuerMetadata,
  selectCredentialConfiguration,
} from './openid4vci.ts'

const ISSUER = 'https://issuer.example/roc'
const TYPE = 'https://wegwijzer.example/types/diploma/1'
const PUBLICATION: IssuerPublication = {
  credentialIssuer: ISSUER,
  credentialEndpoint: `${ISSUER}/credential`,
  nonceEndpoint: `${ISSUER}/nonce`,
  batchSize: 2,
  display: [{ name: 'ROC', locale: 'nl' }],
  credentials: {
    diploma: {
      vct: TYPE,
      format: 'jwt_vc_json',
      scope: 'diploma',
      display: [{ name: 'Diploma' }],
      claims: [{ path: ['a'] }],
    },
  },
}
const published = makeCredentialIssuerMetadata(PUBLICATION)
const diploma = published.credential_configurations_supported.diploma

/** The metadata with its one configuration changed, as a wallet reads it. */
function read(change: object) {
  const credential_configurations_supported = { diploma: { ...diploma, ...change } }
  return parseCredentialIssuerMetadata(JSON.stringify({ ...published, credential_configurations_supported }), ISSUER)
}

describe('a W3C credential in a JWT', () => {
  test('is published by its types, and bound to a did:jwk [OpenID4VCI 1.0 §A.1.1.2]', () => {
    expect(diploma).toEqual({
      format: 'jwt_vc_json',
      credential_definition: { type: ['VerifiableCredential', TYPE] },
      scope: 'diploma',
      cryptographic_binding_methods_supported: ['did:jwk'],
      credential_signing_alg_values_supported: ['ES256'],
      proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
      credential_metadata: { display: [{ name: 'Diploma' }], claims: [{ path: ['a'] }] },
    })
  })

  test('is read as it was published, and is no SD-JWT VC', () => {
    const configuration = selectCredentialConfiguration(read({}), 'diploma')
    expect(configuration).toEqual(diploma)
    expect(isJwtVcJsonConfiguration(configuration)).toBe(true)
    expect(isSdJwtVcConfiguration(configuration)).toBe(false)
  })

  test.each<[string, object]>([
    ['no types', { credential_definition: undefined }],
    ['types that are no list', { credential_definition: { type: TYPE } }],
    ['an empty list of types', { credential_definition: { type: [] } }],
    ['an empty type', { credential_definition: { type: [''] } }],
    ['a type that is too long', { credential_definition: { type: ['a'.repeat(2_049)] } }],
    ['too many types', { credential_definition: { type: Array(21).fill(TYPE) } }],
    ['binding but no proof types', { proof_types_supported: undefined }],
    ['one claim twice', { credential_metadata: { claims: [{ path: ['a'] }, { path: ['a'] }] } }],
    [
      'two names in one language',
      {
        credential_metadata: {
          display: [
            { name: 'a', locale: 'nl' },
            { name: 'b', locale: 'NL' },
          ],
        },
      },
    ],
  ])('with %s is refused as invalid_credential_issuer_metadata [OpenID4VCI 1.0 §12.2.4]', (_name, change) => {
    expect(() => read(change)).toThrow(expect.objectContaining({ code: 'invalid_credential_issuer_metadata' }))
  })

  test.each<[string, object]>([
    ['bound to a bare key', { cryptographic_binding_methods_supported: ['jwk'] }],
    ['signed otherwise than by ES256', { credential_signing_alg_values_supported: ['EdDSA'] }],
  ])('%s is not selected', (_name, change) => {
    expect(() => selectCredentialConfiguration(read(change), 'diploma')).toThrow(
      expect.objectContaining({ code: 'unsupported_credential_configuration' }),
    )
  })
})

test('an SD-JWT VC is published by its vct, and bound to a key [OpenID4VCI 1.0 §A.3.2]', () => {
  const offered = { vct: TYPE, scope: 'diploma', display: [], claims: [], reusePolicy: { id: 'once' } }
  const metadata = makeCredentialIssuerMetadata({ ...PUBLICATION, credentials: { diploma: offered } })
  expect(metadata.credential_configurations_supported.diploma).toEqual({
    format: 'dc+sd-jwt',
    vct: TYPE,
    scope: 'diploma',
    cryptographic_binding_methods_supported: ['jwk'],
    credential_signing_alg_values_supported: ['ES256'],
    proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
    credential_metadata: { credential_reuse_policy: { id: 'once' } },
  })
})

describe('of an issuer is published', () => {
  test('what it is and where its endpoints are, and of what it does not have nothing [OpenID4VCI 1.0 §12.2.4]', () => {
    const { credential_configurations_supported: _, ...rest } = published
    expect(rest).toEqual({
      credential_issuer: ISSUER,
      credential_endpoint: `${ISSUER}/credential`,
      nonce_endpoint: `${ISSUER}/nonce`,
      batch_credential_issuance: { batch_size: 2 },
      display: [{ name: 'ROC', locale: 'nl' }],
    })
  })

  test('its registration certificate, where it has one', () => {
    const issuerInfo = [{ format: 'registration_cert', data: 'AA' }]
    expect(makeCredentialIssuerMetadata({ ...PUBLICATION, issuerInfo })).toMatchObject({ issuer_info: issuerInfo })
  })

  test.each([true, false])(
    'the keys that requests are encrypted to, and whether they must be: %s',
    async (isRequired) => {
      const keys = [(await makeEncryptionKey()).publicJwk]
      expect(makeCredentialIssuerMetadata({ ...PUBLICATION, encryption: { keys, isRequired } })).toMatchObject({
        credential_request_encryption: {
          jwks: { keys },
          enc_values_supported: ['A256GCM', 'A128GCM'],
          encryption_required: isRequired,
        },
        credential_response_encryption: {
          alg_values_supported: ['ECDH-ES'],
          enc_values_supported: ['A256GCM', 'A128GCM'],
          encryption_required: isRequired,
        },
      })
    },
  )

  test('nothing of encryption where there is no key for it', () => {
    expect(makeCredentialIssuerMetadata({ ...PUBLICATION, encryption: { keys: [], isRequired: true } })).toEqual(
      published,
    )
  })
})

test('an authorization server says what a wallet without a name may do there [OpenID4VCI 1.0 §12.3]', () => {
  const server = { issuer: ISSUER, tokenEndpoint: `${ISSUER}/token`, scopes: ['diploma'] }
  expect(makeAuthorizationServerMetadata(server)).toEqual({
    issuer: ISSUER,
    token_endpoint: `${ISSUER}/token`,
    grant_types_supported: ['urn:ietf:params:oauth:grant-type:pre-authorized_code'],
    scopes_supported: ['diploma'],
    token_endpoint_auth_methods_supported: ['none'],
    dpop_signing_alg_values_supported: ['ES256'],
    'pre-authorized_grant_anonymous_access_supported': true,
  })
})
