import { readdirSync } from 'node:fs'
import {
  decryptResponse,
  makeClientMetadata,
  makeEncryptedResponse,
  makeResponseEncryptionKey,
  parseClientMetadata,
} from '@wegwijzer/protocol/openid4vp'
import { expect, test } from 'vitest'
import { describeWithReferenceData, readReferenceJson, referencePath } from '../support/reference-data.ts'

const EXAMPLES = 'vectors/spec-examples/openid4vp-1.0'

/** Examples of what we refuse; `openid4vp-refused.test.ts` reads them. */
const REFUSED = [
  'credentials/jwt_vc.json',
  'credentials/ldp_vc.json',
  'credentials/sd_jwt_vc.json',
  'response/jwt_vc.json',
  'response/ldp_vc.json',
  'response/kb_jwt_unsecured.json',
  'request/request_header_client_id_did.json',
  'request/request_object_client_id_did.json',
  'digital_credentials_api/signed_request_payload.json',
  'digital_credentials_api/signed_request_payload_compact.json',
]

/** Examples that `dcql.test.ts` reads. */
const QUERIES = /^(query_lang\/|request\/dcql_|credentials\/sd_jwt_vc_unsecured)/

const READ = [
  'client_metadata/sd_jwt_vc_verifier_metadata.json',
  'client_metadata/mso_mdoc_verifier_metadata.json',
  'client_metadata/w3c_jwt_verifier_metadata.json',
  'client_metadata/w3c_ldp_verifier_metadata.json',
  'digital_credentials_api/error_invalid_request.json',
]

describeWithReferenceData('the examples of OpenID4VP 1.0', () => {
  const example = (name: string) => readReferenceJson<Record<string, unknown>>(`${EXAMPLES}/${name}`)

  test('are each read, or refused by another test', () => {
    const files = readdirSync(referencePath(EXAMPLES), { recursive: true, encoding: 'utf8' })
      // SD-JWT VCLD is a folder of its own, read with what is refused.
      .filter((file) => file.endsWith('.json') && !file.startsWith('sd_jwt_vcld/') && !QUERIES.test(file))
    expect(files.sort()).toEqual([...READ, ...REFUSED].sort())
  })

  test('of metadata with our format are read, those without it refused by their code [OpenID4VP 1.0 §8.5]', async () => {
    const { publicJwk } = await makeResponseEncryptionKey()
    const read = (name: string) =>
      parseClientMetadata({
        ...makeClientMetadata(publicJwk),
        ...example(`client_metadata/${name}_verifier_metadata.json`),
      })
    expect(read('sd_jwt_vc')).toMatchObject({ kid: publicJwk.kid, enc: 'A256GCM' })
    for (const name of ['mso_mdoc', 'w3c_jwt', 'w3c_ldp']) {
      expect(() => read(name)).toThrow(expect.objectContaining({ code: 'vp_formats_not_supported' }))
    }
  })

  test('of an error response are read, encrypted as HAIP demands [HAIP 1.0 §5.1]', async () => {
    const { publicJwk, privateJwk } = await makeResponseEncryptionKey()
    const { error } = example('digital_credentials_api/error_invalid_request.json')
    const jwe = await makeEncryptedResponse(
      { error: String(error) },
      parseClientMetadata(makeClientMetadata(publicJwk)),
    )
    expect(await decryptResponse(jwe, privateJwk)).toEqual({ error: 'invalid_request' })
  })
})
