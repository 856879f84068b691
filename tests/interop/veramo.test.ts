import { createDidResolver, holderIdentity, presentJwtVc, verifyJwtVc, verifyJwtVp } from '@wegwijzer/keys/did'
import { importNodeSigner } from '@wegwijzer/keys/node'
import { decodeBase64url, encodeBase64url, encodeUtf8 } from '@wegwijzer/protocol/jose'
import { makeCredentialRequest, parseCredentialResponse } from '@wegwijzer/protocol/openid4vci'
import { makeDirectPostBody, makeEncryptedResponse } from '@wegwijzer/protocol/openid4vp'
import { parseJwtVc, parseJwtVp } from '@wegwijzer/protocol/w3c'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTestWallet } from '../../issuer/src/testing/wallet.testing.ts'
import type { World } from '../support/world.ts'
import { startInteropWorld } from './interop-world.testing.ts'
import { makeVeramoAgent, makeVeramoIdentifier, type VeramoAgent } from './veramo-agent.testing.ts'

/** Veramo 7: does it believe our W3C credentials and presentations, and do we believe its? */
let world: World
let agent: VeramoAgent

beforeAll(async () => {
  world = await startInteropWorld()
  agent = makeVeramoAgent()
})
afterAll(() => world.close())

const NONCE = 'a-nonce-of-one-request'
const AUDIENCE = 'x509_hash:a-verifier'

async function copyOfOurs() {
  const { wallet, records } = world.newWallet()
  const { credentialOffer } = await world.offer('diploma', { format: 'jwt_vc_json' })
  const [held] = await wallet.acceptReceipt(await wallet.beginReceipt(credentialOffer))
  const [record] = await records.list(`copy/${held?.id}`)
  return record?.value as unknown as { readonly sdJwt: string; readonly pkcs8: string }
}

const verifiesInVeramo = async (credential: string) =>
  agent.verifyCredential({
    credential,
    proofPurpose: 'assertionMethod',
    policies: { now: world.clock.now(), credentialStatus: false },
  })

const resolver = () =>
  createDidResolver({ fetch: () => Promise.reject(new Error('fetched')), now: world.clock.now, allowHttp: false })

describe('a Veramo agent', () => {
  test('verifies a diploma that we issued, by our DID document', async () => {
    const { sdJwt } = await copyOfOurs()
    expect((await verifiesInVeramo(sdJwt)).verified).toBe(true)
    const [header, payload = '', signature] = sdJwt.split('.')
    const changed = Buffer.from(payload, 'base64url').toString().replace('"nbf":', '"jti":"urn:x","nbf":')
    const forged = [header, Buffer.from(changed).toString('base64url'), signature].join('.')
    expect((await verifiesInVeramo(forged)).verified).toBe(false)
  })

  test('verifies a presentation as our wallet makes it', async () => {
    const { sdJwt, pkcs8 } = await copyOfOurs()
    const now = world.clock.now()
    const presentation = await presentJwtVc({
      holder: holderIdentity(importNodeSigner(decodeBase64url(pkcs8))),
      credential: sdJwt,
      audience: AUDIENCE,
      nonce: NONCE,
      issuedAt: now,
      expiresAt: now + 300,
    })
    const verify = (challenge: string, domain: string) =>
      agent.verifyPresentation({ presentation, challenge, domain, policies: { now } })
    expect((await verify(NONCE, AUDIENCE)).verified).toBe(true)
    expect((await verify('another', AUDIENCE)).verified).toBe(false)
    expect((await verify(NONCE, 'x509_hash:other')).verified).toBe(false)
  })

  test('as a wallet collects a diploma for its own did:jwk, and our verifier accepts its presentation', async () => {
    const identifier = await makeVeramoIdentifier(agent)
    const issuer = `${world.urls.issuer}/roc-midden-nederland`
    const wallet = makeTestWallet(issuer, world.clock.now)
    const { credentialOffer } = await world.offer('diploma', { format: 'jwt_vc_json' })
    const token = await wallet.redeem(credentialOffer)
    const proof = await proveAsVeramo(identifier.did, identifier.keys[0]?.kid ?? '', {
      aud: issuer,
      iat: world.clock.now(),
      nonce: await wallet.requestNonce(),
    })
    const body = makeCredentialRequest({ credential_configuration_id: 'diploma_jwt_vc_json' }, [proof])
    const answer = await wallet.send(await wallet.makeRequest('/credential', token, body))
    const response = parseCredentialResponse(answer.text, 1)
    const credential = response.kind === 'issued' ? (response.credentials[0]?.credential ?? '') : ''
    expect(parseJwtVc(credential).subject).toBe(identifier.did)
    expect((await verifiesInVeramo(credential)).verified).toBe(true)

    const request = await world.ask('opleider-demo', 'opleider-vrijstelling')
    const { request: asked } = await world.newWallet().wallet.beginPresentation(request.authorizationRequest)
    const { proof: made } = await agent.createVerifiablePresentation({
      presentation: { holder: identifier.did, verifiableCredential: [credential] },
      proofFormat: 'jwt',
      challenge: asked.nonce,
      domain: asked.clientId,
    })
    const vpToken = { vp_token: { diploma: [String(made.jwt)] }, ...(asked.state && { state: asked.state }) }
    const posted = await fetch(asked.responseUri, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: makeDirectPostBody({ response: await makeEncryptedResponse(vpToken, asked.responseEncryption) }),
    })
    expect(posted.status).toBe(200)
    expect((await request.result()).report).toMatchObject({ verdict: 'accepted' })
  })
})

