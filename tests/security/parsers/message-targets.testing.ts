import { nodeCrypto } from '@wegwijzer/keys/node'
import {
  decodeBase64,
  decodeBase64url,
  decodeUtf8,
  parseJws,
  parsePublicJwk,
  readCertificateChain,
  readClaims,
  readDate,
  verifyJwt,
} from '@wegwijzer/protocol/jose'
import { isJsonObject, parseJson, parseJsonObject } from '@wegwijzer/protocol/json'
import {
  findDpopChallengeError,
  parseAbsoluteUrl,
  parseAuthorizationServerMetadata,
  parseDpopAuthorization,
  parseEndpointUrl,
  parseIssuerIdentifier,
  parseOAuthError,
  parseWebUrl,
  readDpopNonce,
  verifyDpopProof,
} from '@wegwijzer/protocol/oauth'
import {
  parseCredentialIssuerMetadata,
  parseCredentialOffer,
  parseCredentialOfferUri,
  parseCredentialRequest,
  parseCredentialResponse,
  parseNonceResponse,
  parseNotificationRequest,
  parseTokenRequest,
  parseTokenResponse,
  verifyBatchProofs,
} from '@wegwijzer/protocol/openid4vci'
import {
  jwtTarget,
  key,
  NOW,
  octetsTarget,
  type ParserTarget,
  signer,
  textTarget,
  valueTarget,
} from './parser-target.testing.ts'

const ISSUER = 'https://school.example/roc'
const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'
const OFFER = {
  credential_issuer: ISSUER,
  credential_configuration_ids: ['diploma'],
  grants: { [GRANT]: { 'pre-authorized_code': 'a', tx_code: { input_mode: 'numeric', length: 6, description: 'a' } } },
}
const ISSUER_METADATA = {
  credential_issuer: ISSUER,
  credential_endpoint: `${ISSUER}/credential`,
  nonce_endpoint: `${ISSUER}/nonce`,
  notification_endpoint: `${ISSUER}/notification`,
  batch_credential_issuance: { batch_size: 20 },
  display: [{ name: 'School', locale: 'nl-NL' }],
  credential_configurations_supported: {
    diploma: {
      format: 'dc+sd-jwt',
      vct: 'https://wegwijzer.example/types/diploma/1',
      scope: 'diploma',
      cryptographic_binding_methods_supported: ['jwk'],
      credential_signing_alg_values_supported: ['ES256'],
      proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
      credential_metadata: { display: [{ name: 'Diploma', locale: 'nl-NL' }], claims: [{ path: ['a', null, 0] }] },
    },
  },
}
const SERVER_METADATA = {
  issuer: ISSUER,
  token_endpoint: `${ISSUER}/token`,
  grant_types_supported: [GRANT],
  'pre-authorized_grant_anonymous_access_supported': true,
  dpop_signing_alg_values_supported: ['ES256'],
}
const CREDENTIAL_REQUEST = { credential_configuration_id: 'diploma', proofs: { jwt: ['a.b.c'] } }
const proof = { typ: 'openid4vci-proof+jwt', jwk: { ...signer.publicJwk } }
const dpop = { typ: 'dpop+jwt', jwk: { ...signer.publicJwk } }

