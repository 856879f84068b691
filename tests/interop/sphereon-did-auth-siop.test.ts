import { createHash, X509Certificate } from 'node:crypto'
import {
  OP,
  ResponseIss,
  ResponseMode,
  SupportedVersion,
  type VerifiedAuthorizationRequest,
} from '@sphereon/did-auth-siop'
import { CompactEncrypt } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { World } from '../support/world.ts'
import { startInteropWorld } from './interop-world.testing.ts'
import { collectAsPeer } from './openid4vci-wallet.testing.ts'
import { isSignedBy, readJwk, readX5cKey } from './peer-keys.testing.ts'
import { anchorOf } from './peer-organisation.testing.ts'
import { presentAsPeer } from './sd-jwt-peer.testing.ts'

/**
 * @sphereon/did-auth-siop as the wallet at our verifier. It fetches and reads the Request Object, and sends the answer; the
 * certificate, the presentations and the encryption are its user's.
 */
let world: World

beforeAll(async () => {
  world = await startInteropWorld()
})
afterAll(() => world?.close())

interface JwtToVerify {
  readonly raw: string
  readonly header: object
  readonly payload: object
}

/** What is asked of its user about a Request Object; the library itself does not compare the hash in `client_id`. */
async function verifyJwt(_verifier: unknown, { raw, header, payload }: JwtToVerify): Promise<boolean> {
  const x5c: unknown = 'x5c' in header ? header.x5c : undefined
  const key = readX5cKey(x5c, anchorOf(world, 'access_certificate'))
  const [leaf = ''] = x5c as readonly string[]
  const hash = createHash('sha256')
    .update(new X509Certificate(Buffer.from(leaf, 'base64')).raw)
    .digest('base64url')
  const at = raw.lastIndexOf('.')
  const isAuthentic = isSignedBy(raw.slice(0, at), raw.slice(at + 1), key)
  return isAuthentic && 'client_id' in payload && payload.client_id === `x509_hash:${hash}`
}

function makeWallet(): OP {
  return OP.builder()
    .withIssuer(ResponseIss.SELF_ISSUED_V2)
    .withResponseMode(ResponseMode.DIRECT_POST_JWT)
    .withHasher((data, algorithm) =>
      createHash(algorithm.replace('-', ''))
        .update(typeof data === 'string' ? data : new Uint8Array(data))
        .digest(),
    )
    .withSupportedVersions([SupportedVersion.OID4VP_v1])
    .withCreateJwtCallback(async () => {
      throw new Error('an answer without id_token needs no signature of the wallet')
    })
    .withVerifyJwtCallback(verifyJwt)
    .build()
}

async function collect(type: 'diploma' | 'werkervaring') {
  const { credentials, keys } = await collectAsPeer((await world.offer(type)).credentialOffer, { count: 1 })
  const [sdJwt = ''] = credentials
  const [key] = keys
  if (key === undefined) throw new Error('nothing was collected')
  return { sdJwt, key }
}

async function presentFor({ dcqlQuery, authorizationRequest }: VerifiedAuthorizationRequest) {
  const held = { diploma: await collect('diploma'), beroep: await collect('werkervaring') }
  const [audience, nonce] = await Promise.all([
    authorizationRequest.getMergedProperty<string>('client_id'),
    authorizationRequest.getMergedProperty<string>('nonce'),
  ])
  const presentations = Object.entries(held).map(async ([id, { sdJwt, key }]) => {
    const query = dcqlQuery?.credentials.find((one) => one.id === id)
    const paths = query && 'claims' in query ? (query.claims ?? []) : []
    const frame = Object.fromEntries(paths.map((claim) => ['path' in claim ? String(claim.path[0]) : '', true]))
    const presentation = await presentAsPeer(sdJwt, { frame, audience: audience ?? '', nonce: nonce ?? '', key })
    return [id, [presentation] satisfies [string]] as [string, [string]]
  })
  return Object.fromEntries(await Promise.all(presentations))
}

test('reads our signed request, and its encrypted answer is accepted', async () => {
  const request = await world.ask('uwv', 'uwv-inschrijving')
  const wallet = makeWallet()
  const verified = await wallet.verifyAuthorizationRequest(request.authorizationRequest)
  expect(verified.dcqlQuery?.credentials.map(({ id }) => id)).toEqual(['diploma', 'beroep', 'vak'])
  const dcqlPresentation = await presentFor(verified)
  const response = await wallet.createAuthorizationResponse(verified, { dcqlResponse: { dcqlPresentation } })
  const answer = await wallet.submitAuthorizationResponse(
    response,
    async ({ authorizationResponsePayload, clientMetadata }) => {
      const jwk = await OP.extractEncJwksFromClientMetadata(clientMetadata)
      const jwe = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(authorizationResponsePayload)))
        .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: String(jwk.kid) })
        .encrypt(readJwk(jwk))
      return { response: jwe }
    },
  )
  expect(answer.status).toBe(200)
  const { report } = await request.result()
  expect([report.verdict, report.checks.filter(({ outcome }: { outcome: string }) => outcome === 'failed')]).toEqual([
    'accepted',
    [],
  ])
})
