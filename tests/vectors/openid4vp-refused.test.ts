import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { decodeBase64, encodeBase64, makeJwt, parsePublicJwk } from '@wegwijzer/protocol/jose'
import type { JsonObject } from '@wegwijzer/protocol/json'
import {
  makeClientMetadata,
  makeRequestObject,
  makeX509HashClientId,
  NO_TRANSACTION_TYPES,
  parseAuthorizationRequestUri,
  parseClientMetadata,
  parseVpToken,
  verifyRequestObject,
} from '@wegwijzer/protocol/openid4vp'
import {
  makeKeyBindingJwt,
  makeSdJwt,
  parseSdJwt,
  readConfirmationKey,
  verifyKeyBinding,
  verifySdJwt,
} from '@wegwijzer/protocol/sd-jwt'
import { didJwkOf, parseJwtVc, parseJwtVp } from '@wegwijzer/protocol/w3c'
import { expect, test } from 'vitest'
import { describeWithReferenceData, readReferenceJson, readReferenceText } from '../support/reference-data.ts'

const VP = 'vectors/spec-examples/openid4vp-1.0'
const HAIP = 'vectors/spec-examples/haip-1.0'
const NOW = 1_790_812_800

const signer = generateNodeSigner()
const key = await nodeCrypto.importVerificationKey(signer.publicJwk)
const x5c = [encodeBase64(new Uint8Array([0x30, 0x03, 0x02, 0x01, 0x05]))]
const leafCertificateDer = decodeBase64(x5c[0] ?? '')
const clientId = await makeX509HashClientId(leafCertificateDer, nodeCrypto)
const expected = {
  clientId,
  now: NOW,
  leafCertificateDer,
  key,
  crypto: nodeCrypto,
  transactionTypes: NO_TRANSACTION_TYPES,
}
const dcqlQuery = { credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['https://types.example/a'] } }] }
const clientMetadata = makeClientMetadata({
  ...generateNodeSigner().publicJwk,
  kid: 'k',
  alg: 'ECDH-ES',
  use: 'enc',
})

/** A Request Object that our Wallet answers. */
const valid: JsonObject = JSON.parse(
  Buffer.from(
    (
      await makeRequestObject(
        {
          clientId,
          responseUri: 'https://verifier.example/r/1',
          nonce: 'AAECAwQFBgcICQoLDA0ODw',
          state: 'EBESExQVFhcYGRobHB0eHw',
          dcqlQuery,
          clientMetadata,
          issuedAt: NOW,
          expiresAt: NOW + 300,
        },
        signer,
        x5c,
      )
    ).split('.')[1] ?? '',
    'base64url',
  ).toString(),
)

function verify(claims: JsonObject, header: JsonObject = {}): Promise<unknown> {
  return makeJwt({ typ: 'oauth-authz-req+jwt', x5c, ...header }, claims, signer).then((jwt) =>
    verifyRequestObject(jwt, expected),
  )
}

/** An example of a request whose query is only three dots, with a query. */
function readRequest(name: string): JsonObject {
  const text = readReferenceText(`${VP}/${name}`).replace(/\{\s*\.\.\.\s*\}/, JSON.stringify(dcqlQuery))
  return JSON.parse(text) as JsonObject
}

