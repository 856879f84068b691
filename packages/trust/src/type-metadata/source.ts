import type { OutboundFetch } from '@wegwijzer/outbound'
import type { CryptoPort } from '@wegwijzer/protocol/crypto'
import { ProtocolError, rejectAs } from '@wegwijzer/protocol/errors'
import { decodeUtf8 } from '@wegwijzer/protocol/jose'
import {
  parseTypeMetadata,
  resolveTypeMetadata,
  type TypeMetadata,
  verifyIntegrity,
} from '@wegwijzer/protocol/sd-jwt-vc'
import { makeBoundedMap } from '../bounded-map.ts'

/** Where the document of a type is served, and what it must hash to. */
export interface TypeLocation {
  readonly uri: string
  /** The value of `vct#integrity` or `extends#integrity`. */
  readonly integrity: string
}

export interface TypeMetadataSourceOptions {
  readonly fetch: OutboundFetch
  readonly crypto: CryptoPort
  /** Finds a type that another one extends, such as in the trust list; what it does not know is sought at its own URL. */
  readonly locate?: (vct: string) => TypeLocation | undefined
  /** Types that are kept, with all they extend. */
  readonly maxTypes?: number
}

export interface TypeMetadataSource {
  /**
   * Reads the metadata of a type, with that of all types it extends merged into it.
   *
   * @param vct As in the credential or the trust list: the document must be about exactly this type.
   * @param uri Where the trust list says it is served.
   * @param integrity What the document must hash to: `vct#integrity` of the credential, or the trust list's.
   * @returns A document that extends nothing.
   * @throws {ProtocolError} `type_metadata_unavailable` when a document cannot be had or is too large; `invalid_integrity`
   *   when it is not the one that was promised; `invalid_type_metadata` when it is malformed, about another type, or
   *   extends what it may not.
   */
  read(vct: string, uri: string, integrity: string): Promise<TypeMetadata>
}

const MAX_DOCUMENT_BYTES = 256 * 1024
const DEFAULT_MAX_TYPES = 200

/**
 * Fetches type metadata once: with an integrity a document cannot change, so what was read is kept without an age.
 *
 * Does not say who may issue the type, and does not fetch logos or templates that a document names.
 *
 * Narrower than the specification: every document has an integrity, so a type that extends another without
 * `extends#integrity` is refused, unless `locate` knows the other; a document is read as UTF-8 JSON of at most 256 KiB.
 *
 * @see SD-JWT VC draft -13 §6.3 retrieving-type-metadata, §6.3.4 retrieval-from-local-cache, §7 document-integrity,
 *   §10.4 robust-retrieval
 */
export function createTypeMetadataSource(options: TypeMetadataSourceOptions): TypeMetadataSource {
  const { crypto, maxTypes = DEFAULT_MAX_TYPES } = options
  const kept = makeBoundedMap<TypeMetadata>({ maxEntries: maxTypes })
  const pending = new Map<string, Promise<TypeMetadata>>()

  async function resolve(vct: string, location: TypeLocation): Promise<TypeMetadata> {
    const retrieve = makeRetrieval(vct, location, options)
    return resolveTypeMetadata({ vct, integrity: location.integrity }, retrieve, crypto)
  }

  return {
    async read(vct, uri, integrity) {
      const document = JSON.stringify([vct, integrity])
      const known = kept.get(document)
      if (known !== undefined) return known
      // One fetch serves all who ask at the same time, but nobody waits for an address that another one named.
      const running = JSON.stringify([document, uri])
      const started = pending.get(running) ?? resolve(vct, { uri, integrity }).finally(() => pending.delete(running))
      pending.set(running, started)
      const metadata = await started
      kept.set(document, metadata)
      return metadata
    },
  }
}

/** One walk from a type to those it extends, of which each document says where the next one's integrity is. */
function makeRetrieval(vct: string, first: TypeLocation, { fetch, crypto, locate }: TypeMetadataSourceOptions) {
  let extending: Uint8Array | undefined
  return async (wanted: string): Promise<Uint8Array> => {
    const location =
      extending === undefined && wanted === vct ? first : (locate?.(wanted) ?? atItsUrl(wanted, extending))
    const document = await fetchDocument(location.uri, fetch)
    await verifyIntegrity(document, location.integrity, crypto)
    extending = document
    return document
  }
}

/** @see SD-JWT VC draft -13 §6.3.1 retrieval-from-vct-claim */
function atItsUrl(vct: string, extending: Uint8Array | undefined): TypeLocation {
  const integrity = extending && parseTypeMetadata(decodeUtf8(extending))['extends#integrity']
  if (integrity === undefined)
    throw new ProtocolError('invalid_type_metadata', 'a type is extended without an integrity')
  if (!URL.canParse(vct)) throw new ProtocolError('invalid_type_metadata', 'a type is extended that cannot be found')
  return { uri: vct, integrity }
}

async function fetchDocument(url: string, fetch: OutboundFetch): Promise<Uint8Array> {
  const request = { url, accept: ['application/json'], maxBytes: MAX_DOCUMENT_BYTES }
  const response = await rejectAs('type_metadata_unavailable', () => fetch(request))
  if (response.status !== 200) throw new ProtocolError('type_metadata_unavailable', 'the document was not served')
  return response.body
}
