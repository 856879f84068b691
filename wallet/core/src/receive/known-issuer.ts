import {
  findCredentialIssuer,
  findIssuableType,
  type IssuableType,
  type TrustList,
  type TrustListEntry,
} from '@wegwijzer/trust/trust-list'
import type { KnownIssuer } from '../holdings/held-credential.ts'
import { WalletError } from '../wallet-error.ts'

/** @throws {WalletError} `not_trusted` with `issuer_unknown` */
export function findIssuer(list: TrustList, credentialIssuer: string): TrustListEntry {
  const entry = findCredentialIssuer(list, credentialIssuer)
  if (entry === undefined)
    throw new WalletError('not_trusted', 'issuer_unknown', 'the trust list does not know the issuer')
  return entry
}

/** @throws {WalletError} `not_trusted` with `type_not_allowed` */
export function checkMayIssue(entry: TrustListEntry, vct: string): IssuableType {
  const type = findIssuableType(entry, vct)
  if (type === undefined) {
    throw new WalletError('not_trusted', 'type_not_allowed', 'the trust list does not let this issuer issue this type')
  }
  return type
}

export function asKnownIssuer(
  { organisation, identifier, name }: TrustListEntry,
  credentialIssuer: string,
): KnownIssuer {
  return { organisation, identifier, name, credentialIssuer }
}
