import type { CryptoPort } from '../crypto.ts'
import { asProtocolError } from '../errors.ts'
import { decodeUtf8 } from '../jose/jose.ts'
import { claimPathKey } from '../sd-jwt/sd-jwt.ts'
import { verifyIntegrity } from './integrity.ts'
import { type ClaimMetadata, invalidTypeMetadata, parseTypeMetadata, type TypeMetadata } from './type-metadata.ts'

/** How many types may stand behind one another. */
export const MAX_EXTENDED_TYPES = 8

/** A reference to a type, with what its document must hash to where that was promised. */
export interface TypeReference {
  readonly vct: string
  /** `vct#integrity` or `extends#integrity`. */
  readonly integrity?: string | undefined
}

/**
 * Reads the metadata of a type together with all types it extends, each verified against the integrity its referrer
 * promised, into one document that extends nothing.
 *
 * @param retrieve Finds the octets of a type's document; the caller decides where it may come from.
 * @throws {ProtocolError} `invalid_type_metadata` for a malformed document, one of another type, a circle, or a chain that is
 *   too long or contradicts itself; `invalid_integrity`; and whatever `retrieve` throws.
 * @see SD-JWT VC draft -13 §6.3 retrieving-type-metadata, §6.4 extending-type-metadata, §10.3 circular-extends
 */
export async function resolveTypeMetadata(
  reference: TypeReference,
  retrieve: (vct: string) => Promise<Uint8Array>,
  crypto: CryptoPort,
): Promise<TypeMetadata> {
  const chain: TypeMetadata[] = []
  for (let next: TypeReference | undefined = reference; next !== undefined; ) {
    if (chain.length > MAX_EXTENDED_TYPES) throw invalidTypeMetadata('too many types extend one another')
    const metadata = await retrieveOne(next, retrieve, crypto)
    chain.push(metadata)
    next = extendedType(metadata)
    if (chain.some(({ vct }) => vct === next?.vct)) throw invalidTypeMetadata('a type extends itself')
  }
  return chain.reduceRight((parent, child) => extendTypeMetadata(child, parent))
}

async function retrieveOne(
  { vct, integrity }: TypeReference,
  retrieve: (vct: string) => Promise<Uint8Array>,
  crypto: CryptoPort,
): Promise<TypeMetadata> {
  const document = await retrieve(vct)
  if (integrity !== undefined) await verifyIntegrity(document, integrity, crypto)
  const metadata = parseTypeMetadata(readText(document))
  if (metadata.vct !== vct) throw invalidTypeMetadata('the document describes another type')
  return metadata
}

function readText(document: Uint8Array): string {
  try {
    return decodeUtf8(document)
  } catch (error) {
    throw asProtocolError('invalid_type_metadata', error)
  }
}

function extendedType(metadata: TypeMetadata): TypeReference | undefined {
  return metadata.extends === undefined
    ? undefined
    : { vct: metadata.extends, integrity: metadata['extends#integrity'] }
}

/**
 * The metadata of a type that extends another: the claims of both, the child's `display` where it has one. Nothing else is
 * inherited, so a child lists its own `transaction_data_types`.
 *
 * Narrower than the specification: draft -13 lets a child's claim replace the parent's as a whole, which would undo what the
 * next section forbids to undo; members are combined here, the child's first, as drafts since -14 have it.
 *
 * @param parent Complete: what it extends itself has been added already.
 * @returns A document that extends nothing.
 * @throws {ProtocolError} `invalid_type_metadata` when the parent is not the type that the child extends, or the child
 *   loosens `sd` or `mandatory`.
 * @see SD-JWT VC draft -13 §8.2 display-metadata-extends, §9.5 claim-metadata-extends
 */
export function extendTypeMetadata(child: TypeMetadata, parent: TypeMetadata): TypeMetadata {
  if (child.extends !== parent.vct) throw invalidTypeMetadata('the child extends another type')
  const claims = new Map((parent.claims ?? []).map((claim) => [claimPathKey(claim.path), claim]))
  for (const claim of child.claims ?? []) {
    const key = claimPathKey(claim.path)
    const inherited = claims.get(key)
    claims.set(key, inherited === undefined ? claim : extendClaim(claim, inherited))
  }
  const { extends: _, 'extends#integrity': __, ...own } = child
  return { ...(parent.display && { display: parent.display }), ...own, claims: [...claims.values()] }
}

/** @see SD-JWT VC draft -13 §9.5.1 limitations-for-sd-and-mandatory */
function extendClaim(child: ClaimMetadata, parent: ClaimMetadata): ClaimMetadata {
  const isFixed = parent.sd === 'always' || parent.sd === 'never'
  if (isFixed && child.sd !== undefined && child.sd !== parent.sd) throw invalidTypeMetadata('the child changes sd')
  if (parent.mandatory && child.mandatory === false) throw invalidTypeMetadata('the child makes a claim optional')
  return { ...parent, ...child }
}
