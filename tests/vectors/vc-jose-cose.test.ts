import { readdirSync } from 'node:fs'
import { generateNodeSigner, importNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { checkType, makeJwt, parseJws, parseSignatureJwk, readClaims, verifySignature } from '@wegwijzer/protocol/jose'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { parseSdJwt, verifySdJwt } from '@wegwijzer/protocol/sd-jwt'
import { verifySdJwtVc } from '@wegwijzer/protocol/sd-jwt-vc'
import { didJwkOf, parseJwtVc, parseJwtVp } from '@wegwijzer/protocol/w3c'
import { expect, test } from 'vitest'
import {
  describeWithReferenceData,
  hasReferenceData,
  readReferenceJson,
  readReferenceText,
  referencePath,
} from '../support/reference-data.ts'
import { pkcs8Of } from './private-jwk.testing.ts'

/**
 * W3C "Securing Verifiable Credentials using JOSE and COSE", which is VCDM 2.0. It has no format identifier in OpenID4VCI 1.0,
 * so nothing of it is issued, held or verified here; what our own readers make of each input is asserted below. Our own W3C
 * credentials are of VCDM 1.1.
 */
const INPUT = 'vectors/vc-jose-cose/tests/input'
const V2_CONTEXT = 'https://www.w3.org/ns/credentials/v2'
const NOW = 1_734_300_000

interface VerificationMethod {
  readonly publicKeyJwk: JsonObject
  readonly secretKeyJwk: JsonObject
}

const files = hasReferenceData ? readdirSync(referencePath(INPUT)) : []
const secured = (kind: string) => files.filter((name) => name.endsWith('.txt') && name.includes(`-${kind}-`))
const jose = [...secured('jose'), 'credential-issuer-match-signed.txt']
const sdJwt = secured('sdjwt')
const cose = secured('cose')
const unsecured = files.filter((name) => /^(credential|presentation)-.*\.json$/.test(name))
const methods = files.filter((name) => name.startsWith('vm-'))

const strangersKey = await nodeCrypto.importVerificationKey(generateNodeSigner().publicJwk)
const readInput = (name: string) => readReferenceText(`${INPUT}/${name}`).trim()
const readMethod = (name: string) => readReferenceJson<VerificationMethod>(`${INPUT}/${name}`)
const importP256 = () => nodeCrypto.importVerificationKey(parseSignatureJwk(readMethod('vm-p256.json').publicKeyJwk))

describeWithReferenceData('the inputs of vc-jose-cose', () => {
  test('are each of one kind that is tested here', () => {
    expect([...jose, ...sdJwt, ...cose, ...unsecured, ...methods].sort()).toEqual([...files].sort())
    expect([jose.length, sdJwt.length, cose.length, unsecured.length, methods.length]).toEqual([9, 7, 7, 8, 5])
  })

  test.each(methods)('verification method %s: its key is taken when it is P-256, else invalid_key', (name) => {
    const { publicKeyJwk, secretKeyJwk } = readMethod(name)
    if (name === 'vm-p256.json') expect(parseSignatureJwk(publicKeyJwk)).toMatchObject({ crv: 'P-256' })
    else expect(() => parseSignatureJwk(publicKeyJwk)).toThrow(expect.objectContaining({ code: 'invalid_key' }))
    expect(() => parseSignatureJwk(secretKeyJwk)).toThrow(expect.objectContaining({ code: 'invalid_key' }))
  })

  test.each(jose)('%s: its signature counts when it is ES256 and right; it is no format of ours', async (name) => {
    const jws = parseJws(readInput(name))
    const verdict = await verifySignature(jws, await importP256()).then(
      () => 'valid',
      (error: unknown) => Object(error).code,
    )
    expect(verdict).toBe(name === 'credential-jose-minimal.txt' ? 'valid' : 'invalid_signature')
    await expect(verifySignature(jws, strangersKey)).rejects.toMatchObject({ code: 'invalid_signature' })
    expect(readClaims(jws)['@context']).toContain(V2_CONTEXT)
    for (const typ of ['jwt', 'dc+sd-jwt', 'kb+jwt'])
      expect(() => checkType(jws.header, typ)).toThrow(expect.objectContaining({ code: 'invalid_jws' }))
    expect(() => parseSdJwt(readInput(name))).toThrow(expect.objectContaining({ code: 'invalid_sd_jwt' }))
    // Version 2.0 has no `vc` or `vp` in its payload; the one input that has both is of another algorithm as well.
    for (const parse of [parseJwtVc, parseJwtVp])
      expect(() => parse(readInput(name))).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^(invalid_vc|vc_version_not_supported)$/) }),
      )
  })

  test.each(sdJwt)('%s: of VCDM 2.0 and another algorithm, so no SD-JWT VC', async (name) => {
    const key = await importP256()
    // Some inputs are damaged so far that they are not read at all; that is a refusal too.
    const judge = async (verify: (text: string) => Promise<unknown>) => {
      const code = await verify(readInput(name)).then(
        () => 'accepted',
        (error: unknown) => Object(error).code,
      )
      expect(['invalid_sd_jwt', 'invalid_signature', 'invalid_disclosure', 'invalid_jws', 'expired']).toContain(code)
    }
    await judge(async (text) => verifySdJwtVc(parseSdJwt(text), key, { now: NOW, crypto: nodeCrypto }))
    for (const typ of ['vc+sd-jwt', 'vp+sd-jwt', 'bad+typ'])
      await judge(async (text) => verifySdJwt(parseSdJwt(text), key, { typ, now: NOW, crypto: nodeCrypto }))
  })

  test.each(cose)('%s: COSE is neither a JWS nor an SD-JWT', (name) => {
    expect(() => parseJws(readInput(name))).toThrow(expect.objectContaining({ code: 'invalid_jws' }))
    expect(() => parseSdJwt(readInput(name))).toThrow(expect.objectContaining({ code: 'invalid_sd_jwt' }))
  })

  test.each(unsecured)('%s: of VCDM 2.0; unsecured nothing, and signed by us no SD-JWT VC', async (name) => {
    const document = readReferenceJson<JsonObject>(`${INPUT}/${name}`)
    expect(document['@context']).toContain(V2_CONTEXT)
    expect(() => parseJws(JSON.stringify(document))).toThrow(expect.objectContaining({ code: 'invalid_jws' }))
    expect(() => parseSdJwt(JSON.stringify(document))).toThrow(expect.objectContaining({ code: 'invalid_sd_jwt' }))
    const signer = importNodeSigner(pkcs8Of(readMethod('vm-p256.json').secretKeyJwk))
    const jwt = await makeJwt({ typ: 'dc+sd-jwt', x5c: ['AAAA'] }, document, signer)
    await verifySignature(parseJws(jwt), await importP256())
    await expect(
      verifySdJwtVc(parseSdJwt(`${jwt}~`), await importP256(), { now: NOW, crypto: nodeCrypto }),
    ).rejects.toMatchObject({ code: 'invalid_claims', message: expect.stringContaining('vct') })
  })

  test.each(unsecured)('%s, put where VCDM 1.1 has it, is refused for its version', async (name) => {
    const document = readReferenceJson<JsonObject>(`${INPUT}/${name}`)
    const signer = importNodeSigner(pkcs8Of(readMethod('vm-p256.json').secretKeyJwk))
    const iss = didJwkOf(signer.publicJwk)
    const payload = { iss, sub: iss, nbf: NOW }
    const refused = expect.objectContaining({ code: 'vc_version_not_supported' })
    const vc = await makeJwt({ typ: 'JWT' }, { ...payload, vc: document }, signer)
    expect(() => parseJwtVc(vc)).toThrow(refused)
    const vp = await makeJwt({ typ: 'JWT' }, { ...payload, vp: document }, signer)
    expect(() => parseJwtVp(vp)).toThrow(refused)
    // With the context and without the dates it is refused for what else it lacks, and no more for its version.
    const { validFrom: _from, validUntil: _until, ...undated } = document
    const content = { ...undated, '@context': ['https://www.w3.org/2018/credentials/v1'] }
    const older = await makeJwt({ typ: 'JWT' }, { ...payload, vp: content }, signer)
    expect(() => parseJwtVp(older)).toThrow(expect.objectContaining({ code: 'invalid_vc' }))
  })
})
