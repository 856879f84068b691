import { describe, expect, test } from 'vitest'
import { makeEncryptionKey } from '../jose/jwe.ts'
import {
  isSdJwtVcConfiguration,
  makeCredentialIssuerMetadata,
  parseCredentialIssuerMetadata,
  selectCredentialConfiguration,
} from './openid4vci.ts'

const ISSUER = 'https://issuer.example/roc-midden-nederland'
const VCT = 'https://wegwijzer.example/types/diploma/1'

const published = makeCredentialIssuerMetadata({
  credentialIssuer: ISSUER,
  credentialEndpoint: `${ISSUER}/credential`,
  nonceEndpoint: `${ISSUER}/nonce`,
  notificationEndpoint: `${ISSUER}/notification`,
  batchSize: 20,
  display: [
    { name: 'ROC Midden Nederland (demo)', locale: 'nl-NL' },
    { name: 'ROC Midden Nederland (demo)', locale: 'en' },
  ],
  credentials: {
    diploma: {
      vct: VCT,
      scope: 'diploma',
      display: [{ name: 'Diploma', locale: 'nl-NL' }],
      claims: [
        { path: ['qualification_name'], display: [{ name: 'Opleiding', locale: 'nl-NL' }], mandatory: true },
        { path: ['grades'] },
        { path: ['grades', null] },
        { path: ['grades', null, 'subject'] },
      ],
      reusePolicy: { id: 'arf_annex_ii', options: [{ details: ['once_only'], batch_size: 20 }] },
    },
  },
})
const { publicJwk: requestKey } = await makeEncryptionKey()
const diploma = published.credential_configurations_supported.diploma

function parse(change: object): ReturnType<typeof parseCredentialIssuerMetadata> {
  return parseCredentialIssuerMetadata(JSON.stringify({ ...published, ...change }), ISSUER)
}

function withDiploma(change: object): object {
  return { credential_configurations_supported: { diploma: { ...diploma, ...change } } }
}

function withRequests(change: object): object {
  return {
    credential_request_encryption: {
      jwks: { keys: [requestKey] },
      enc_values_supported: ['A128GCM'],
      encryption_required: true,
      ...change,
    },
  }
}

function withResponses(change: object): object {
  return {
    ...withRequests({}),
    credential_response_encryption: {
      alg_values_supported: ['ECDH-ES'],
      enc_values_supported: ['A128GCM'],
      encryption_required: true,
      ...change,
    },
  }
}

function withClaims(...paths: readonly unknown[]): object {
  return withDiploma({ credential_metadata: { claims: paths.map((path) => ({ path })) } })
}

describe('the metadata of an issuer', () => {
  test('is read as it was published [OpenID4VCI 1.0 §12.2.4]', () => {
    expect(parse({})).toEqual(published)
    expect(published.batch_credential_issuance).toEqual({ batch_size: 20 })
  })

  test('has a scope for every configuration and a nonce endpoint [HAIP 1.0 §4.1]', () => {
    expect(selectCredentialConfiguration(published, 'diploma').scope).toBe('diploma')
    expect(published.nonce_endpoint).toBe(`${ISSUER}/nonce`)
  })

  test('leaves batches, notifications and texts out where there are none [OpenID4VCI 1.0 §12.2.4]', () => {
    const bare = makeCredentialIssuerMetadata({
      credentialIssuer: ISSUER,
      credentialEndpoint: `${ISSUER}/credential`,
      nonceEndpoint: `${ISSUER}/nonce`,
      batchSize: 1,
      display: [{ name: 'ROC' }],
      credentials: { diploma: { vct: VCT, scope: 'diploma', display: [], claims: [] } },
    })
    expect(bare).not.toHaveProperty('batch_credential_issuance')
    expect(bare).not.toHaveProperty('notification_endpoint')
    expect(selectCredentialConfiguration(bare, 'diploma').credential_metadata).toEqual({})
    expect(parseCredentialIssuerMetadata(JSON.stringify(bare), ISSUER)).toEqual(bare)
  })

  test('may have members that are not known here [OpenID4VCI 1.0 §12.2.4]', () => {
    expect(parse({ issuer_info: [{ format: 'registration_cert' }] })).toMatchObject(published)
  })

  test('may list formats that are not known here: they are kept, and not selected', () => {
    const mdoc = { format: 'mso_mdoc', doctype: 'org.iso.18013.5.1.mDL', scope: 7 }
    const metadata = parse({ credential_configurations_supported: { diploma, mdoc } })
    expect(metadata.credential_configurations_supported.mdoc).toEqual(mdoc)
    expect(isSdJwtVcConfiguration(metadata.credential_configurations_supported.mdoc ?? { format: '' })).toBe(false)
    expect(() => selectCredentialConfiguration(metadata, 'mdoc')).toThrow(
      expect.objectContaining({ code: 'unsupported_credential_configuration' }),
    )
  })

  test('may offer a Credential like ours in another format, which is not taken for ours', () => {
    const metadata = parse(withDiploma({ format: 'vc+jwt' }))
    expect(() => selectCredentialConfiguration(metadata, 'diploma')).toThrow('the format is not known here')
  })

  test('of this machine is read in development only', () => {
    const text = JSON.stringify(published).replaceAll('https://issuer.example', 'http://localhost:4100')
    const issuer = 'http://localhost:4100/roc-midden-nederland'
    expect(parseCredentialIssuerMetadata(text, issuer, { allowHttp: true }).credential_issuer).toBe(issuer)
    expect(() => parseCredentialIssuerMetadata(text, issuer)).toThrow('https')
  })
})

