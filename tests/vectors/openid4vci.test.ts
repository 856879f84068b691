import { parseJws, readClaims } from '@wegwijzer/protocol/jose'
import {
  authorizationServerOf,
  PRE_AUTHORIZED_CODE_GRANT,
  parseCredentialIssuerMetadata,
  parseCredentialOffer,
  parseCredentialOfferUri,
  parseCredentialRequest,
  parseCredentialResponse,
  parseTokenResponse,
  preAuthorizedCodeGrant,
  selectCredentialConfiguration,
} from '@wegwijzer/protocol/openid4vci'
import { expect, test } from 'vitest'
import { describeWithReferenceData, readReferenceJson, readReferenceText } from '../support/reference-data.ts'

const FOLDER = 'vectors/spec-examples/openid4vci-1.0'
const ISSUER = 'https://credential-issuer.example.com'

/** The JSON of an example, without the line breaks and indents that were put into its strings for print. */
function readBody(path: string): string {
  const example = readReferenceText(path).trim()
  return example.slice(example.search(/^\{/m)).replace(/\r?\n\s*/g, '')
}

function metadataWith(configurations: object): string {
  return JSON.stringify({
    credential_issuer: ISSUER,
    credential_endpoint: `${ISSUER}/credential`,
    nonce_endpoint: `${ISSUER}/nonce`,
    ...configurations,
  })
}

describeWithReferenceData('the examples of OpenID4VCI 1.0', () => {
  test.each([
    ['credential_offer_by_reference.json', {}],
    ['credential_offer_pre-authz_code.json', { description: expect.stringContaining('SMS') }],
    [
      'credential_offer_multiple_credentials.json',
      { length: 4, input_mode: 'numeric', description: expect.anything() },
    ],
  ])('offer %s asks for a Transaction Code [OpenID4VCI 1.0 §4.1.1]', (file, txCode) => {
    const offer = parseCredentialOffer(readReferenceText(`${FOLDER}/${file}`))
    expect(offer.credential_issuer).toBe(ISSUER)
    expect(preAuthorizedCodeGrant(offer).tx_code).toEqual(txCode)
  })

  test('an offer in a link is the offer [OpenID4VCI 1.0 §4.1.2]', () => {
    const text = readReferenceText(`${FOLDER}/credential_offer_multiple_credentials.json`)
    const uri = `openid-credential-offer://?credential_offer=${encodeURIComponent(text)}`
    expect(parseCredentialOfferUri(uri)).toEqual({ by: 'value', offer: JSON.parse(text) as unknown })
  })

  test('an offer for the authorization code flow is read, and not taken for ours [OpenID4VCI 1.0 §4.1.3]', () => {
    const offer = parseCredentialOffer(readBody(`${FOLDER}/credential_offer_authz_code.txt`))
    expect(offer.grants?.authorization_code?.issuer_state).toMatch(/^eyJ/)
    expect(offer.grants).not.toHaveProperty(PRE_AUTHORIZED_CODE_GRANT)
    expect(() => preAuthorizedCodeGrant(offer)).toThrow(expect.objectContaining({ code: 'unsupported_grant_type' }))
  })

  test('metadata is read, and what this wallet cannot do yet is said [OpenID4VCI 1.0 §12.2.4]', () => {
    const text = readReferenceText(`${FOLDER}/credential_issuer_metadata_sd_jwt_long.json`)
    const metadata = parseCredentialIssuerMetadata(text, ISSUER)
    expect(metadata).toEqual(JSON.parse(text))
    const offer = parseCredentialOffer(readReferenceText(`${FOLDER}/credential_offer_by_reference.json`))
    expect(authorizationServerOf(metadata, offer)).toBe('https://server.example.com')
    const [id = ''] = Object.keys(metadata.credential_configurations_supported)
    expect(() => selectCredentialConfiguration(metadata, id)).toThrow(
      expect.objectContaining({ code: 'unsupported_credential_configuration' }),
    )
  })

  test('signed metadata has the same members in its payload [OpenID4VCI 1.0 §12.2.3]', () => {
    const jwt = readReferenceText(`${FOLDER}/credential_issuer_metadata_sd_jwt_jwt.txt`).replace(/\s/g, '')
    const claims = JSON.stringify(readClaims(parseJws(jwt)))
    expect(parseCredentialIssuerMetadata(claims, ISSUER).credential_endpoint).toBe(`${ISSUER}/credential`)
    expect(() => parseCredentialIssuerMetadata(jwt, ISSUER)).toThrow('not JSON')
  })

  test('an SD-JWT VC configuration is read; without its key attestation it can be issued [OpenID4VCI 1.0 §A.3.2]', () => {
    const text = readReferenceText(`${FOLDER}/credential_metadata_sd_jwt_vc.json`)
    const id = 'SD_JWT_VC_example_in_OpenID4VCI'
    const attested = parseCredentialIssuerMetadata(metadataWith(JSON.parse(text) as object), ISSUER)
    expect(() => selectCredentialConfiguration(attested, id)).toThrow('a key attestation is required')
    const plain = JSON.parse(text, (name, value: unknown) =>
      name === 'key_attestations_required' ? undefined : value,
    ) as object
    const configuration = selectCredentialConfiguration(parseCredentialIssuerMetadata(metadataWith(plain), ISSUER), id)
    expect(configuration).toMatchObject({ vct: id })
    expect(configuration.credential_metadata?.claims).toHaveLength(13)
  })

  test.each(['ldp_vc', 'mso_mdoc'])(
    'a configuration of format %s is kept and cannot be selected [OpenID4VCI 1.0 §A]',
    (format) => {
      const example = readReferenceJson<object>(`${FOLDER}/credential_metadata_${format}.json`)
      const metadata = parseCredentialIssuerMetadata(metadataWith(example), ISSUER)
      expect(metadata).toMatchObject(example)
      const [id = ''] = Object.keys(metadata.credential_configurations_supported)
      expect(() => selectCredentialConfiguration(metadata, id)).toThrow('the format is not known here')
    },
  )

  test('a configuration of a W3C credential in a JWT is read; its method of DIDs is not ours [OpenID4VCI 1.0 §A.1.1.2]', () => {
    const example = readReferenceJson<object>(`${FOLDER}/credential_metadata_jwt_vc_json.json`)
    const id = 'UniversityDegreeCredential'
    const metadata = parseCredentialIssuerMetadata(metadataWith(example), ISSUER)
    expect(metadata).toMatchObject(example)
    expect(() => selectCredentialConfiguration(metadata, id)).toThrow('no key is bound as did:jwk')
    const bound = JSON.parse(JSON.stringify(example).replace('did:example', 'did:jwk')) as object
    const configuration = selectCredentialConfiguration(parseCredentialIssuerMetadata(metadataWith(bound), ISSUER), id)
    expect(configuration).toMatchObject({ credential_definition: { type: ['VerifiableCredential', id] } })
  })

  test.each(['sd_jwt_vc', 'jwt_vc_json', 'mso_mdoc'])(
    'response %s has one Credential [OpenID4VCI 1.0 §8.3]',
    (format) => {
      const response = parseCredentialResponse(readBody(`${FOLDER}/credential_response_${format}.txt`), 1)
      expect(response).toMatchObject({ kind: 'issued', credentials: [{ credential: expect.any(String) }] })
    },
  )

  test('a Credential that is an object is no SD-JWT VC [OpenID4VCI 1.0 §A.3.4]', () => {
    expect(() => parseCredentialResponse(readBody(`${FOLDER}/credential_response_ldp_vc.txt`), 1)).toThrow(
      expect.objectContaining({ code: 'invalid_credential_response' }),
    )
  })

  test('the request of an earlier draft names no Credential [OpenID4VCI 1.0 §8.2]', () => {
    const request = readReferenceJson<object>(`${FOLDER}/credential_request_iso_mdl.json`)
    expect(() => parseCredentialRequest(request, 20)).toThrow(
      expect.objectContaining({ code: 'invalid_credential_request' }),
    )
    const named = { ...request, credential_configuration_id: 'org.iso.18013.5.1.mDL' }
    expect(parseCredentialRequest(named, 20).proofs.jwt).toHaveLength(1)
  })

  test.each(['', '_jwt_vc_json', '_ldp_vc', '_mso_doc', '_multiple_credentials', '_sd_jwt_vc', '_with_as'])(
    'authorization_details%s is read when the server has put the identifiers in [OpenID4VCI 1.0 §6.2]',
    (name) => {
      const details = readReferenceJson<readonly object[]>(`${FOLDER}/authorization_details${name}.json`)
      const answer = (authorization_details: readonly object[]): string =>
        JSON.stringify({ access_token: 'a', token_type: 'DPoP', authorization_details })
      const identified = details.map((detail) => ({ ...detail, credential_identifiers: ['one'] }))
      expect(parseTokenResponse(answer(identified)).authorization_details).toEqual(identified)
      expect(() => parseTokenResponse(answer(details))).toThrow('identifiers')
    },
  )
})

describeWithReferenceData('the examples beside HAIP 1.0, which are of earlier drafts, are refused', () => {
  const HAIP = 'vectors/spec-examples/haip-1.0'

  test('an offer with `credentials` [OpenID4VCI 1.0 §4.1.1]', () => {
    expect(() => parseCredentialOffer(readReferenceText(`${HAIP}/credential_offer_sd_jwt_vc.json`))).toThrow(
      'credential_configuration_ids is missing',
    )
  })

  test('a request with `format` and `proof` [OpenID4VCI 1.0 §8.2]', () => {
    const request = JSON.parse(readBody(`${HAIP}/credential_request_sd_jwt_vc.json`)) as object
    expect(() => parseCredentialRequest(request, 20)).toThrow(
      expect.objectContaining({ code: 'invalid_credential_request' }),
    )
    expect(() => parseCredentialRequest({ ...request, credential_configuration_id: 'a' }, 20)).toThrow(
      expect.objectContaining({ code: 'invalid_proof' }),
    )
  })

  test('a configuration of format `vc+sd-jwt` [OpenID4VCI 1.0 §A.3.1]', () => {
    const IdentityCredential = readReferenceJson<object>(`${HAIP}/credential_metadata_sd_jwt_vc.json`)
    const text = metadataWith({ credential_configurations_supported: { IdentityCredential } })
    expect(() =>
      selectCredentialConfiguration(parseCredentialIssuerMetadata(text, ISSUER), 'IdentityCredential'),
    ).toThrow(expect.objectContaining({ code: 'unsupported_credential_configuration' }))
  })

  test('authorization details that name a type [OpenID4VCI 1.0 §6.2]', () => {
    const authorization_details = readReferenceJson<readonly object[]>(`${HAIP}/authorization_details_sd_jwt_vc.json`)
    const text = JSON.stringify({ access_token: 'a', token_type: 'DPoP', authorization_details })
    expect(() => parseTokenResponse(text)).toThrow(expect.objectContaining({ code: 'invalid_token_response' }))
  })
})