describe('we', () => {
  test('verify what a Veramo agent issues and presents, as far as it says who and what', async () => {
    const [issuer, holder] = [await makeVeramoIdentifier(agent), await makeVeramoIdentifier(agent)]
    const now = world.clock.now()
    const credential = await agent.createVerifiableCredential({
      credential: {
        issuer: { id: issuer.did },
        type: ['VerifiableCredential', 'https://other.example/types/badge'],
        credentialSubject: { id: holder.did, name: 'Veilig werken' },
      },
      proofFormat: 'jwt',
    })
    const vc = parseJwtVc(String(credential.proof.jwt))
    await verifyJwtVc(vc, { resolver: resolver(), now })
    expect(vc).toMatchObject({ issuer: issuer.did, subject: holder.did, claims: { name: 'Veilig werken' } })
    expect(vc.types).toContain('https://other.example/types/badge')

    const { proof } = await agent.createVerifiablePresentation({
      presentation: { holder: holder.did, verifiableCredential: [credential] },
      proofFormat: 'jwt',
      challenge: NONCE,
      domain: AUDIENCE,
    })
    const expected = { audience: AUDIENCE, nonce: NONCE, now, maxAgeSeconds: 300, resolver: resolver() }
    await verifyJwtVp(parseJwtVp(String(proof.jwt)), expected)
    await expect(verifyJwtVp(parseJwtVp(String(proof.jwt)), { ...expected, nonce: 'x' })).rejects.toMatchObject({
      code: 'key_binding_mismatch',
    })
  })

  test('refuse a credential of VC Data Model 2.0 whose validUntil has passed, which Veramo verifies', async () => {
    const issuer = await makeVeramoIdentifier(agent)
    const credential = await agent.createVerifiableCredential({
      credential: {
        '@context': ['https://www.w3.org/2018/credentials/v1', 'https://www.w3.org/ns/credentials/v2'],
        issuer: { id: issuer.did },
        type: ['VerifiableCredential'],
        credentialSubject: { id: issuer.did, name: 'Verlopen' },
        validUntil: '2020-01-01T00:00:00Z',
      },
      proofFormat: 'jwt',
    })
    const jwt = String(credential.proof.jwt)
    const verified = await agent.verifyCredential({ credential: jwt, policies: { credentialStatus: false } })
    expect(verified.verified).toBe(true)
    expect(() => parseJwtVc(jwt)).toThrow(expect.objectContaining({ code: 'vc_version_not_supported' }))
  })
})

/** A key proof that names its key by a DID, made with the agent's own key. @see OpenID4VCI 1.0 §F.1 jwt-proof-type */
async function proveAsVeramo(did: string, keyRef: string, claims: object): Promise<string> {
  const header = { alg: 'ES256', typ: 'openid4vci-proof+jwt', kid: `${did}#0` }
  const encode = (part: object) => encodeBase64url(encodeUtf8(JSON.stringify(part)))
  const input = `${encode(header)}.${encode(claims)}`
  return `${input}.${await agent.keyManagerSign({ keyRef, algorithm: 'ES256', data: input })}`
}
