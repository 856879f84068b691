import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { projectFiles, readProjectFile } from '../support/project-files.ts'
import { describeWithReferenceData, hasReferenceData, referencePath } from '../support/reference-data.ts'

/** Files of the vectors, and either the test that reads them, by the name it reads them by, or why none can. */
type Claim =
  | readonly [files: RegExp, test: string, name: string]
  | readonly [files: RegExp, reason: { because: string }]

const CLAIMS: readonly Claim[] = [
  [/^SOURCES\.md$/, { because: 'says where the rest comes from' }],
  [
    /^sd-jwt-python\/[\w-]+\/[\w-]+\/specification\.yml$/,
    { because: 'what the reference implementation made it from' },
  ],
  [/^sd-jwt-python\/[\w-]+\/settings\.yml$/, 'sd-jwt.test.ts', 'settings.yml'],
  ...['sd_jwt_issuance', 'sd_jwt_presentation'].map(
    (name): Claim => [new RegExp(`^sd-jwt-python/[\\w-]+/[\\w-]+/${name}\\.(txt|json)$`), 'sd-jwt.test.ts', name],
  ),
  ...[
    'sd_jwt_jws_part.txt',
    'sd_jwt_jws_part.json',
    'sd_jwt_payload.json',
    'user_claims.json',
    'verified_contents.json',
    'kb_jwt_header.json',
    'kb_jwt_payload.json',
    'kb_jwt_serialized.txt',
    'decoy_digests.json',
  ].map(
    (name): Claim => [
      new RegExp(`^sd-jwt-python/[\\w-]+/[\\w-]+/${name.replace('.', '\\.')}$`),
      'sd-jwt.test.ts',
      name,
    ],
  ),
  [/^status-list-vectors\.json$/, 'status-list.test.ts', 'status-list-vectors.json'],
  [/^spec-examples\/token-status-list\/status_list_jwt\.md$/, 'status-list.test.ts', 'status_list_jwt.md'],
  [/^spec-examples\/token-status-list\/status_list_jwt_raw\.md$/, 'status-list.test.ts', 'status_list_jwt_raw.md'],
  [/^spec-examples\/token-status-list\/.*_(cbor|cwt)(_diag)?\.md$/, 'status-list.test.ts', '_(cbor|cwt)(_diag)?'],
  [/^spec-examples\/token-status-list\/.*encoding2?_json\.md$/, 'status-list.test.ts', 'status_list_encoding2_json'],
  [/^spec-examples\/token-status-list\/.*(_long|[48])_json\.md$/, 'status-list.test.ts', '(long|[48])_json'],
  [/^spec-examples\/openid4vci-1\.0\/authorization_details.*\.json$/, 'openid4vci.test.ts', 'authorization_details'],
  ...[
    'credential_issuer_metadata_sd_jwt_long.json',
    'credential_metadata_sd_jwt_vc.json',
    'credential_offer_authz_code.txt',
    'credential_offer_by_reference.json',
    'credential_offer_multiple_credentials.json',
    'credential_offer_pre-authz_code.json',
    'credential_request_iso_mdl.json',
    'credential_response_ldp_vc.txt',
  ].map((name): Claim => vciExample(name, 'openid4vci.test.ts', name)),
  ...['jwt_vc_json', 'ldp_vc', 'mso_mdoc'].map((format) =>
    vciExample(`credential_metadata_${format}.json`, 'openid4vci.test.ts', '/credential_metadata_$'),
  ),
  vciExample('credential_response_mso_mdoc.txt', 'openid4vci.test.ts', '/credential_response_$'),
  ...[
    'credential_response_jwt_vc_json.txt',
    'credential_response_sd_jwt_vc.txt',
    'credential_issuer_metadata_sd_jwt_jwt.txt',
    'issuer_jwks.json',
    'wallet_attestation.jwt.txt',
  ].map((name): Claim => vciExample(name, 'openid4vci-signed.test.ts', name)),
  ...['authorization_details', 'credential_metadata', 'credential_offer', 'credential_request'].map(
    (name): Claim => [
      new RegExp(`^spec-examples/haip-1\\.0/${name}_sd_jwt_vc\\.json$`),
      'openid4vci.test.ts',
      `\${HAIP}/${name}_sd_jwt_vc.json`,
    ],
  ),
  ...['client_metadata', 'presentation_definition'].map(
    (name): Claim => [
      new RegExp(`^spec-examples/haip-1\\.0/${name}_sd_jwt_vc\\.json$`),
      'openid4vp-refused.test.ts',
      `\${HAIP}/${name}_sd_jwt_vc.json`,
    ],
  ),
  [/^spec-examples\/openid4vp-1\.0\/client_metadata\//, 'openid4vp.test.ts', '_verifier_metadata.json'],
  [/^spec-examples\/openid4vp-1\.0\/query_lang\//, 'dcql.test.ts', 'query_lang/'],
  [/^spec-examples\/openid4vp-1\.0\/request\/dcql_/, 'dcql.test.ts', 'request/dcql_'],
  [/^spec-examples\/openid4vp-1\.0\/credentials\/sd_jwt_vc_unsecured\.json$/, 'dcql.test.ts', 'sd_jwt_vc_unsecured'],
  [/^spec-examples\/openid4vp-1\.0\/digital_credentials_api\/error_/, 'openid4vp.test.ts', 'error_invalid_request'],
  [/^spec-examples\/openid4vp-1\.0\/digital_credentials_api\/signed_/, 'openid4vp-refused.test.ts', 'signed_request_p'],
  [/^spec-examples\/openid4vp-1\.0\/request\/request_/, 'openid4vp-refused.test.ts', 'request/request_'],
  [/^spec-examples\/openid4vp-1\.0\/response\/(jwt|ldp)_vc\.json$/, 'openid4vp-refused.test.ts', 'response/jwt_vc'],
  [/^spec-examples\/openid4vp-1\.0\/response\/kb_jwt_/, 'openid4vp-refused.test.ts', 'kb_jwt_unsecured.json'],
  [
    /^spec-examples\/openid4vp-1\.0\/credentials\/(jwt|ldp)_vc\.json$/,
    'openid4vp-refused.test.ts',
    'credentials/jwt_vc',
  ],
  [/^spec-examples\/openid4vp-1\.0\/credentials\/sd_jwt_vc\.json$/, 'openid4vp-refused.test.ts', 'sd_jwt_vc.json'],
  [/^spec-examples\/openid4vp-1\.0\/sd_jwt_vcld\/README\.md$/, { because: 'says where the rest comes from' }],
  [/^spec-examples\/.*\/01\/(specification\.yml|user_claims\.json)$/, { because: 'what the example was made from' }],
  [/^spec-examples\/.*\/01\/kb_jwt_header\.json$/, { because: 'is part of kb_jwt_serialized.txt' }],
  [/^spec-examples\/.*\/sd_jwt_vcld\/settings\.yml$/, 'openid4vp-refused.test.ts', 'settings.yml'],
  ...[
    'disclosures.md',
    'kb_jwt_payload.json',
    'kb_jwt_serialized.txt',
    'sd_jwt_issuance.txt',
    'sd_jwt_jws_part.txt',
    'sd_jwt_payload.json',
    'sd_jwt_presentation.txt',
    'verified_contents.json',
  ].map(
    (name): Claim => [
      new RegExp(`^spec-examples/openid4vp-1\\.0/sd_jwt_vcld/01/${name.replace('.', '\\.')}$`),
      'openid4vp-refused.test.ts',
      name,
    ],
  ),
  [/^vc-jose-cose\/tests\/README\.md$/, { because: 'describes the test suite that the inputs belong to' }],
  [/^vc-jose-cose\/tests\/input\//, 'vc-jose-cose.test.ts', 'vectors/vc-jose-cose/tests/input'],
  ...['json_web_signature', 'json_web_key', 'json_web_crypto', 'ecdsa_secp384r1_sha384_p1363', 'ed25519'].map(
    (name): Claim => wycheproof(name, 'wycheproof-jws.test.ts'),
  ),
  ...['json_web_encryption', 'ecdh_secp256r1_webcrypto', 'x25519_jwk', 'aes_gcm'].map(
    (name): Claim => wycheproof(name, 'wycheproof-jwe.test.ts'),
  ),
  wycheproof('ecdsa_secp256r1_sha256_p1363', 'wycheproof-es256.test.ts'),
]

function vciExample(file: string, test: string, name: string): Claim {
  return [new RegExp(`^spec-examples/openid4vci-1\\.0/${file.replaceAll('.', '\\.')}$`), test, name]
}

function wycheproof(name: string, test: string): Claim {
  return [new RegExp(`^wycheproof/${name}_test\\.json$`), test, name]
}

describeWithReferenceData('every file of the vectors', () => {
  const files = hasReferenceData
    ? readdirSync(referencePath('vectors'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => `${entry.parentPath}/${entry.name}`.slice(referencePath('vectors/').length))
    : []

  test('is read by one test, or has a reason why not', () => {
    expect(files.length).toBeGreaterThan(300)
    const claimed = files.map((file) => [file, CLAIMS.filter(([pattern]) => pattern.test(file)).length] as const)
    expect(claimed.filter(([, claims]) => claims !== 1)).toEqual([])
  })

  test('is claimed by nothing that is out of date', () => {
    const unused = CLAIMS.filter(([pattern]) => !files.some((file) => pattern.test(file)))
    expect(unused.map(([pattern]) => pattern.source)).toEqual([])
  })

  test('is named in the test that is said to read it', () => {
    const tests = projectFiles(/^tests\/vectors\/.*\.test\.ts$/)
    for (const [, claim, name] of CLAIMS) {
      if (typeof claim !== 'string' || name === undefined) continue
      expect(tests).toContain(`tests/vectors/${claim}`)
      expect(readProjectFile(`tests/vectors/${claim}`), claim).toContain(name)
    }
  })
})
