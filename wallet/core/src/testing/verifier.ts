import { nodeCrypto } from '@wegwijzer/keys/node'
import type { DcqlQuery } from '@wegwijzer/protocol/dcql'
import { encodeBase64url, makeJwt, parseJws, readClaims } from '@wegwijzer/protocol/jose'
import type { JsonObject } from '@wegwijzer/protocol/json'
import type { VerifierInfo } from '@wegwijzer/protocol/openid4vp'
import {
  type AuthorizationResponse,
  decryptResponse,
  makeAuthorizationRequestUri,
  makeClientMetadata,
  makeRequestObject,
  makeResponseEncryptionKey,
  makeX509HashClientId,
  type PrivateResponseKey,
  parseDirectPostBody,
  parseRequestUriBody,
  REQUEST_OBJECT_MEDIA_TYPE,
  type RequestUriMethod,
} from '@wegwijzer/protocol/openid4vp'
import { makeVerifierInfo, type RegistrationContent } from '@wegwijzer/trust/registration'
import type { Authorities, Clock, Organisation, Party } from './authorities.ts'
import { type Answer, json, type LocalServer, listen, NOT_FOUND, type Received, type Replacing } from './http-server.ts'
import { type RegistrationChanges, registrationContent } from './registration-content.ts'
import type { Registry } from './registry.ts'

/** What this verifier does wrong in one request. */
export interface RequestChanges extends RegistrationChanges {
  /** Of the Request Object, before it is signed. */
  readonly claims?: (claims: JsonObject, asked: { readonly walletNonce: string | undefined }) => JsonObject
  readonly header?: (header: JsonObject) => JsonObject
  /** Signs with this key and certificate instead of its own. */
  readonly party?: Party
  /** `client_id` of the link. */
  readonly clientId?: string
  /** The whole Request Object, after it is signed. */
  readonly requestObject?: (compact: string) => string
  readonly verifierInfo?: (verifierInfo: readonly VerifierInfo[]) => readonly VerifierInfo[] | undefined
  readonly answers?: Partial<Record<'request' | 'response', Replacing>>
}

export interface RequestOptions {
  readonly dcql: DcqlQuery
  /** What is registered; what is asked where absent. */
  readonly registered?: DcqlQuery
  readonly method?: RequestUriMethod
  /** Where the worker goes on. */
  readonly redirectUri?: string
  readonly change?: RequestChanges
}

export interface TestVerifier extends Pick<LocalServer, 'received' | 'faults' | 'close'> {
  readonly url: string
  readonly organisation: Organisation
  /** Its access key and certificate. */
  readonly party: Party
  /** A link that asks this. */
  readonly ask: (options: RequestOptions) => Promise<string>
  /** What wallets answered, decrypted. */
  readonly answers: AuthorizationResponse[]
  /** The bodies that wallets posted to a `response_uri`. */
  readonly posted: () => readonly Received[]
}

interface Asked extends RequestOptions {
  readonly nonce: string
  readonly privateJwk: PrivateResponseKey
  readonly clientMetadata: JsonObject
  readonly verifierInfo: readonly VerifierInfo[]
}

export interface VerifierOptions {
  readonly authorities: Authorities
  readonly clock: Clock
  readonly organisation: Organisation
  readonly registry: Registry
  readonly isPublicBody: boolean
}

/** A small Verifier made of the protocol's own functions: signed requests by GET and POST, encrypted answers. */
export async function startVerifier(options: VerifierOptions): Promise<TestVerifier> {
  const { authorities, clock, organisation, registry, isPublicBody } = options
  const requests = new Map<string, Asked>()
  const answers: AuthorizationResponse[] = []

  const server = await listen(async (received) => {
    const [, , what, id = ''] = received.path.split('/')
    const asked = requests.get(id)
    if (asked === undefined || (what !== 'request' && what !== 'response')) return NOT_FOUND
    const answer = what === 'request' ? await serve(id, asked, received) : await take(asked, received)
    return asked.change?.answers?.[what]?.(answer) ?? answer
  })
  const url = `${server.url}/${organisation.organisation}`
  const party = await authorities.certify('access_certificate', organisation, { url })
  const clientId = await makeX509HashClientId(party.leaf.der, nodeCrypto)

  async function serve(id: string, asked: Asked, { method, body }: Received): Promise<Answer> {
    const walletNonce = method === 'POST' ? parseRequestUriBody(body).walletNonce : undefined
    const signedBy = asked.change?.party ?? party
    const signed = await makeRequestObject(
      {
        clientId,
        responseUri: `${url}/response/${id}`,
        nonce: asked.nonce,
        state: `state-${id}`,
        dcqlQuery: asked.dcql,
        clientMetadata: asked.clientMetadata,
        verifierInfo: asked.verifierInfo,
        ...(walletNonce !== undefined && { walletNonce }),
        issuedAt: clock.now,
        expiresAt: clock.now + 300,
      },
      signedBy.signer,
      signedBy.x5c,
    )
    return {
      status: 200,
      type: REQUEST_OBJECT_MEDIA_TYPE,
      body: await changeRequest(signed, asked, signedBy, walletNonce),
    }
  }

  async function take({ privateJwk, redirectUri }: Asked, { body }: Received): Promise<Answer> {
    const post = parseDirectPostBody(body)
    answers.push('response' in post ? await decryptResponse(post.response, privateJwk) : post)
    return json(redirectUri === undefined ? {} : { redirect_uri: redirectUri })
  }

  return {
    ...server,
    url,
    organisation,
    party,
    answers,
    posted: () => server.received.filter(({ path }) => path.includes('/response/')),
    async ask(request) {
      const id = encodeBase64url(nodeCrypto.randomBytes(12))
      const { publicJwk, privateJwk } = await makeResponseEncryptionKey()
      const { change = {}, method: requestUriMethod = 'post', dcql, registered = dcql } = request
      const content = registrationContent({
        organisation,
        url,
        isPublicBody,
        registryUrl: registry.url,
        dcql: registered,
      })
      requests.set(id, {
        ...request,
        nonce: encodeBase64url(nodeCrypto.randomBytes(16)),
        privateJwk,
        clientMetadata: makeClientMetadata(publicJwk),
        verifierInfo: await attest(registry, content, change),
      })
      return makeAuthorizationRequestUri('openid4vp://', {
        clientId: change.clientId ?? clientId,
        requestUri: `${url}/request/${id}`,
        requestUriMethod,
      })
    },
  }
}

async function attest(
  registry: Registry,
  content: RegistrationContent,
  change: RequestChanges,
): Promise<readonly VerifierInfo[]> {
  const certificate = await registry.certify(content, change)
  return makeVerifierInfo(certificate, content) as readonly VerifierInfo[]
}

/** The Request Object with the changes of its test, signed again. */
async function changeRequest(
  signed: string,
  { change = {}, verifierInfo }: Asked,
  { signer }: Party,
  walletNonce: string | undefined,
): Promise<string> {
  const jws = parseJws(signed)
  const { verifier_info: _replaced, ...rest } = readClaims(jws)
  const info = change.verifierInfo === undefined ? verifierInfo : change.verifierInfo(verifierInfo)
  const claims: JsonObject = { ...rest, ...(info !== undefined && { verifier_info: [...info] }) }
  const header = change.header?.(jws.header) ?? jws.header
  const compact = await makeJwt(header, change.claims?.(claims, { walletNonce }) ?? claims, signer)
  return change.requestObject?.(compact) ?? compact
}
