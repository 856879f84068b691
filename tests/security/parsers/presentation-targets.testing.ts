import { nodeCrypto } from '@wegwijzer/keys/node'
import { parseDcqlQuery } from '@wegwijzer/protocol/dcql'
import { isJsonObject, type JsonObject } from '@wegwijzer/protocol/json'
import {
  decryptResponse,
  makeEncryptedResponse,
  makeResponseEncryptionKey,
  NO_TRANSACTION_TYPES,
  parseAuthorizationRequestUri,
  parseClientMetadata,
  parseDirectPostBody,
  parseDirectPostResponse,
  parseRequestUriBody,
  parseVpToken,
  readRequestObjectX5c,
  readResponseKeyId,
  verifyRequestObject,
} from '@wegwijzer/protocol/openid4vp'
import {
  makeSdJwt,
  parseIssuedSdJwt,
  parseSdJwt,
  processSdJwt,
  readConfirmationKey,
  verifyKeyBinding,
  verifySdJwt,
} from '@wegwijzer/protocol/sd-jwt'
import {
  parseIntegrity,
  parseTypeMetadata,
  readX5c,
  verifyIntegrity,
  verifySdJwtVc,
} from '@wegwijzer/protocol/sd-jwt-vc'
import { credentialTypeNamed } from '@wegwijzer/schemas'
import { jwtTarget, key, NOW, type ParserTarget, signer, textTarget, valueTarget } from './parser-target.testing.ts'

const DCQL = {
  credentials: [
    {
      id: 'a',
      format: 'dc+sd-jwt',
      meta: { vct_values: ['https://wegwijzer.example/types/diploma/1'] },
      multiple: false,
      claims: [
        { id: 'x', path: ['a', null, 0], values: ['b', 1, true] },
        { id: 'y', path: ['c'] },
      ],
      claim_sets: [['x'], ['y']],
      trusted_authorities: [{ type: 'aki', values: ['AAAA'] }],
    },
  ],
  credential_sets: [{ options: [['a']], required: true }],
}
const { publicJwk, privateJwk } = await makeResponseEncryptionKey()
const CLIENT_METADATA = {
  jwks: { keys: [{ ...publicJwk }] },
  encrypted_response_enc_values_supported: ['A128GCM', 'A256GCM'],
  vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] } },
}
const responseEncryption = parseClientMetadata(CLIENT_METADATA)
const jwe = await makeEncryptedResponse({ vp_token: { a: ['b~'] }, state: 's' }, responseEncryption)
const claims: JsonObject = {
  vct: 'https://wegwijzer.example/types/diploma/1',
  iat: NOW,
  cnf: { jwk: { ...signer.publicJwk } },
  name: 'a',
  grades: [{ grade: '7' }, { grade: '8' }],
  address: { street: 'a', country: 'NL' },
}
const sdJwt = await makeSdJwt({
  header: { typ: 'dc+sd-jwt', x5c: ['AAAA'] },
  claims,
  selectivelyDisclosable: [['name'], ['grades'], ['address'], ['address', 'street']],
  decoyCount: 2,
  signer,
  crypto: nodeCrypto,
})
const { issuerJws } = parseSdJwt(sdJwt)
const disclosures = sdJwt.slice(sdJwt.indexOf('~'))
const CLIENT_ID = `x509_hash:${'A'.repeat(43)}`
const expectedBinding = { audience: CLIENT_ID, nonce: 'n', now: NOW, maxAgeSeconds: 300, crypto: nodeCrypto }

/** Everything that a verifier does with a presentation before trust. */
async function verifyAll(text: string): Promise<unknown> {
  const parsed = parseSdJwt(text)
  readConfirmationKey(parsed.issuerClaims)
  await verifySdJwt(parsed, key, { typ: 'dc+sd-jwt', now: NOW, crypto: nodeCrypto })
  await verifySdJwtVc(parsed, key, { now: NOW, crypto: nodeCrypto })
  return verifyKeyBinding(parsed, key, expectedBinding)
}