/** Encodings, JOSE, OAuth and the messages of issuing. */
export const messageTargets: readonly ParserTarget[] = [
  textTarget(['parseJson'], parseJson, '{"a":[1,"é\\u0000",null,true,-1.5e10]}', '[[[]]]', '"a"'),
  textTarget(['parseJsonObject'], (text) => parseJsonObject(text), '{"a":{"b":[1,2,{"c":"\\ud83d\\ude00"}]}}'),
  textTarget(['decodeBase64url'], decodeBase64url, 'AAECAwQF', '_-8'),
  textTarget(['decodeBase64'], decodeBase64, 'AAECAwQF', '//8='),
  octetsTarget(['decodeUtf8'], decodeUtf8, new TextEncoder().encode('é😀a')),
  textTarget(['parseJws', 'readClaims'], (text) => readClaims(parseJws(text)), 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA'),
  valueTarget(['parsePublicJwk'], parsePublicJwk, { ...signer.publicJwk }),
  valueTarget(['readCertificateChain'], (value) => isJsonObject(value) && readCertificateChain(value), {
    x5c: ['AAAA', 'AAAA'],
  }),
  valueTarget(['readDate'], (value) => isJsonObject(value) && readDate(value, 'exp'), { exp: NOW }),
  jwtTarget(
    ['verifyJwt', 'verifySignature', 'checkType'],
    (jwt) => verifyJwt(jwt, 'a+jwt', key),
    { typ: 'a+jwt' },
    { a: 1, exp: NOW },
  ),
  textTarget(['parseAbsoluteUrl'], parseAbsoluteUrl, `${ISSUER}?a=b#c`),
  textTarget(['parseWebUrl'], (text) => parseWebUrl(text, { allowHttp: true }), `${ISSUER}/page?a=b#c`),
  textTarget(['parseEndpointUrl'], (text) => parseEndpointUrl(text), `${ISSUER}/token`),
  textTarget(['parseIssuerIdentifier'], (text) => parseIssuerIdentifier(text), ISSUER),
  textTarget(
    ['parseAuthorizationServerMetadata', 'parseMessage', 'checkMessage'],
    (text) => parseAuthorizationServerMetadata(text, ISSUER),
    JSON.stringify(SERVER_METADATA),
  ),
  textTarget(['parseDpopAuthorization'], parseDpopAuthorization, 'DPoP AAAAAAAAAAAAAAAAAAAA'),
  textTarget(['readDpopNonce'], readDpopNonce, 'AAAAAAAAAAAAAAAAAAAA'),
  textTarget(
    ['findDpopChallengeError'],
    findDpopChallengeError,
    'DPoP error="use_dpop_nonce", algs="ES256"',
    'Bearer realm="a", DPoP error="a\\"b"',
  ),
  textTarget(['parseOAuthError'], parseOAuthError, '{"error":"invalid_grant","error_description":"a"}'),
  jwtTarget(
    ['verifyDpopProof', 'checkKeyNamedOnce'],
    (jwt) =>
      verifyDpopProof(jwt, {
        method: 'POST',
        url: `${ISSUER}/token`,
        now: NOW,
        maxAgeSeconds: 300,
        crypto: nodeCrypto,
      }),
    dpop,
    { htm: 'POST', htu: `${ISSUER}/token`, iat: NOW, jti: 'a', nonce: 'n', ath: 'AAAA' },
  ),
  jwtTarget(
    ['verifyBatchProofs', 'verifyJwtProof'],
    (jwt) => verifyBatchProofs([jwt, jwt], { audience: ISSUER, now: NOW, crypto: nodeCrypto }),
    proof,
    { aud: ISSUER, iat: NOW, nonce: 'n' },
  ),
  textTarget(
    ['parseCredentialOfferUri'],
    (text) => parseCredentialOfferUri(text),
    `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(OFFER))}`,
    `openid-credential-offer://?credential_offer_uri=${encodeURIComponent(ISSUER)}`,
  ),
  textTarget(['parseCredentialOffer'], (text) => parseCredentialOffer(text), JSON.stringify(OFFER)),
  textTarget(
    ['parseCredentialIssuerMetadata'],
    (text) => parseCredentialIssuerMetadata(text, ISSUER),
    JSON.stringify(ISSUER_METADATA),
  ),
  valueTarget(['parseCredentialRequest'], (value) => parseCredentialRequest(value, 20), CREDENTIAL_REQUEST),
  textTarget(
    ['parseCredentialResponse'],
    (text) => parseCredentialResponse(text, 20),
    '{"credentials":[{"credential":"a.b.c~"}],"notification_id":"a"}',
    '{"transaction_id":"a","interval":5}',
  ),
  textTarget(['parseNonceResponse'], parseNonceResponse, '{"c_nonce":"AAAA"}'),
  valueTarget(['parseNotificationRequest'], parseNotificationRequest, {
    notification_id: 'a',
    event: 'credential_accepted',
    event_description: 'a',
  }),
  valueTarget(['parseTokenRequest'], (value) => isStringRecord(value) && parseTokenRequest(value), {
    grant_type: GRANT,
    'pre-authorized_code': 'a',
    tx_code: '1',
  }),
  textTarget(
    ['parseTokenResponse'],
    (text) => parseTokenResponse(text),
    '{"access_token":"AAAA","token_type":"DPoP","expires_in":600,"authorization_details":[{"type":"openid_credential","credential_configuration_id":"diploma","credential_identifiers":["a"]}]}',
  ),
]

function isStringRecord(value: unknown): value is Readonly<Record<string, string>> {
  return isJsonObject(value) && Object.values(value).every((member) => typeof member === 'string')
}
