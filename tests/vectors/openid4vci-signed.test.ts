import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { parseX5c } from '@wegwijzer/keys/x509'
import { checkType, parseJws, parseSignatureJwk, readClaims, verifySignature } from '@wegwijzer/protocol/jose'
import { parseCredentialResponse, readSignedMetadataX5c, verifySignedMetadata } from '@wegwijzer/protocol/openid4vci'
import { parseSdJwt, verifySdJwt } from '@wegwijzer/protocol/sd-jwt'
import { verifySdJwtVc } from '@wegwijzer/protocol/sd-jwt-vc'
import { parseJwtVc } from '@wegwijzer/protocol/w3c'
import { expect, test } from 'vitest'
import { describeWithReferenceData, readReferenceText } from '../support/reference-data.ts'

const FOLDER = 'vectors/spec-examples/openid4vci-1.0'
const NOW = 1_755_030_000

const strangersKey = await nodeCrypto.importVerificationKey(generateNodeSigner().publicJwk)

/** An example without the line breaks and indents that were put into its strings for print. */
function readUnbroken(name: string): string {
  return readReferenceText(`${FOLDER}/${name}`).replace(/\r?\n\s*/g, '')
}

function firstCredential(name: string): string {
  const text = readUnbroken(name)
  const response = parseCredentialResponse(text.slice(text.indexOf('{')), 1)
  const [issued] = response.kind === 'issued' ? response.credentials : []
  if (typeof issued?.credential !== 'string') throw new Error('the example has no credential')
  return issued.credential
}

describeWithReferenceData('the signatures in the examples of OpenID4VCI 1.0', () => {
  test.each([
    ['credential_issuer_metadata_sd_jwt_jwt.txt', 'openidvci-issuer-metadata+jwt', 'credential-issuer.example.com'],
    ['wallet_attestation.jwt.txt', 'oauth-client-attestation+jwt', 'wallet-provider.example.com'],
  ])('%s is signed with the key of its certificate, and with no other', async (name, typ, subject) => {
    const jws = parseJws(readUnbroken(name))
    checkType(jws.header, typ)
    const [leaf] = parseX5c(jws.header.x5c)
    if (leaf === undefined) throw new Error('the example has no certificate')
    expect(leaf.subject.commonName).toBe(subject)
    await verifySignature(jws, await nodeCrypto.importVerificationKey(leaf.publicJwk))
    await expect(verifySignature(jws, strangersKey)).rejects.toMatchObject({ code: 'invalid_signature' })
  })

  test('signed metadata is verified and read as of the month it was signed in, which is long ago [OpenID4VCI 1.0 §12.2.3]', async () => {
    const jwt = readUnbroken('credential_issuer_metadata_sd_jwt_jwt.txt')
    const [leaf] = parseX5c(await readSignedMetadataX5c(jwt))
    if (leaf === undefined) throw new Error('the example has no certificate')
    const signedAt = 1_516_239_022
    const expected = {
      credentialIssuer: 'https://credential-issuer.example.com',
      now: signedAt,
      key: await nodeCrypto.importVerificationKey(leaf.publicJwk),
    }
    const metadata = await verifySignedMetadata(jwt, expected)
    expect(metadata.credential_endpoint).toBe('https://credential-issuer.example.com/credential')
    expect(metadata).not.toHaveProperty('iat')
    const refused = { code: 'invalid_credential_issuer_metadata' }
    await expect(verifySignedMetadata(jwt, { ...expected, now: NOW })).rejects.toMatchObject(refused)
    await expect(verifySignedMetadata(jwt, { ...expected, key: strangersKey })).rejects.toMatchObject(refused)
    await expect(
      verifySignedMetadata(jwt, { ...expected, credentialIssuer: 'https://other.example' }),
    ).rejects.toMatchObject(refused)
  })

  test('the key in a wallet attestation is one that we could bind to, its use is signatures [RFC 7800 §3.2]', () => {
    const { cnf } = readClaims(parseJws(readUnbroken('wallet_attestation.jwt.txt')))
    expect(cnf).toMatchObject({ jwk: { use: 'sig' } })
    expect(parseSignatureJwk(Object(cnf).jwk)).toMatchObject({ kty: 'EC', crv: 'P-256' })
  })

  test('a jwt_vc_json of a response is signed with the key of the issuer, and is no SD-JWT VC', async () => {
    const jwks: unknown = JSON.parse(readUnbroken('issuer_jwks.json'))
    const key = await nodeCrypto.importVerificationKey(parseSignatureJwk(Object(jwks).jwks.keys[0]))
    const credential = firstCredential('credential_response_jwt_vc_json.txt')
    await verifySignature(parseJws(credential), key)
    await expect(verifySignature(parseJws(credential), strangersKey)).rejects.toMatchObject({
      code: 'invalid_signature',
    })
    expect(() => parseSdJwt(credential)).toThrow(expect.objectContaining({ code: 'invalid_sd_jwt' }))
    // Of VCDM 1.1, but its issuer is an https URL, and ours are DIDs.
    expect(() => parseJwtVc(credential)).toThrow(expect.objectContaining({ code: 'invalid_vc' }))
  })

  test('an SD-JWT VC of a response is read whole, and refused without its issuer’s certificate [HAIP 1.0 §6.1.1]', async () => {
    const sdJwt = parseSdJwt(firstCredential('credential_response_sd_jwt_vc.txt'))
    expect(sdJwt.issuerJws.header).toMatchObject({ typ: 'dc+sd-jwt', kid: 'doc-signer-05-25-2022' })
    expect(sdJwt.disclosures.length).toBeGreaterThan(5)
    await expect(verifySdJwtVc(sdJwt, strangersKey, { now: NOW, crypto: nodeCrypto })).rejects.toMatchObject({
      code: 'invalid_sd_jwt',
    })
    await expect(
      verifySdJwt(sdJwt, strangersKey, { typ: 'dc+sd-jwt', now: NOW, crypto: nodeCrypto }),
    ).rejects.toMatchObject({ code: 'invalid_signature' })
  })
})