/** The messages of presenting, and SD-JWTs. */
export const presentationTargets: readonly ParserTarget[] = [
  valueTarget(['parseDcqlQuery'], parseDcqlQuery, DCQL),
  textTarget(
    ['parseAuthorizationRequestUri'],
    (text) => parseAuthorizationRequestUri(text),
    `openid4vp://?client_id=${CLIENT_ID}&request_uri=${encodeURIComponent('https://uwv.example/request')}&request_uri_method=post`,
  ),
  valueTarget(['parseClientMetadata'], parseClientMetadata, CLIENT_METADATA),
  textTarget(['parseDirectPostBody'], parseDirectPostBody, 'response=a.b.c.d.e', 'error=access_denied&state=a'),
  textTarget(
    ['parseDirectPostResponse'],
    (text) => parseDirectPostResponse(text),
    '{"redirect_uri":"https://uwv.example/a"}',
  ),
  textTarget(
    ['parseRequestUriBody', 'checkWalletMetadata'],
    parseRequestUriBody,
    `wallet_nonce=abc&wallet_metadata=${encodeURIComponent('{"vp_formats_supported":{"dc+sd-jwt":{}}}')}`,
  ),
  valueTarget(['parseVpToken'], parseVpToken, { a: ['b~', 'c~'] }),
  textTarget(['readRequestObjectX5c'], readRequestObjectX5c, 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA'),
  textTarget(['readResponseKeyId'], readResponseKeyId, jwe),
  textTarget(['decryptResponse'], (text) => decryptResponse(text, privateJwk), jwe),
  jwtTarget(
    ['verifyRequestObject'],
    (jwt) =>
      verifyRequestObject(jwt, {
        clientId: CLIENT_ID,
        now: NOW,
        leafCertificateDer: new Uint8Array(8),
        key,
        crypto: { ...nodeCrypto, digest: async () => new Uint8Array(32) },
        transactionTypes: NO_TRANSACTION_TYPES,
      }),
    { typ: 'oauth-authz-req+jwt', x5c: ['AAAA'] },
    {
      aud: 'https://self-issued.me/v2',
      client_id: CLIENT_ID,
      response_type: 'vp_token',
      response_mode: 'direct_post.jwt',
      response_uri: 'https://uwv.example/response',
      nonce: 'A'.repeat(43),
      state: 's',
      iat: NOW,
      exp: NOW + 300,
      dcql_query: DCQL,
      client_metadata: CLIENT_METADATA,
      verifier_info: [{ format: 'registration_cert', data: 'a', credential_ids: ['a'] }],
    },
  ),
  textTarget(['parseSdJwt', 'verifySdJwt', 'verifySdJwtVc', 'verifyKeyBinding'], verifyAll, sdJwt, `${sdJwt}a.b.c`),
  textTarget(['processSdJwt'], async (text) => processSdJwt(parseSdJwt(text), nodeCrypto), sdJwt),
  textTarget(['parseIssuedSdJwt'], parseIssuedSdJwt, sdJwt),
  jwtTarget(
    ['verifySdJwt', 'readConfirmationKey'],
    (jwt) => verifyAll(jwt + disclosures),
    { typ: 'dc+sd-jwt', x5c: ['AAAA'] },
    { ...parseSdJwt(sdJwt).issuerClaims },
  ),
  jwtTarget(
    ['verifyKeyBinding'],
    (jwt) => verifyAll(sdJwt + jwt),
    { typ: 'kb+jwt' },
    { aud: CLIENT_ID, nonce: 'n', iat: NOW, sd_hash: 'A'.repeat(43) },
  ),
  valueTarget(['readX5c'], (value) => isJsonObject(value) && readX5c(value), { ...issuerJws.header }),
  textTarget(
    ['parseTypeMetadata', 'checkTypeConformance'],
    parseTypeMetadata,
    credentialTypeNamed('diploma').typeMetadataText,
  ),
  textTarget(['parseIntegrity'], parseIntegrity, credentialTypeNamed('diploma').typeMetadataIntegrity),
  textTarget(
    ['verifyIntegrity'],
    (text) => verifyIntegrity(new Uint8Array(9), text, nodeCrypto),
    credentialTypeNamed('diploma').typeMetadataIntegrity,
  ),
]
