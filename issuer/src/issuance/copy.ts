import { nodeCrypto } from '@wegwijzer/keys/node'
import type { EpochSeconds, PublicJwk } from '@wegwijzer/protocol/crypto'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { makeSdJwt, NEVER_DISCLOSABLE_CLAIMS } from '@wegwijzer/protocol/sd-jwt'
import { SD_JWT_VC_TYPE, selectivelyDisclosablePaths, type TypeMetadata } from '@wegwijzer/protocol/sd-jwt-vc'
import type { CertifiedSigner, IssuableType, IssuingOrganisation } from '../organisation/organisations.ts'
import type { CopyStatus } from '../status/index-leases.ts'
import { statusListUri } from '../status/signed-lists.ts'

export interface CopyToMake {
  readonly claims: JsonObject
  readonly holderKey: PublicJwk
  readonly status: CopyStatus | undefined
  readonly issuedAt: EpochSeconds
  readonly expiresAt: EpochSeconds
}

const SECONDS_PER_HOUR = 3600
const SECONDS_PER_DAY = 86_400

/**
 * When a credential that is issued now ends: never after its term, nor after the certificate that signs it, with which it
 * could not be verified any more; and rounded, so that the second does not tell two persons of one class apart.
 *
 * @throws {Error} when the certificate ends too soon to sign with it.
 */
export function expiryOf(
  { validDays }: Pick<IssuableType, 'validDays'>,
  { notAfter }: Pick<CertifiedSigner, 'notAfter'>,
  now: EpochSeconds,
): EpochSeconds {
  const expiresAt = floorTo(
    Math.min(now + validDays * SECONDS_PER_DAY, notAfter),
    validDays === 1 ? SECONDS_PER_HOUR : SECONDS_PER_DAY,
  )
  if (expiresAt <= now) throw new Error('the certificate of an organisation ends too soon to issue with it')
  return expiresAt
}

/**
 * Signs one copy of a credential: the claims, one key, one status index.
 *
 * `iat` is midnight, and the number of digests is that of all claims the type knows, whichever of them a person has: copies
 * and persons differ in what is disclosed and in nothing else.
 *
 * @see SD-JWT VC draft -13 §3.2.2.2 claims
 */
export async function makeCopy(
  { credentialIssuer, signerFor }: IssuingOrganisation,
  { credentialType, metadata }: IssuableType,
  { claims, holderKey, status, issuedAt, expiresAt }: CopyToMake,
): Promise<string> {
  const { signer, x5c } = signerFor('credential')
  return makeSdJwt({
    header: { typ: SD_JWT_VC_TYPE, x5c },
    claims: {
      ...claims,
      iss: credentialIssuer,
      iat: midnightOf(issuedAt),
      exp: expiresAt,
      vct: credentialType.vct,
      'vct#integrity': credentialType.typeMetadataIntegrity,
      cnf: { jwk: { ...holderKey } },
      ...(status && {
        status: { status_list: { idx: status.index, uri: statusListUri(credentialIssuer, status.listId) } },
      }),
    },
    selectivelyDisclosable: selectivelyDisclosablePaths(metadata, claims),
    decoyCount: absentClaims(metadata, claims),
    signer,
    crypto: nodeCrypto,
  })
}

/** When a copy says that it was issued. */
export function midnightOf(issuedAt: EpochSeconds): EpochSeconds {
  return floorTo(issuedAt, SECONDS_PER_DAY)
}

/** How many claims the type has at the top level that could have been here, disclosable, and are not. */
function absentClaims({ claims: known = [] }: TypeMetadata, claims: JsonObject): number {
  return known.filter(({ path, sd }) => {
    const [name] = path
    return (
      path.length === 1 &&
      sd !== 'never' &&
      typeof name === 'string' &&
      !NEVER_DISCLOSABLE_CLAIMS.has(name) &&
      !Object.hasOwn(claims, name)
    )
  }).length
}

function floorTo(at: EpochSeconds, unit: number): EpochSeconds {
  return Math.floor(at / unit) * unit
}
