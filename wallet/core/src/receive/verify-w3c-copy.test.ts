import { createDidResolver, didWebOf, issueJwtVc, keyUrlOf, makeDidDocument } from '@wegwijzer/keys/did'
import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { OutboundError, type OutboundFetch } from '@wegwijzer/outbound'
import { encodeBase64url, encodeUtf8 } from '@wegwijzer/protocol/jose'
import { parseJsonObject } from '@wegwijzer/protocol/json'
import { parseTypeMetadata } from '@wegwijzer/protocol/sd-jwt-vc'
import { didJwkOf } from '@wegwijzer/protocol/w3c'
import { credentialTypeNamed } from '@wegwijzer/schemas'
import { expect, test } from 'vitest'
import { verifyW3cCopy } from './verify-w3c-copy.ts'

const NOW = 1_790_812_800
const ISSUER = 'https://issuer.example/roc'
const DID = didWebOf(ISSUER)
const { vct, typeMetadataText, typeMetadataIntegrity, example } = credentialTypeNamed('diploma')
const claims = parseJsonObject(JSON.stringify(example))

const signer = generateNodeSigner()
const { publicJwk: holderKey } = generateNodeSigner()

type Change = Partial<Parameters<typeof issueJwtVc>[0]>

async function issue(change: Change = {}): Promise<string> {
  return issueJwtVc({
    issuer: { did: DID, keyUrl: await keyUrlOf(DID, signer.publicJwk, nodeCrypto), signer },
    subject: didJwkOf(holderKey),
    type: vct,
    claims,
    issuedAt: NOW,
    expiresAt: NOW + 86_400,
    status: { status_list: { idx: 3, uri: `${ISSUER}/status-lists/1` } },
    ...change,
  })
}

/** Serves the issuer's document, and says what it was asked for. */
function serving(keys = [signer.publicJwk]) {
  const asked: string[] = []
  const fetch: OutboundFetch = async ({ url }) => {
    asked.push(url)
    const body = encodeUtf8(JSON.stringify(await makeDidDocument(DID, keys, nodeCrypto)))
    return { status: 200, mediaType: 'application/did+json', headers: new Headers(), body }
  }
  return { asked, fetch }
}

function verify(jwt: string, fetch: OutboundFetch = serving().fetch) {
  const now = () => NOW
  const type = { vct, typeMetadataUri: 'https://types.example', typeMetadataIntegrity }
  const metadata = parseTypeMetadata(typeMetadataText)
  const dids = createDidResolver({ fetch, now, allowHttp: false })
  return verifyW3cCopy({ dids, now }, jwt, { credentialIssuer: ISSUER, type, metadata })
}

test('a copy of the issuer that was asked, about a key, is believed', async () => {
  const { asked, fetch } = serving()
  expect(await verify(await issue(), fetch)).toMatchObject({
    holderKey,
    claims,
    expiresAt: NOW + 86_400,
    status: { index: 3, uri: `${ISSUER}/status-lists/1` },
  })
  expect(asked).toEqual(['https://issuer.example/roc/did.json'])
})

const { qualification_name: _name, ...incomplete } = claims
const written = `did:jwk:${encodeBase64url(encodeUtf8(JSON.stringify({ alg: 'ES256', ...holderKey })))}`

test.each<[string, Change, string]>([
  ['of another type', { type: 'https://wegwijzer.example/types/pid/1' }, 'invalid_credential'],
  ['without what is mandatory', { claims: incomplete }, 'invalid_credential'],
  ['about nobody with a key', { subject: 'did:web:holder.example' }, 'invalid_did'],
  ['about a key that is written otherwise than the wallet named it', { subject: written }, 'invalid_credential'],
  ['that has expired', { expiresAt: NOW - 61 }, 'expired'],
  ['that is of tomorrow', { issuedAt: NOW + 86_400 }, 'not_yet_valid'],
  ['with a status that cannot be asked', { status: { other: {} } }, 'invalid_status_reference'],
])('a copy %s is refused', async (_name, change, code) => {
  await expect(verify(await issue(change))).rejects.toMatchObject({ code })
})

test('a copy of another DID is refused, and that DID is not looked up', async () => {
  const { asked, fetch } = serving()
  const did = didWebOf('https://other.example/roc')
  const jwt = await issue({ issuer: { did, keyUrl: `${did}#key`, signer } })
  await expect(verify(jwt, fetch)).rejects.toMatchObject({ code: 'invalid_credential' })
  expect(asked).toEqual([])
})

test('a copy by a key that the issuer does not serve is refused', async () => {
  const { fetch } = serving([generateNodeSigner().publicJwk])
  await expect(verify(await issue(), fetch)).rejects.toMatchObject({ code: 'invalid_signature' })
})

test('an issuer whose document cannot be had is no verdict on the copy', async () => {
  const fetch: OutboundFetch = () => Promise.reject(new OutboundError('unreachable', 'nobody answers'))
  await expect(verify(await issue(), fetch)).rejects.toMatchObject({ code: 'did_unavailable' })
})