describe('is refused as invalid_credential_issuer_metadata', () => {
  test.each([
    ['of another issuer', { credential_issuer: 'https://issuer.example/other' }],
    ['of the same issuer in other letters', { credential_issuer: ISSUER.toUpperCase() }],
    ['of the same issuer with a slash more', { credential_issuer: `${ISSUER}/` }],
    ['without issuer', { credential_issuer: undefined }],
    ['with an empty list of authorization servers', { authorization_servers: [] }],
    ['with an authorization server without TLS', { authorization_servers: ['http://as.example'] }],
    ['with too many authorization servers', { authorization_servers: Array(21).fill('https://as.example') }],
    ['without credential endpoint', { credential_endpoint: undefined }],
    ['with a credential endpoint without TLS', { credential_endpoint: 'http://issuer.example/credential' }],
    ['with a nonce endpoint that is a script', { nonce_endpoint: 'javascript:1' }],
    ['with a notification endpoint that is a path', { notification_endpoint: '/notification' }],
    ['with a deferred endpoint that is a file', { deferred_credential_endpoint: 'file:///etc/passwd' }],
    ['with batches of one', { batch_credential_issuance: { batch_size: 1 } }],
    ['with batches without end', { batch_credential_issuance: { batch_size: 1e300 } }],
    ['with batches of a half', { batch_credential_issuance: { batch_size: 2.5 } }],
    ['with batches without size', { batch_credential_issuance: {} }],
    [
      'with encryption of which it does not say whether it is required',
      withResponses({ encryption_required: undefined }),
    ],
    ['with responses encrypted by nothing', withResponses({ alg_values_supported: [] })],
    ['with requests encrypted to nothing', withRequests({ jwks: { keys: [] } })],
    ['with a key for requests that has no kid', withRequests({ jwks: { keys: [{ ...requestKey, kid: undefined }] } })],
    ['with two keys for requests of one kid', withRequests({ jwks: { keys: [requestKey, requestKey] } })],
    ['with a private key', withRequests({ jwks: { keys: [{ ...requestKey, d: requestKey.x }] } })],
    ['with requests compressed by nothing', withRequests({ zip_values_supported: [] })],
    ['with two names in one language', { display: [{ locale: 'nl-NL' }, { locale: 'nl-nl' }] }],
    ['with an empty list of names', { display: [] }],
    ['with a logo without place', { display: [{ logo: { alt_text: 'logo' } }] }],
    ['without configurations', { credential_configurations_supported: undefined }],
    ['with a list of configurations', { credential_configurations_supported: [diploma] }],
    ['with too many configurations', { credential_configurations_supported: Object.fromEntries(manyConfigurations()) }],
    ['with a configuration that is no object', { credential_configurations_supported: { diploma: 'dc+sd-jwt' } }],
    ['with a configuration behind a line break', { credential_configurations_supported: { 'a\nb': {} } }],
    ['with a configuration without format', withDiploma({ format: undefined })],
    ['with a configuration without type', withDiploma({ vct: undefined })],
    ['with a scope of two words', withDiploma({ scope: 'a b' })],
    ['with an empty list of algorithms', withDiploma({ credential_signing_alg_values_supported: [] })],
    ['with an algorithm that is a number', withDiploma({ credential_signing_alg_values_supported: [-7] })],
    ['with binding but no proof types', withDiploma({ proof_types_supported: undefined })],
    ['with proof types but no binding', withDiploma({ cryptographic_binding_methods_supported: undefined })],
    ['with a proof type without algorithms', withDiploma({ proof_types_supported: { jwt: {} } })],
    ['with a nameless display', withDiploma({ credential_metadata: { display: [{ locale: 'nl' }] } })],
    [
      'with a background image without place',
      withDiploma({ credential_metadata: { display: [{ name: 'Diploma', background_image: {} }] } }),
    ],
    ['with two displays in one language', withDiploma({ credential_metadata: { display: displays('en', 'EN') } })],
    ['with an empty list of claims', withDiploma({ credential_metadata: { claims: [] } })],
  ])('metadata %s [OpenID4VCI 1.0 §12.2.4]', (_name, change) => {
    expect(() => parse(change)).toThrow(
      expect.objectContaining({ name: 'ProtocolError', code: 'invalid_credential_issuer_metadata' }),
    )
  })

  test.each([
    ['an empty path', withClaims([])],
    ['a path that is a string', withClaims('a')],
    ['a negative index', withClaims(['a', -1])],
    ['a fraction as index', withClaims(['a', 0.5])],
    ['a path deeper than a Credential', withClaims(Array(17).fill('a'))],
    ['the same claim twice', withClaims(['a', 'b'], ['c'], ['a', 'b'])],
    ['all elements and one of them', withClaims(['a', null], ['a', 0])],
    ['one element and all of them, deeper', withClaims(['a', 0, 'b'], ['a', null, 'c'])],
    ['an array that is an object', withClaims(['a', null], ['a', 'b'])],
    ['an object that is an array', withClaims(['a', 'b'], ['a', 0])],
    [
      'two names in one language',
      withDiploma({ credential_metadata: { claims: [{ path: ['a'], display: displays('nl', 'nl') }] } }),
    ],
  ])('claims descriptions with %s [OpenID4VCI 1.0 §B.3]', (_name, change) => {
    expect(() => parse(change)).toThrow(expect.objectContaining({ code: 'invalid_credential_issuer_metadata' }))
  })

  test('metadata of an issuer whose own name is no identifier [OpenID4VCI 1.0 §12.2.1]', () => {
    const issuer = `${ISSUER}?tenant=1`
    const text = JSON.stringify({ ...published, credential_issuer: issuer })
    expect(() => parseCredentialIssuerMetadata(text, issuer)).toThrow('query')
  })

  test.each(['', '[]', 'null', 'eyJhbGciOiJFUzI1NiJ9.e30.AA'])('what is no JSON object: %j', (text) => {
    expect(() => parseCredentialIssuerMetadata(text, ISSUER)).toThrow(
      expect.objectContaining({ code: 'invalid_credential_issuer_metadata' }),
    )
  })
})

