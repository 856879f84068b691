import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { describe, expect, test } from 'vitest'
import { makeJwt } from '../jose/jws.ts'
import type { JsonObject } from '../json/json.ts'
import { makeCredentialIssuerMetadata } from './issuer-publication.ts'
import { makeSignedMetadata, readSignedMetadataX5c, verifySignedMetadata } from './signed-metadata.ts'

const NOW = 1_790_848_800
const DAY = 86_400
const ISSUER = 'https://issuer.example/roc'
const signer = generateNodeSigner()
const key = await nodeCrypto.importVerificationKey(signer.publicJwk)
const metadata = makeCredentialIssuerMetadata({
  credentialIssuer: ISSUER,
  credentialEndpoint: `${ISSUER}/credential`,
  nonceEndpoint: `${ISSUER}/nonce`,
  batchSize: 20,
  display: [{ name: 'ROC' }],
  credentials: {
    diploma: { vct: 'https://wegwijzer.example/types/diploma/1', scope: 'diploma', display: [], claims: [] },
  },
})
const expected = { credentialIssuer: ISSUER, now: NOW, key }
const HEADER = { typ: 'openidvci-issuer-metadata+jwt', x5c: ['AAAA'] }
const CLAIMS: JsonObject = { ...JSON.parse(JSON.stringify(metadata)), sub: ISSUER, iat: NOW, exp: NOW + DAY }

test('is read as it was signed, without what is about the signing [OpenID4VCI 1.0 §12.2.3]', async () => {
  const jwt = await makeSignedMetadata(metadata, { issuedAt: NOW, expiresAt: NOW + DAY, signer, x5c: ['AAAA'] })
  expect(await readSignedMetadataX5c(jwt)).toEqual(['AAAA'])
  expect(await verifySignedMetadata(jwt, expected)).toEqual(metadata)
})

test('may name who attests to it, and need not say when it ends', async () => {
  const { exp, ...rest } = CLAIMS
  expect(exp).toBeDefined()
  const jwt = await makeJwt(HEADER, { ...rest, iss: 'https://anybody.example', iat: NOW - 29 * DAY }, signer)
  expect(await verifySignedMetadata(jwt, expected)).toEqual(metadata)
})

describe('is refused as invalid_credential_issuer_metadata', () => {
  test.each<[string, object, object]>([
    ['of another type', { typ: 'JWT' }, {}],
    ['of no type', { typ: undefined }, {}],
    ['that is a credential', { typ: 'dc+sd-jwt' }, {}],
    ['with another algorithm', { alg: 'none' }, {}],
    ['with a critical extension', { crit: ['later'] }, {}],
    ['about another issuer', {}, { sub: 'https://issuer.example/other' }],
    ['about nobody', {}, { sub: undefined }],
    ['with the metadata of another issuer', {}, { credential_issuer: 'https://issuer.example/other' }],
    ['without a date', {}, { iat: undefined }],
    ['of tomorrow', {}, { iat: NOW + DAY }],
    ['that has ended', {}, { exp: NOW - 61 }],
    ['that never ends, and is old', {}, { iat: NOW - 31 * DAY, exp: undefined }],
    ['with a date that is a text', {}, { iat: '2026' }],
    ['without a credential endpoint', {}, { credential_endpoint: undefined }],
  ])('metadata %s [OpenID4VCI 1.0 §12.2.3]', async (_name, header, claims) => {
    const clean = (value: object): JsonObject => JSON.parse(JSON.stringify(value))
    const jwt = await makeJwt(clean({ ...HEADER, ...header }), clean({ ...CLAIMS, ...claims }), signer)
    await expect(verifySignedMetadata(jwt, expected)).rejects.toMatchObject({
      name: 'ProtocolError',
      code: 'invalid_credential_issuer_metadata',
    })
  })

  test('metadata signed by another key, changed, or not signed at all', async () => {
    const byOther = await makeJwt(HEADER, CLAIMS, generateNodeSigner())
    const jwt = await makeJwt(HEADER, CLAIMS, signer)
    const [header, , signature] = jwt.split('.')
    const changed = Buffer.from(JSON.stringify({ ...CLAIMS, iat: NOW - 1 })).toString('base64url')
    for (const one of [byOther, `${header}.${changed}.${signature}`, JSON.stringify(metadata), '']) {
      await expect(verifySignedMetadata(one, expected)).rejects.toMatchObject({
        code: 'invalid_credential_issuer_metadata',
      })
    }
  })

  test.each<[string, object]>([
    ['without a chain', { x5c: undefined }],
    ['with an empty chain', { x5c: [] }],
    ['of another type', { typ: 'JWT' }],
  ])('metadata %s, before a key is looked for [HAIP 1.0 §4.1]', async (_name, header) => {
    const jwt = await makeJwt(JSON.parse(JSON.stringify({ ...HEADER, ...header })), CLAIMS, signer)
    await expect(readSignedMetadataX5c(jwt)).rejects.toMatchObject({ code: 'invalid_credential_issuer_metadata' })
  })
})
