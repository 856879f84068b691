import { indexCandidates, matchCredentials, parseDcqlQuery, selectAnswer } from '@wegwijzer/protocol/dcql'
import { parseCredentialIssuerMetadata } from '@wegwijzer/protocol/openid4vci'
import { makeClientMetadata, parseClientMetadata } from '@wegwijzer/protocol/openid4vp'
import { expandTypes, VC_CONTEXT } from '@wegwijzer/protocol/w3c'
import { describe, expect, test } from 'vitest'

/** The parameters of `jwt_vc_json` in the messages of OpenID4VCI and OpenID4VP. */
const ISSUER = 'https://issuer.example'

const configuration = {
  format: 'jwt_vc_json',
  credential_definition: { type: ['VerifiableCredential', 'https://types.example/diploma/1'] },
  cryptographic_binding_methods_supported: ['did:jwk'],
  proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
}

function parseConfiguration(change: object): unknown {
  const diploma: object = JSON.parse(JSON.stringify({ ...configuration, ...change }))
  const metadata = parseCredentialIssuerMetadata(
    JSON.stringify({
      credential_issuer: ISSUER,
      credential_endpoint: `${ISSUER}/credential`,
      nonce_endpoint: `${ISSUER}/nonce`,
      credential_configurations_supported: { diploma },
    }),
    ISSUER,
  )
  return metadata.credential_configurations_supported.diploma
}

describe('a configuration', () => {
  test('is read with its types [OpenID4VCI 1.0 §A.1.1.2]', () => {
    expect(parseConfiguration({})).toEqual(configuration)
  })

  test.each([
    ['without credential_definition', { credential_definition: undefined }],
    ['without type', { credential_definition: {} }],
    ['with no type', { credential_definition: { type: [] } }],
  ])('%s is refused [OpenID4VCI 1.0 §A.1.1.2]', (_name, change) => {
    expect(() => parseConfiguration(change)).toThrow(
      expect.objectContaining({ code: 'invalid_credential_issuer_metadata' }),
    )
  })
})

const VC_IRI = 'https://www.w3.org/2018/credentials#VerifiableCredential'
const DIPLOMA = 'https://types.example/diploma/1'

describe('a query', () => {
  const query = (meta: object) => ({ credentials: [{ id: 'a', format: 'jwt_vc_json', meta }] })

  test('is read with its types [OpenID4VP 1.0 §B.1.1]', () => {
    const asked = query({ type_values: [['https://www.w3.org/2018/credentials#VerifiableCredential']] })
    expect(parseDcqlQuery(asked)).toEqual(asked)
  })

  test.each([
    ['one type that it has', [[DIPLOMA]], 'answer'],
    ['all its types, in another order', [[DIPLOMA, VC_IRI]], 'answer'],
    ['the second alternative', [['https://types.example/job/1'], [VC_IRI]], 'answer'],
    ['a type that it lacks, beside one that it has', [[DIPLOMA, 'https://types.example/job/1']], 'unanswerable'],
    ['another spelling', [[`${DIPLOMA}/`]], 'unanswerable'],
  ])('matches by types: %s [OpenID4VP 1.0 §B.1.1]', (_name, type_values, outcome) => {
    const candidate = {
      id: 'held',
      format: 'jwt_vc_json',
      vct: DIPLOMA,
      types: [VC_IRI, DIPLOMA],
      holderBound: true,
      claims: { credentialSubject: { name: 'a' } },
    }
    const match = matchCredentials(parseDcqlQuery(query({ type_values })), indexCandidates([candidate]))
    expect(selectAnswer(match).outcome).toBe(outcome)
  })

  test.each([
    ['without type_values', {}],
    ['with no type_values', { type_values: [] }],
    ['with an empty alternative', { type_values: [[]] }],
    ['with types outside a list', { type_values: ['a'] }],
  ])('%s is refused [OpenID4VP 1.0 §B.1.1]', (_name, meta) => {
    expect(() => parseDcqlQuery(query(meta))).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })
})

test('types of a context that is not known count for nothing, and no context is looked up [OpenID4VCI 1.0 §A.1.1.1]', () => {
  const types = ['VerifiableCredential', 'Diploma', 'https://types.example/diploma/1']
  const known = ['https://www.w3.org/2018/credentials#VerifiableCredential', 'https://types.example/diploma/1']
  expect(expandTypes([VC_CONTEXT, 'https://contexts.example/v1'], types)).toEqual(known)
  expect(expandTypes([VC_CONTEXT], types)).toContain('Diploma')
})

test('metadata with algorithms for W3C credentials that no credential of ours has are refused [OpenID4VP 1.0 §B.1.3.1.3]', () => {
  const key = {
    kty: 'EC',
    crv: 'P-256',
    x: 'A'.repeat(43),
    y: 'A'.repeat(43),
    kid: 'k',
    alg: 'ECDH-ES',
    use: 'enc',
  } as const
  const metadata = makeClientMetadata(key)
  const formats = Object(metadata.vp_formats_supported)
  expect(formats.jwt_vc_json).toEqual({ alg_values: ['ES256'] })
  const change = { vp_formats_supported: { ...formats, jwt_vc_json: { alg_values: ['EdDSA'] } } }
  expect(() => parseClientMetadata({ ...metadata, ...change })).toThrow(
    expect.objectContaining({ code: 'vp_formats_not_supported' }),
  )
})
