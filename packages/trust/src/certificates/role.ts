import { type Certificate, type TrustRole, type ValidPath, validatePath, x509Hash } from '@wegwijzer/keys/x509'
import type { CryptoPort, EpochSeconds } from '@wegwijzer/protocol/crypto'
import { makeBoundedMap } from '../bounded-map.ts'
import { anchorsFor, type TrustList } from '../trust-list/trust-list.ts'

export interface RoleContext {
  readonly now: EpochSeconds
  readonly crypto: CryptoPort
}

/** As `validateForRole`, over a memory of its own. */
export type ChainValidator = (
  list: TrustList,
  role: TrustRole,
  chain: readonly Certificate[],
  now: EpochSeconds,
) => Promise<ValidPath>

/**
 * Establishes that the leaf of a chain was certified in this role. Anchors of other roles are not looked at, so that a
 * certificate of one role is worth nothing in another.
 *
 * Does not establish which party it must be: compare `leaf.subject.organizationIdentifier` or `leaf.sanUris`.
 *
 * @param chain Leaf first, without the anchor, as `parseX5c` returns it.
 * @throws {ProtocolError} `untrusted_certificate`, `invalid_certificate`, `expired_certificate`
 */
export function validateForRole(
  list: TrustList,
  role: TrustRole,
  chain: readonly Certificate[],
  { now, crypto }: RoleContext,
): Promise<ValidPath> {
  return validatePath(chain, anchorsFor(list, role), { now, crypto })
}

/**
 * Remembers chains that were valid: a path costs a signature per certificate, and an issuer shows the same one in every
 * credential.
 *
 * What it remembers counts for the very anchors it was established with, so that a new trust list is asked again, and
 * until the first certificate involved ends. Chains that are refused are not remembered.
 */
export function createChainValidator(crypto: CryptoPort, maxChains = 1000): ChainValidator {
  const known = makeBoundedMap<KnownChain>({ maxEntries: maxChains })
  // Who keeps a chain, as the source of statuses does beside a list, shows the very same one again at every check.
  const hashesOf = new WeakMap<readonly Certificate[], string>()
  return async (list, role, chain, now) => {
    const anchors = anchorsFor(list, role)
    const hashes = hashesOf.get(chain) ?? (await hashChain(chain, crypto))
    hashesOf.set(chain, hashes)
    const key = `${role} ${hashes}`
    const found = known.get(key)
    if (found !== undefined && found.anchors === anchors && found.from <= now && now <= found.until) return found.path
    const path = await validateForRole(list, role, chain, { now, crypto })
    known.set(key, { path, anchors, from: now, until: firstEnd([...chain, ...anchors], now) })
    return path
  }
}

async function hashChain(chain: readonly Certificate[], crypto: CryptoPort): Promise<string> {
  return (await Promise.all(chain.map(({ der }) => x509Hash(der, crypto)))).join(' ')
}

interface KnownChain {
  readonly path: ValidPath
  readonly anchors: readonly Certificate[]
  readonly from: EpochSeconds
  readonly until: EpochSeconds
}

/** When the first of these that still holds stops to. */
function firstEnd(certificates: readonly Certificate[], now: EpochSeconds): EpochSeconds {
  return Math.min(...certificates.map(({ notAfter }) => notAfter).filter((notAfter) => notAfter >= now))
}
