import { nodeCrypto } from '@wegwijzer/keys/node'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { encodeBase64url, importDecryptionKey, makeEncryptionKey } from '@wegwijzer/protocol/jose'
import { wellKnownUrl } from '@wegwijzer/protocol/oauth'
import {
  type CredentialIssuerMetadata,
  credentialOfferReferenceUri,
  credentialOfferUri,
  decryptCredentialRequest,
  ENCRYPTED_MESSAGE_MEDIA_TYPE,
  encryptCredentialResponse,
  makeAuthorizationServerMetadata,
  makeCredentialIssuerMetadata,
  makeCredentialOffer,
  makeCredentialResponse,
  makeOnceOnlyPolicy,
  makeSignedMetadata,
  makeTokenResponse,
  type NotificationRequest,
  parseCredentialRequest,
  parseNotificationRequest,
  parseTokenRequest,
  readResponseEncryption,
  SIGNED_METADATA_MEDIA_TYPE,
  verifyBatchProofs,
} from '@wegwijzer/protocol/openid4vci'
import { type CredentialTypeName, credentialTypeNamed } from '@wegwijzer/schemas'
import type { Authorities, Clock, Organisation, Party } from './authorities.ts'
import { type CopyToSign, makeCopy, signCopy } from './copy.ts'
import { makeDpopGate } from './dpop-gate.ts'
import { type Answer, json, type LocalServer, listen, NOT_FOUND, type Received, type Replacing } from './http-server.ts'
import { makeStatusHost } from './status-host.ts'

export type IssuerEndpoint =
  | 'offer'
  | 'metadata'
  | 'server_metadata'
  | 'token'
  | 'nonce'
  | 'credential'
  | 'notification'
  | 'status_list'

/** What this issuer does wrong. */
export interface IssuerChanges {
  readonly metadata?: (metadata: CredentialIssuerMetadata) => object
  /** Signs its metadata, for who asks for that; by another party, or of another time, where it says so. */
  readonly signs?: { readonly party?: Party; readonly issuedAt?: EpochSeconds; readonly expiresAt?: EpochSeconds }
  /** Knows nothing of encryption, as many issuers do. */
  readonly encrypts?: false
  /** What it answers to an encrypted request, instead of an encrypted response. */
  readonly encrypted?: (response: string, jwe: string) => Answer
  /** Before a copy is signed. */
  readonly copy?: (copy: CopyToSign, at: number) => CopyToSign
  /** After the copies are signed. */
  readonly copies?: (sdJwts: readonly string[]) => readonly string[]
  /** Over what an endpoint answers. */
  readonly answers?: Partial<Record<IssuerEndpoint, Replacing>>
}

export interface IssuerOptions {
  readonly authorities: Authorities
  readonly clock: Clock
  readonly organisation: Organisation
  readonly types: readonly CredentialTypeName[]
  readonly batchSize?: number
}

export interface OfferOptions {
  readonly type?: CredentialTypeName
  readonly by?: 'value' | 'reference'
  /** The code that the worker must type. */
  readonly txCode?: string
  /** Instead of the type's example. */
  readonly claims?: Readonly<Record<string, unknown>>
}

export interface TestIssuer extends Pick<LocalServer, 'received' | 'faults' | 'close'> {
  readonly credentialIssuer: string
  readonly organisation: Organisation
  readonly types: readonly CredentialTypeName[]
  /** From now on it does this wrong, and nothing else. */
  readonly change: (changes: IssuerChanges) => void
  /** A link with an offer. */
  readonly offer: (options?: OfferOptions) => string
  readonly notifications: NotificationRequest[]
  /** How often a wallet came to this endpoint. */
  readonly visits: (endpoint: IssuerEndpoint) => number
  /** @param latest Of so many of the newest copies only; of all where absent. */
  readonly setStatus: (status: 'valid' | 'invalid' | 'suspended', latest?: number) => void
}

interface Offer {
  readonly type: CredentialTypeName
  readonly txCode: string | undefined
  readonly claims: Readonly<Record<string, unknown>>
}