describeWithReferenceData('the examples of requests that our Wallet does not answer', () => {
  test('the request they are held against is answered', async () => {
    expect(await verify(valid)).toMatchObject({ clientId })
  })

  test('a Client Identifier that is a DID [OpenID4VP 1.0 §5.9.3]', async () => {
    const request = readRequest('request/request_object_client_id_did.json')
    const header = readReferenceJson<JsonObject>(`${VP}/request/request_header_client_id_did.json`)
    expect(header).toMatchObject({ typ: 'oauth-authz-req+jwt', kid: 'did:example:123#1' })
    const uri = `openid4vp://?client_id=${encodeURIComponent(String(request.client_id))}&request_uri=https%3A%2F%2Fv.example`
    expect(() => parseAuthorizationRequestUri(uri)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
    await expect(verify(request)).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(verify({ ...valid, client_id: request.client_id ?? null })).rejects.toThrow('x509_hash')
    // Signed as its header says, it is not even taken apart: there is no certificate.
    await expect(
      makeJwt(header, valid, signer).then((jwt) => verifyRequestObject(jwt, expected)),
    ).rejects.toMatchObject({ code: 'invalid_request' })
  })

  test.each(['signed_request_payload', 'signed_request_payload_compact'])(
    'of the Digital Credentials API: %s [OpenID4VP 1.0 §A.2]',
    async (name) => {
      const request = readRequest(`digital_credentials_api/${name}.json`)
      expect(request.response_mode).toBe('dc_api')
      await expect(verify(request)).rejects.toMatchObject({ code: 'invalid_request' })
      // The mode alone is enough, whatever else is right.
      await expect(verify({ ...valid, response_mode: 'dc_api' })).rejects.toThrow('direct_post.jwt')
    },
  )

  test('a presentation_definition of an earlier draft [OpenID4VP 1.0 §5.1]', async () => {
    const definition = readReferenceJson<JsonObject>(`${HAIP}/presentation_definition_sd_jwt_vc.json`)
    await expect(verify({ ...valid, presentation_definition: definition })).rejects.toThrow('presentation_definition')
    const { dcql_query: _, ...withoutQuery } = valid
    await expect(verify({ ...withoutQuery, presentation_definition: definition })).rejects.toMatchObject({
      code: 'invalid_request',
    })
  })

  test('metadata of an earlier draft, with `vp_formats` [OpenID4VP 1.0 §11.1]', async () => {
    const metadata = readReferenceJson<JsonObject>(`${HAIP}/client_metadata_sd_jwt_vc.json`)
    const { vp_formats_supported: _, ...keys } = clientMetadata
    expect(() => parseClientMetadata({ ...keys, ...metadata })).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    )
    await expect(verify({ ...valid, client_metadata: { ...keys, ...metadata } })).rejects.toMatchObject({
      code: 'invalid_request',
    })
  })
})

describeWithReferenceData('the examples of presentations that our Verifier does not take', () => {
  test.each(['credentials/ldp_vc', 'response/ldp_vc'])('%s is an object, not a string [OpenID4VP 1.0 §8.1]', (name) => {
    const example = readReferenceJson<JsonObject>(`${VP}/${name}.json`)
    expect(() => parseVpToken({ a: [example] })).toThrow(expect.objectContaining({ code: 'invalid_request' }))
    expect(() => parseSdJwt(JSON.stringify(example))).toThrow(expect.objectContaining({ code: 'invalid_sd_jwt' }))
  })

  test.each(['credentials/jwt_vc', 'response/jwt_vc'])(
    '%s, signed, is no SD-JWT [OpenID4VP 1.0 §B.3]',
    async (name) => {
      const jwt = await makeJwt({ typ: 'JWT' }, readReferenceJson<JsonObject>(`${VP}/${name}.json`), signer)
      expect(parseVpToken({ a: [jwt] })).toEqual({ a: [jwt] })
      expect(() => parseSdJwt(jwt)).toThrow(expect.objectContaining({ code: 'invalid_sd_jwt' }))
    },
  )

  test('a W3C credential whose issuer is no DID, and a presentation of a credential that is none', async () => {
    const credential = readReferenceJson<JsonObject>(`${VP}/credentials/jwt_vc.json`)
    const presentation = readReferenceJson<JsonObject>(`${VP}/response/jwt_vc.json`)
    const invalid = (message: string) =>
      expect.objectContaining({ code: 'invalid_vc', message: expect.stringContaining(message) })
    const vc = await makeJwt({ typ: 'JWT' }, credential, signer)
    expect(() => parseJwtVc(vc)).toThrow(invalid('iss is not a DID'))
    const vp = await makeJwt({ typ: 'JWT' }, presentation, signer)
    expect(() => parseJwtVp(vp)).toThrow(invalid('three parts'))
    // With a DID in the place of the issuer's address the example is a credential of VCDM 1.1.
    const iss = didJwkOf(signer.publicJwk)
    const complete = await makeJwt({ typ: 'JWT' }, { ...credential, iss }, signer)
    expect(parseJwtVc(complete)).toMatchObject({
      issuer: iss,
      subject: credential.sub,
      claims: { given_name: 'Max', address: { country: 'DE' } },
    })
  })

  test('a payload whose disclosures are elsewhere discloses nothing, and names its holder', async () => {
    const payload = readReferenceJson<JsonObject>(`${VP}/credentials/sd_jwt_vc.json`)
    const parsed = parseSdJwt(`${await makeJwt({ typ: 'dc+sd-jwt' }, payload, signer)}~`)
    expect(parsed.issuerClaims).toEqual(payload)
    expect(parsed.disclosures).toEqual([])
    expect(readConfirmationKey(payload)).toMatchObject({ kty: 'EC', crv: 'P-256' })
  })

  test('a key binding over another presentation [OpenID4VP 1.0 §B.3.3.1]', async () => {
    const { nonce, aud, iat, transaction_data_hashes, sd_hash } = readReferenceJson<{
      nonce: string
      aud: string
      iat: number
      sd_hash: string
      transaction_data_hashes: string[]
    }>(`${VP}/response/kb_jwt_unsecured.json`)
    const holder = generateNodeSigner()
    const presentation = await makeSdJwt({
      header: { typ: 'dc+sd-jwt' },
      claims: { vct: 'a', cnf: { jwk: { ...holder.publicJwk } } },
      selectivelyDisclosable: [],
      signer,
      crypto: nodeCrypto,
    })
    const holderKey = await nodeCrypto.importVerificationKey(holder.publicJwk)
    const bound = { audience: aud, nonce, now: iat, maxAgeSeconds: 60, crypto: nodeCrypto }
    const transactionDataHashes = transaction_data_hashes
    // The same claims over this presentation are right; as they are printed they are over one that we do not have.
    const made = await makeKeyBindingJwt({
      presentation,
      audience: aud,
      nonce,
      issuedAt: iat,
      transactionDataHashes,
      signer: holder,
      crypto: nodeCrypto,
    })
    expect(await verifyKeyBinding(parseSdJwt(made), holderKey, bound)).toMatchObject({
      transaction_data_hashes,
    })
    const printed = await makeJwt(
      { typ: 'kb+jwt' },
      readReferenceJson<JsonObject>(`${VP}/response/kb_jwt_unsecured.json`),
      holder,
    )
    expect(sd_hash).toHaveLength(43)
    await expect(verifyKeyBinding(parseSdJwt(presentation + printed), holderKey, bound)).rejects.toMatchObject({
      code: 'invalid_key_binding',
      message: expect.stringContaining('over an'),
    })
  })
})

