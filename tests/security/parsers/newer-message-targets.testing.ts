import { parseDidDocument } from '@wegwijzer/keys/did'
import { importDecryptionKey, makeJwt, parseSignatureJwk } from '@wegwijzer/protocol/jose'
import {
  decryptCredentialRequest,
  decryptCredentialResponse,
  readOnceOnly,
  readResponseEncryption,
  readSignedMetadataX5c,
  verifySignedMetadata,
} from '@wegwijzer/protocol/openid4vci'
import { makeEncryptedResponse, makeResponseEncryptionKey, parseClientMetadata } from '@wegwijzer/protocol/openid4vp'
import {
  checkJwtVcDates,
  checkPresentedTo,
  didJwkKeyUrl,
  didJwkOf,
  parseDidJwk,
  parseDidJwkKeyUrl,
  parseJwtVc,
  parseJwtVp,
} from '@wegwijzer/protocol/w3c'
import { jwtTarget, key, NOW, type ParserTarget, signer, textTarget, valueTarget } from './parser-target.testing.ts'

const ISSUER = 'https://school.example/roc'
const did = didJwkOf(signer.publicJwk)
const kid = didJwkKeyUrl(did)
const vc = {
  '@context': ['https://www.w3.org/2018/credentials/v1'],
  type: ['VerifiableCredential', 'https://wegwijzer.example/types/diploma/1'],
  credentialSubject: { id: did, qualification_name: 'a' },
  credentialStatus: { id: 'a', type: 'b' },
}
const vcClaims = { iss: did, sub: did, nbf: NOW, iat: NOW, exp: NOW + 60, jti: 'urn:a', vc }
const jwtVc = await makeJwt({ typ: 'JWT', kid }, vcClaims, signer)
const vpClaims = {
  iss: did,
  aud: 'x509_hash:a',
  nonce: 'n',
  iat: NOW,
  exp: NOW + 60,
  vp: { '@context': vc['@context'], type: ['VerifiablePresentation'], verifiableCredential: [jwtVc] },
}
const { publicJwk, privateJwk } = await makeResponseEncryptionKey()
const decryptionKey = await importDecryptionKey(privateJwk)
const jwe = await makeEncryptedResponse(
  { vp_token: { a: ['b~'] } },
  parseClientMetadata({
    jwks: { keys: [{ ...publicJwk }] },
    encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
    vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] } },
  }),
)
const METADATA = {
  iss: ISSUER,
  sub: ISSUER,
  iat: NOW,
  exp: NOW + 60,
  credential_issuer: ISSUER,
  credential_endpoint: `${ISSUER}/credential`,
  credential_configurations_supported: {},
}

/** Encrypted issuing, signed metadata, and the W3C form with its DIDs. */
export const newerMessageTargets: readonly ParserTarget[] = [
  valueTarget(['parseSignatureJwk'], parseSignatureJwk, {
    ...signer.publicJwk,
    use: 'sig',
    alg: 'ES256',
    key_ops: ['verify'],
  }),
  textTarget(['decryptCredentialRequest'], (text) => decryptCredentialRequest(text, [decryptionKey]), jwe),
  textTarget(
    ['decryptCredentialResponse'],
    (text) => decryptCredentialResponse(text, { key: decryptionKey, enc: 'A256GCM' }, 20),
    jwe,
  ),
  valueTarget(['readResponseEncryption'], (value) => readResponseEncryption(value, true), {
    jwk: { ...publicJwk },
    enc: 'A256GCM',
  }),
  valueTarget(['readOnceOnly'], readOnceOnly, {
    options: [{ details: ['once_only'], batch_size: 20, reissue_trigger_unused: 2 }],
  }),
  jwtTarget(
    ['verifySignedMetadata', 'readSignedMetadataX5c'],
    async (jwt) => {
      await readSignedMetadataX5c(jwt)
      return verifySignedMetadata(jwt, { credentialIssuer: ISSUER, now: NOW, key })
    },
    { typ: 'openidvci-issuer-metadata+jwt', x5c: ['AAAA'] },
    METADATA,
  ),
  textTarget(['parseDidJwk'], parseDidJwk, did),
  textTarget(['parseDidJwkKeyUrl'], parseDidJwkKeyUrl, kid),
  textTarget(
    ['parseDidDocument'],
    (text) => parseDidDocument(text, 'did:web:school.example'),
    JSON.stringify({
      id: 'did:web:school.example',
      verificationMethod: [
        {
          id: 'did:web:school.example#a',
          type: 'JsonWebKey2020',
          controller: 'did:web:school.example',
          publicKeyJwk: signer.publicJwk,
        },
      ],
      assertionMethod: ['did:web:school.example#a'],
      authentication: ['#a'],
    }),
  ),
  jwtTarget(
    ['parseJwtVc', 'checkJwtVcDates'],
    (jwt) => checkJwtVcDates(parseJwtVc(jwt), NOW),
    { typ: 'JWT', kid },
    vcClaims,
  ),
  jwtTarget(
    ['parseJwtVp', 'checkPresentedTo'],
    (jwt) => checkPresentedTo(parseJwtVp(jwt), { audience: 'x509_hash:a', nonce: 'n', now: NOW, maxAgeSeconds: 300 }),
    { typ: 'JWT', kid },
    vpClaims,
  ),
]