describe('is refused as larger than any issuer needs', () => {
  const long = (length: number) => 'a'.repeat(length)
  const claim = (change: object) => withDiploma({ credential_metadata: { claims: [{ path: ['a'], ...change }] } })
  const display = (change: object) => withDiploma({ credential_metadata: { display: [{ name: 'a', ...change }] } })
  const languages = Array.from({ length: 101 }, (_, at) => `x-${at}`)
  test.each([
    ['the name of a language', claim({ display: displays(long(36)) })],
    ['a language without a name', claim({ display: displays('') })],
    ['no display of a claim', claim({ display: [] })],
    ['no display of a Credential', withDiploma({ credential_metadata: { display: [] } })],
    ['the name of a claim', claim({ display: [{ name: long(301) }] })],
    ['a step of a path', claim({ path: [long(201)] })],
    ['displays of a claim', claim({ display: displays(...languages) })],
    ['displays of a Credential', withDiploma({ credential_metadata: { display: displays(...languages) } })],
    ['displays of an issuer', { display: displays(...languages) }],
    ['the name of an issuer', { display: [{ name: long(301) }] }],
    ['claims', withClaims(...Array.from({ length: 501 }, (_, at) => [`c${at}`]))],
    ['the name of a Credential', display({ name: long(1001) })],
    ['a description', display({ description: long(1001) })],
    ['a background', display({ background_color: long(51) })],
    ['a text colour', display({ text_color: long(51) })],
    ['the name of an algorithm', withDiploma({ credential_signing_alg_values_supported: [long(201)] })],
    ['algorithms', withDiploma({ credential_signing_alg_values_supported: Array(101).fill('ES256') })],
    ['a type', withDiploma({ vct: long(2049) })],
    ['an empty type', withDiploma({ vct: '' })],
    ['a scope', withDiploma({ scope: long(501) })],
    ['an identifier', { authorization_servers: [`https://as.example/${long(2048)}`] }],
  ])('%s', (_name, change) => {
    expect(() => parse(change)).toThrow(expect.objectContaining({ code: 'invalid_credential_issuer_metadata' }))
  })

  test('but not 500 configurations', () => {
    const configurations = Object.fromEntries(manyConfigurations().slice(1))
    expect(() => parse({ credential_configurations_supported: configurations })).not.toThrow()
  })

  test('but not an issuer without names, nor a Credential without texts', () => {
    expect(parse({ ...withDiploma({ credential_metadata: undefined }), display: undefined })).not.toHaveProperty(
      'display',
    )
  })

  test('but not an image inside the document, which may be long', () => {
    expect(() => parse(display({ logo: { uri: `data:image/png;base64,${long(100_000)}` } }))).not.toThrow()
  })
})

