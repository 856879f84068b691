import { encodeBase64url, encodeUtf8, importDecryptionKey, makeEncryptionKey } from '@wegwijzer/protocol/jose'
import {
  decryptCredentialRequest,
  decryptCredentialResponse,
  makeCredentialRequest,
  makeEncryptedCredentialRequest,
  makeOnceOnlyPolicy,
  readOnceOnly,
  readResponseEncryption,
  readSignedMetadataX5c,
  SIGNED_METADATA_TYPE,
  verifySignedMetadata,
} from '@wegwijzer/protocol/openid4vci'
import { CompactEncrypt, importJWK } from 'jose'
import { jwtTarget, key, NOW, type ParserTarget, textTarget, valueTarget } from './parser-target.testing.ts'

const ISSUER = 'https://school.example/roc'
const { publicJwk, privateJwk } = await makeEncryptionKey()
const decryption = await importDecryptionKey(privateJwk)
const request = makeCredentialRequest({ credential_configuration_id: 'diploma' }, ['a.b.c'])
const encryption = { key: publicJwk, kid: publicJwk.kid, enc: 'A128GCM' } as const
const { body } = await makeEncryptedCredentialRequest(request, { request: encryption, responseEnc: 'A128GCM' })
const header = { alg: 'ECDH-ES', enc: 'A128GCM', kid: publicJwk.kid }
const bomb = await new CompactEncrypt(new Uint8Array(4_000_000))
  .setProtectedHeader({ ...header, zip: 'DEF' })
  .encrypt(await importJWK({ ...publicJwk }))
const otherHeader = encodeBase64url(encodeUtf8(JSON.stringify({ ...header, alg: 'dir', p2c: 1e9 })))
const withOtherHeader = [otherHeader, ...body.split('.').slice(1)].join('.')
const metadata = {
  credential_issuer: ISSUER,
  credential_endpoint: `${ISSUER}/credential`,
  credential_configurations_supported: { diploma: { format: 'dc+sd-jwt', vct: 'https://types.example/diploma/1' } },
}

/** What issuing has beside its plain messages: encryption, signed metadata, how often a copy may be shown. */
export const issuanceTargets: readonly ParserTarget[] = [
  textTarget(
    ['decryptCredentialRequest'],
    (jwe) => decryptCredentialRequest(jwe, [decryption]),
    body,
    bomb,
    withOtherHeader,
  ),
  textTarget(
    ['decryptCredentialResponse'],
    (jwe) => decryptCredentialResponse(jwe, { key: decryption, enc: 'A128GCM' }, 2),
    body,
    bomb,
    withOtherHeader,
  ),
  valueTarget(['readResponseEncryption'], (value) => readResponseEncryption(value, true), {
    jwk: publicJwk,
    enc: 'A128GCM',
  }),
  jwtTarget(
    ['readSignedMetadataX5c', 'verifySignedMetadata'],
    async (jwt) => {
      await readSignedMetadataX5c(jwt)
      return verifySignedMetadata(jwt, { credentialIssuer: ISSUER, now: NOW, key })
    },
    { typ: SIGNED_METADATA_TYPE, x5c: ['AAAA'] },
    { ...metadata, sub: ISSUER, iat: NOW, exp: NOW + 60 },
  ),
  valueTarget(['readOnceOnly'], readOnceOnly, makeOnceOnlyPolicy(20, 4)),
]
