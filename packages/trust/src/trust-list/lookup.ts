import type { Certificate, TrustRole } from '@wegwijzer/keys/x509'
import { CREDENTIAL_ISSUER_ENTRY, type IssuableType, type TrustListEntry } from './content.ts'
import type { TrustList } from './token.ts'

/** The certificate authorities whose word counts in this role, and in no other. */
export function anchorsFor(list: TrustList, role: TrustRole): readonly Certificate[] {
  return list.trustAnchors[role]
}

/** @param credentialIssuer Credential Issuer Identifier, compared character by character. */
export function findCredentialIssuer(list: TrustList, credentialIssuer: string): TrustListEntry | undefined {
  return list.entries.find(
    ({ roles, credentialIssuers }) =>
      roles.includes(CREDENTIAL_ISSUER_ENTRY) && credentialIssuers.includes(credentialIssuer),
  )
}

/** @param identifier As in `organizationIdentifier` of a certificate, such as `NTRNL-90001354`. */
export function findOrganisation(list: TrustList, identifier: string): TrustListEntry | undefined {
  return list.entries.find((entry) => entry.identifier === identifier)
}

/** @returns `undefined` when this organisation may not issue this type. */
export function findIssuableType(entry: TrustListEntry, vct: string): IssuableType | undefined {
  if (!entry.roles.includes(CREDENTIAL_ISSUER_ENTRY)) return undefined
  return entry.mayIssue.find((type) => type.vct === vct)
}

/** Where the metadata of a type stand, whoever issues it; the same for all, or the list would have been refused. */
export function findType(list: TrustList, vct: string): IssuableType | undefined {
  for (const entry of list.entries) {
    const type = findIssuableType(entry, vct)
    if (type !== undefined) return type
  }
  return undefined
}