test('paths that describe each other’s parents and neighbours do not contradict [OpenID4VCI 1.0 §B.3]', () => {
  expect(() =>
    parse(withClaims(['a'], ['a', 'b'], ['a', 'c', 0], ['a', 'c', 1], ['d', null, 'e'], ['d'])),
  ).not.toThrow()
})

describe('a configuration is selected', () => {
  test('by the id of the offer', () => {
    expect(selectCredentialConfiguration(parse({}), 'diploma')).toEqual(diploma)
  })

  test('also when everything must be encrypted, in the way that is known here', () => {
    expect(selectCredentialConfiguration(parse(withResponses({})), 'diploma')).toEqual(diploma)
  })

  test('also when the issuer does not say with which algorithm it signs', () => {
    const metadata = parse(withDiploma({ credential_signing_alg_values_supported: undefined }))
    expect(selectCredentialConfiguration(metadata, 'diploma')).toMatchObject({ vct: VCT })
  })

  test.each(['onbekend', '', 'constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'never by an id that the issuer does not list: %j',
    (id) => {
      expect(() => selectCredentialConfiguration(published, id)).toThrow(
        expect.objectContaining({ code: 'unknown_credential_configuration' }),
      )
    },
  )

  const es384 = { proof_signing_alg_values_supported: ['ES384'] }
  const attested = { proof_signing_alg_values_supported: ['ES256'], key_attestations_required: {} }
  test.each([
    [
      'binds no key',
      withDiploma({ cryptographic_binding_methods_supported: undefined, proof_types_supported: undefined }),
    ],
    ['binds keys of DIDs only', withDiploma({ cryptographic_binding_methods_supported: ['did:web'] })],
    ['takes no JWT proofs', withDiploma({ proof_types_supported: { attestation: es384 } })],
    ['takes no ES256 proofs', withDiploma({ proof_types_supported: { jwt: es384 } })],
    ['requires key attestations', withDiploma({ proof_types_supported: { jwt: attested } })],
    ['is not signed with ES256', withDiploma({ credential_signing_alg_values_supported: ['ES384'] })],
    ['comes without nonces', { nonce_endpoint: undefined }],
    ['comes to requests encrypted in another way only', withRequests({ enc_values_supported: ['A128CBC-HS256'] })],
    ['comes to requests encrypted to RSA only', withRequests({ jwks: { keys: [{ ...requestKey, alg: 'RSA-OAEP' }] } })],
    ['comes encrypted in another way only', withResponses({ alg_values_supported: ['ECDH-ES+A128KW'] })],
    [
      'comes encrypted only, to requests in the open [OpenID4VCI 1.0 §8.2]',
      { ...withResponses({}), credential_request_encryption: undefined },
    ],
  ])('never when it %s', (_name, change) => {
    expect(() => selectCredentialConfiguration(parse(change), 'diploma')).toThrow(
      expect.objectContaining({ code: 'unsupported_credential_configuration' }),
    )
  })
})

function displays(...locales: readonly string[]): readonly object[] {
  return locales.map((locale) => ({ name: 'a', locale }))
}

function manyConfigurations(): readonly (readonly [string, object])[] {
  return Array.from({ length: 501 }, (_, at) => [`c${at}`, { format: 'x' }] as const)
}