describeWithReferenceData('the example of SD-JWT VCLD [OpenID4VP 1.0 §B.3]', () => {
  const folder = `${VP}/sd_jwt_vcld/01`
  const unbroken = (name: string) => readReferenceText(`${folder}/${name}`).replaceAll(/\s/g, '')

  test('is an SD-JWT that we verify, with its key binding', async () => {
    const settings = readReferenceText(`${VP}/sd_jwt_vcld/settings.yml`)
    const [issuer = {}, holder = {}] = ['issuer_keys:', 'holder_key:'].map((section) => {
      const text = settings.slice(settings.indexOf(section))
      const read = (name: string) => new RegExp(`^[\\s-]*${name}: (\\S+)`, 'm').exec(text)?.[1]
      return { kty: 'EC', crv: 'P-256', x: read('x'), y: read('y') }
    })
    const issuerKey = await nodeCrypto.importVerificationKey(parsePublicJwk(issuer))
    const at = { typ: 'dc+sd-jwt', now: 1_700_000_000, crypto: nodeCrypto }
    const issued = await verifySdJwt(parseSdJwt(unbroken('sd_jwt_issuance.txt')), issuerKey, at)
    expect(issued.sdJwt.issuerClaims).toEqual(readReferenceJson(`${folder}/sd_jwt_payload.json`))
    expect(issued.sdJwt.compact.startsWith(unbroken('sd_jwt_jws_part.txt'))).toBe(true)
    const printed = [...readReferenceText(`${folder}/disclosures.md`).matchAll(/`(\["[^`]+\])`/g)].map(
      ([, json]) => json,
    )
    expect(issued.disclosed).toHaveLength(printed.length)
    for (const json of printed)
      expect(issued.sdJwt.compact).toContain(`~${Buffer.from(json ?? '').toString('base64url')}~`)

    const presented = await verifySdJwt(parseSdJwt(unbroken('sd_jwt_presentation.txt')), issuerKey, at)
    expect(presented.payload).toEqual(readReferenceJson(`${folder}/verified_contents.json`))
    expect(presented.sdJwt.keyBindingJwt).toBe(unbroken('kb_jwt_serialized.txt'))
    const claims = readReferenceJson<{ iat: number; aud: string; nonce: string }>(`${folder}/kb_jwt_payload.json`)
    const holderKey = await nodeCrypto.importVerificationKey(parsePublicJwk(holder))
    expect(
      await verifyKeyBinding(presented.sdJwt, holderKey, {
        audience: claims.aud,
        nonce: claims.nonce,
        now: claims.iat,
        maxAgeSeconds: 60,
        crypto: nodeCrypto,
      }),
    ).toEqual(claims)
  })

  test('is, asked as a format of its own, not known here', async () => {
    const query = { credentials: [{ id: 'a', format: 'dc+sd-jwt-vcld', meta: {} }] }
    await expect(verify({ ...valid, dcql_query: query })).rejects.toMatchObject({ code: 'vp_formats_not_supported' })
  })
})
