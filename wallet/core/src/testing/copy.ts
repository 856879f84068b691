import { nodeCrypto } from '@wegwijzer/keys/node'
import type { EpochSeconds, PublicJwk } from '@wegwijzer/protocol/crypto'
import { isJsonObject, type JsonObject } from '@wegwijzer/protocol/json'
import { type ClaimPath, makeSdJwt } from '@wegwijzer/protocol/sd-jwt'
import { parseTypeMetadata, SD_JWT_VC_TYPE, selectivelyDisclosablePaths } from '@wegwijzer/protocol/sd-jwt-vc'
import { type CredentialTypeName, credentialTypeNamed } from '@wegwijzer/schemas'
import { DAY, type Party } from './authorities.ts'

/** One copy of a credential, before it is signed: the place where a test breaks it. */
export interface CopyToSign {
  readonly claims: JsonObject
  readonly selectivelyDisclosable: readonly ClaimPath[]
  readonly party: Party
}

export interface CopyContent {
  readonly type: CredentialTypeName
  readonly claims: Readonly<Record<string, unknown>>
  readonly credentialIssuer: string
  readonly jwk: PublicJwk
  readonly reference: { readonly idx: number; readonly uri: string }
  readonly party: Party
  readonly now: EpochSeconds
}

export function makeCopy({ type, claims, credentialIssuer, jwk, reference, party, now }: CopyContent): CopyToSign {
  const { vct, typeMetadataIntegrity, typeMetadataText } = credentialTypeNamed(type)
  const stated: unknown = structuredClone(claims)
  if (!isJsonObject(stated)) throw new Error('claims are an object')
  return {
    claims: {
      ...stated,
      vct,
      'vct#integrity': typeMetadataIntegrity,
      iss: credentialIssuer,
      iat: now - (now % DAY),
      exp: now + 365 * DAY,
      cnf: { jwk: { ...jwk } },
      status: { status_list: reference },
    },
    selectivelyDisclosable: selectivelyDisclosablePaths(parseTypeMetadata(typeMetadataText), stated),
    party,
  }
}

export function signCopy({ claims, selectivelyDisclosable, party }: CopyToSign): Promise<string> {
  return makeSdJwt({
    header: { typ: SD_JWT_VC_TYPE, x5c: party.x5c },
    claims,
    selectivelyDisclosable,
    decoyCount: 3,
    signer: party.signer,
    crypto: nodeCrypto,
  })
}