/** A small Credential Issuer made of the protocol's own functions: pre-authorized code, DPoP with nonces, batches, status. */
export async function startIssuer(options: IssuerOptions): Promise<TestIssuer> {
  const { authorities, clock, organisation, types, batchSize = 20 } = options
  let changes: IssuerChanges = {}
  const offers = new Map<string, Offer>()
  const codes = new Map<string, Offer>()
  const tokens = new Map<string, { readonly offer: Offer; readonly thumbprint: string }>()
  const nonces = new Set<string>()
  const statusIndexes: number[] = []
  const notifications: NotificationRequest[] = []
  const random = () => encodeBase64url(nodeCrypto.randomBytes(16))

  const server = await listen(async (received) => {
    const name = endpointAt(received.path)
    if (name === undefined) return NOT_FOUND
    const answer = await handlers[name](received)
    return changes.answers?.[name]?.(answer) ?? answer
  })
  const credentialIssuer = `${server.url}/${organisation.organisation}`
  const at = (path: string) => `${credentialIssuer}/${path}`
  const wellKnown = (name: 'openid-credential-issuer' | 'oauth-authorization-server') =>
    new URL(wellKnownUrl(credentialIssuer, name, { allowHttp: true })).pathname
  const paths: Readonly<Record<IssuerEndpoint, string>> = {
    offer: `/${organisation.organisation}/offers/`,
    metadata: wellKnown('openid-credential-issuer'),
    server_metadata: wellKnown('oauth-authorization-server'),
    token: `/${organisation.organisation}/token`,
    nonce: `/${organisation.organisation}/nonce`,
    credential: `/${organisation.organisation}/credential`,
    notification: `/${organisation.organisation}/notification`,
    status_list: `/${organisation.organisation}/status-lists/1`,
  }
  const endpointAt = (path: string) =>
    (Object.keys(paths) as IssuerEndpoint[]).find((name) =>
      name === 'offer' ? path.startsWith(paths.offer) : path === paths[name],
    )
  const party = await authorities.certify('credential_issuer', organisation, { url: credentialIssuer })
  const encryptionKey = await makeEncryptionKey()
  const decryptionKey = await importDecryptionKey(encryptionKey.privateJwk)
  const status = makeStatusHost(
    at('status-lists/1'),
    await authorities.certify('status_list', organisation, { url: credentialIssuer }),
    clock,
  )
  const checkDpop = makeDpopGate(clock)

  const handlers: Readonly<Record<IssuerEndpoint, (received: Received) => Promise<Answer>>> = {
    async offer({ path }) {
      const offer = offers.get(path.slice(paths.offer.length))
      return offer === undefined ? NOT_FOUND : json(makeOffer(path.slice(paths.offer.length), offer))
    },
    async metadata({ headers }) {
      const metadata = makeCredentialIssuerMetadata({
        credentialIssuer,
        credentialEndpoint: at('credential'),
        nonceEndpoint: at('nonce'),
        notificationEndpoint: at('notification'),
        batchSize,
        display: [{ name: organisation.name, locale: 'nl-NL' }],
        credentials: Object.fromEntries(
          types.map((type) => [
            type,
            {
              vct: credentialTypeNamed(type).vct,
              scope: type,
              display: [],
              claims: [],
              reusePolicy: makeOnceOnlyPolicy(batchSize, 1),
            } as const,
          ]),
        ),
        ...(changes.encrypts !== false && { encryption: { keys: [encryptionKey.publicJwk], isRequired: false } }),
      })
      const { signs } = changes
      if (signs === undefined || !headers.accept?.includes(SIGNED_METADATA_MEDIA_TYPE)) {
        return json(changes.metadata?.(metadata) ?? metadata)
      }
      const { issuedAt = clock.now, expiresAt = clock.now + 600 } = signs
      const { signer, x5c } = signs.party ?? party
      const signed = { ...metadata, ...changes.metadata?.(metadata) }
      const body = await makeSignedMetadata(signed, { issuedAt, expiresAt, signer, x5c })
      return { status: 200, type: SIGNED_METADATA_MEDIA_TYPE, body }
    },
    server_metadata: async () =>
      json(makeAuthorizationServerMetadata({ issuer: credentialIssuer, tokenEndpoint: at('token'), scopes: types })),
    async token(received) {
      const proof = await checkDpop(received, at('token'))
      if ('status' in proof) return proof
      const form = Object.fromEntries(new URLSearchParams(received.body))
      const { preAuthorizedCode, txCode } = parseTokenRequest(form)
      const offer = codes.get(preAuthorizedCode)
      if (offer === undefined || offer.txCode !== txCode)
        throw new ProtocolError('invalid_grant', 'the code is not good')
      codes.delete(preAuthorizedCode)
      const accessToken = random()
      tokens.set(accessToken, { offer, thumbprint: proof.thumbprint })
      return json(makeTokenResponse({ accessToken, expiresInSeconds: 600 }))
    },
    async nonce() {
      const nonce = random()
      nonces.add(nonce)
      return json({ c_nonce: nonce })
    },
    async credential(received) {
      const proof = await checkDpop(received, at('credential'))
      if ('status' in proof) return proof
      const token = tokens.get(proof.accessToken ?? '')
      if (token?.thumbprint !== proof.thumbprint)
        throw new ProtocolError('invalid_token', 'the token is not of this key')
      const isEncrypted = received.headers['content-type'] === ENCRYPTED_MESSAGE_MEDIA_TYPE
      const request = isEncrypted
        ? await decryptCredentialRequest(received.body, [decryptionKey])
        : JSON.parse(received.body)
      const { proofs, credential_response_encryption: wanted } = parseCredentialRequest(request, batchSize)
      const encryption = wanted === undefined ? undefined : await readResponseEncryption(wanted, isEncrypted)
      const { publicJwks, nonces: used } = await verifyBatchProofs(proofs.jwt, {
        audience: credentialIssuer,
        now: clock.now,
        crypto: nodeCrypto,
      })
      if (!used.every((nonce) => nonces.delete(nonce))) throw new ProtocolError('invalid_nonce', 'the nonce is spent')
      const toSign = publicJwks.map((jwk, index) => {
        const statusIndex = status.allocate()
        statusIndexes.push(statusIndex)
        const reference = { idx: statusIndex, uri: at('status-lists/1') }
        const copy = makeCopy({ ...token.offer, credentialIssuer, jwk, reference, party, now: clock.now })
        return changes.copy?.(copy, index) ?? copy
      })
      const sdJwts = await Promise.all(toSign.map(signCopy))
      const response = makeCredentialResponse(changes.copies?.(sdJwts) ?? sdJwts, random())
      if (encryption === undefined) return json(response)
      const jwe = await encryptCredentialResponse(response, encryption)
      const encrypted = { status: 200, type: ENCRYPTED_MESSAGE_MEDIA_TYPE, body: jwe }
      return changes.encrypted?.(JSON.stringify(response), jwe) ?? encrypted
    },
    async notification(received) {
      const proof = await checkDpop(received, at('notification'))
      if ('status' in proof) return proof
      notifications.push(parseNotificationRequest(JSON.parse(received.body)))
      return { status: 204 }
    },
    status_list: status.serve,
  }

  const makeOffer = (code: string, { type, txCode }: Offer) =>
    makeCredentialOffer({
      credentialIssuer,
      credentialConfigurationIds: [type],
      preAuthorizedCode: code,
      ...(txCode !== undefined && { txCode: { input_mode: 'numeric', length: txCode.length } }),
    })

  return {
    ...server,
    credentialIssuer,
    organisation,
    types,
    notifications,
    change: (next) => {
      changes = next
    },
    offer({ type = types[0] ?? 'diploma', by = 'value', txCode, claims } = {}) {
      const code = random()
      const offer = { type, txCode, claims: claims ?? credentialTypeNamed(type).example }
      offers.set(code, offer)
      codes.set(code, offer)
      return by === 'value'
        ? credentialOfferUri(makeOffer(code, offer))
        : credentialOfferReferenceUri(`${server.url}${paths.offer}${code}`)
    },
    visits: (endpoint) => server.received.filter(({ path }) => endpointAt(path) === endpoint).length,
    setStatus: (next, latest = statusIndexes.length) => {
      for (const index of statusIndexes.slice(-latest)) status.set(index, next)
    },
  }
}
