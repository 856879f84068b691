import { OutboundError, type OutboundFetch } from '@wegwijzer/outbound'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { decodeUtf8 } from '@wegwijzer/protocol/jose'
import { didJwkKeyUrl, isDidJwk, parseDidJwk } from '@wegwijzer/protocol/w3c'
import { DID_DOCUMENT_MEDIA_TYPE, parseDidDocument, type ResolvedDid } from './did-document.ts'
import { didWebDocumentUrl, isDidWeb, isThisMachine } from './did-web.ts'

export interface DidResolver {
  /**
   * @throws {ProtocolError} `invalid_did`, `did_method_not_supported`, `invalid_did_document`, and `did_unavailable` for what
   *   could not be had, which is no verdict on anybody.
   */
  resolve(did: string): Promise<ResolvedDid>
}

export interface DidResolverOptions {
  /** The only way out: bounded in address, size and time. */
  readonly fetch: OutboundFetch
  readonly now: () => EpochSeconds
  /** Only in development: a DID of this machine is looked for over `http:` first. */
  readonly allowHttp: boolean
  /** How long a document is used before it is fetched again. */
  readonly maxAgeSeconds?: number
}

/** The media types of a document; `application/json` is what a plain file server says. */
const MEDIA_TYPES = [DID_DOCUMENT_MEDIA_TYPE, 'application/did+ld+json', 'application/json'] as const
const MAX_DOCUMENT_BYTES = 100_000
const TIMEOUT_MS = 5_000
const MAX_AGE_SECONDS = 60
const MAX_REMEMBERED = 200

interface Remembered {
  readonly document: Promise<ResolvedDid>
  readonly at: EpochSeconds
}

/**
 * Resolves `did:jwk`, which is its own document, and `did:web`, whose document is fetched.
 *
 * Does not know whom to believe: ask it for DIDs of parties that something else vouches for, so that no stranger decides
 * what is fetched.
 *
 * Narrower than the methods: no other method; no DID parameters; documents are remembered for a minute, failures not at all.
 */
export function createDidResolver(options: DidResolverOptions): DidResolver {
  const { now, maxAgeSeconds = MAX_AGE_SECONDS } = options
  const remembered = new Map<string, Remembered>()
  return {
    async resolve(did) {
      if (isDidJwk(did)) return resolveDidJwk(did)
      if (!isDidWeb(did)) throw new ProtocolError('did_method_not_supported', 'only did:web and did:jwk are known here')
      const at = now()
      const known = remembered.get(did)
      if (known !== undefined && known.at <= at && at < known.at + maxAgeSeconds) return known.document
      const document = fetchDocument(did, options)
      remembered.delete(did)
      remembered.set(did, { document, at })
      const [oldest] = remembered.keys()
      if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest)
      document.catch(() => {
        if (remembered.get(did)?.document === document) remembered.delete(did)
      })
      return document
    },
  }
}

/** Its one key is for every use; `parseDidJwk` has refused one for encryption. */
function resolveDidJwk(did: string): ResolvedDid {
  const methods = [{ id: didJwkKeyUrl(did), publicJwk: parseDidJwk(did) }]
  return { did, assertionMethod: methods, authentication: methods }
}

async function fetchDocument(did: string, { fetch, allowHttp }: DidResolverOptions): Promise<ResolvedDid> {
  if (allowHttp && isThisMachine(did)) {
    const plain = await fetchText(didWebDocumentUrl(did, 'http'), fetch).catch(whenUnavailable)
    if (plain !== undefined) return parseDidDocument(plain, did)
  }
  return parseDidDocument(await fetchText(didWebDocumentUrl(did), fetch), did)
}

/** In development too a program may speak https. */
function whenUnavailable(error: unknown): undefined {
  if (error instanceof ProtocolError && error.code === 'did_unavailable') return undefined
  throw error
}

async function fetchText(url: string, fetch: OutboundFetch): Promise<string> {
  const answer = await fetch({ url, accept: MEDIA_TYPES, maxBytes: MAX_DOCUMENT_BYTES, timeoutMs: TIMEOUT_MS }).catch(
    (error: unknown) => {
      if (!(error instanceof OutboundError)) throw error
      const isOutage = error.reason === 'unreachable' || error.reason === 'timeout'
      throw new ProtocolError(isOutage ? 'did_unavailable' : 'invalid_did_document', error.message, { cause: error })
    },
  )
  if (answer.status !== 200)
    throw new ProtocolError('did_unavailable', `the document is answered with ${answer.status}`)
  return decodeDocument(answer.body)
}

function decodeDocument(body: Uint8Array): string {
  try {
    return decodeUtf8(body)
  } catch (cause) {
    throw new ProtocolError('invalid_did_document', 'the document is not text', { cause })
  }
}
