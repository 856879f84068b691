import { credentialIssuerOf, type IssuerProfile } from '@wegwijzer/issuer'
import { credentialTypeNamed } from '@wegwijzer/schemas'
import type { Config } from '@wegwijzer/server/config'
import { CREDENTIAL_ISSUER_ENTRY, type TrustListEntry, VERIFIER_ENTRY } from '@wegwijzer/trust/trust-list'
import type { VerifierProfile } from '@wegwijzer/verifier'
import { typeMetadataPath } from '@wegwijzer/wallet-server'
import { SetupError } from './setup-error.ts'

/** What the trust list says of an organisation that issues. */
export function makeIssuerEntry(profile: IssuerProfile, { addresses }: Config): TrustListEntry {
  return {
    ...identityOf(profile),
    roles: [CREDENTIAL_ISSUER_ENTRY],
    credentialIssuers: [credentialIssuerOf(addresses.issuer.url, profile.id)],
    mayIssue: profile.credentials.map(({ type }) => {
      const credentialType = credentialTypeNamed(type)
      return {
        vct: credentialType.vct,
        typeMetadataUri: `${addresses.wallet.url}${typeMetadataPath(credentialType)}`,
        typeMetadataIntegrity: credentialType.typeMetadataIntegrity,
      }
    }),
  }
}

/** What the trust list says of an organisation that asks. */
export function makeVerifierEntry(profile: VerifierProfile): TrustListEntry {
  return { ...identityOf(profile), roles: [VERIFIER_ENTRY], credentialIssuers: [], mayIssue: [] }
}

/**
 * One organisation has one entry, also when it both issues and asks.
 *
 * @param newer Its name and numbers stand; what it may do is taken together.
 * @throws {SetupError} when the two are not the same organisation.
 */
export function mergeEntries(older: TrustListEntry | undefined, newer: TrustListEntry): TrustListEntry {
  if (older === undefined) return newer
  if (older.identifier !== newer.identifier) {
    throw new SetupError(`${newer.organisation} stands in the trust list with another identifier: ${older.identifier}`)
  }
  const issues = newer.roles.includes(CREDENTIAL_ISSUER_ENTRY) ? newer : older
  return {
    ...newer,
    roles: [...new Set([...older.roles, ...newer.roles])],
    credentialIssuers: issues.credentialIssuers,
    mayIssue: issues.mayIssue,
  }
}

function identityOf({ id, identifier, name, registeredNumbers }: IssuerProfile | VerifierProfile) {
  return {
    organisation: id,
    identifier,
    name: [
      { lang: 'nl', value: name.nl },
      { lang: 'en', value: name.en },
    ],
    registeredNumbers: [...registeredNumbers],
  }
}
