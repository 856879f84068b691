import { type DidResolver, didWebOf, verifyJwtVc } from '@wegwijzer/keys/did'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { describeJwtVc, JWT_VC_JSON_FORMAT, type JwtVcDescription } from '@wegwijzer/protocol/dcql'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { parseJwtVp, type UnverifiedJwtVp } from '@wegwijzer/protocol/w3c'
import type { TrustList } from '@wegwijzer/trust/trust-list'

/** A W3C presentation that has the form of one, believed in nothing yet. */
export interface ReadJwtVp {
  readonly format: typeof JWT_VC_JSON_FORMAT
  /** Id of the Credential Query that it is said to answer. */
  readonly queryId: string
  readonly vp: UnverifiedJwtVp
}

/** One whose credential was signed by the DID of a listed issuer. */
export interface VerifiedJwtVp extends ReadJwtVp {
  readonly credential: { readonly vct: string; readonly status: JsonObject | undefined }
  readonly description: JwtVcDescription
  /** Credential Issuer Identifier that the DID is made of. */
  readonly credentialIssuer: string
}

/** @throws {ProtocolError} as `parseJwtVp` */
export function readJwtVp(queryId: string, compact: string): ReadJwtVp {
  return { format: JWT_VC_JSON_FORMAT, queryId, vp: parseJwtVp(compact) }
}

/**
 * The Credential Issuer whose DID signed a credential, by the trust list.
 *
 * Looked for before the DID is resolved, so that no wallet decides what this service fetches.
 */
export function findIssuerOfDid(list: TrustList, did: string): string | undefined {
  return list.entries.flatMap(({ credentialIssuers }) => credentialIssuers).find((issuer) => isDidOf(issuer, did))
}

function isDidOf(credentialIssuer: string, did: string): boolean {
  try {
    return didWebOf(credentialIssuer) === did
  } catch {
    return false
  }
}

/**
 * The DID of the issuer signed the credential, with a key that it uses for that, and it holds today.
 *
 * Does not verify who presents it: `checkHolderBinding` does.
 *
 * @throws {ProtocolError} as `verifyJwtVc` and `describeJwtVc`
 */
export async function verifyJwtVp(
  read: ReadJwtVp,
  credentialIssuer: string,
  { resolver, now }: { readonly resolver: DidResolver; readonly now: EpochSeconds },
): Promise<VerifiedJwtVp> {
  const { credential: vc } = read.vp
  const description = describeJwtVc(vc)
  await verifyJwtVc(vc, { resolver, now })
  return { ...read, credential: { vct: description.vct, status: vc.status }, description, credentialIssuer }
}
