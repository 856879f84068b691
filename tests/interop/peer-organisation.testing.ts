import { makeX5c, type TrustRole } from '@wegwijzer/keys/x509'
import { type CredentialTypeName, credentialTypeNamed } from '@wegwijzer/schemas'
import { addEntry, CREDENTIAL_ISSUER_ENTRY, type TrustListEntry, VERIFIER_ENTRY } from '@wegwijzer/trust/trust-list'
import { typeMetadataPath } from '@wegwijzer/wallet-server'
import { certify } from '../../tools/setup/authorities.ts'
import { publishTrustList, readTrustListContent, signTrustList } from '../../tools/setup/trust-list.ts'
import type { World } from '../support/world.ts'
import { makePeerKey, type PeerKey } from './peer-keys.testing.ts'

/** An organisation that runs other people's software: the trust list has it, and our authorities certify its keys. */
export const PEER = {
  organisation: 'anderen-demo',
  identifier: 'NTRNL-90009980',
  name: 'Andere software (demo)',
} as const

/** A key and its chain, as the authority of a role gave it. */
export interface CertifiedPeerKey {
  readonly key: PeerKey
  /** base64 DER, leaf first, without the anchor. */
  readonly x5c: readonly string[]
}

/** @param uri The address of the organisation in this role. */
export async function certifyPeer(
  { installation, clock }: World,
  role: TrustRole,
  uri: string,
): Promise<CertifiedPeerKey> {
  const key = makePeerKey()
  const subject = {
    commonName: PEER.name,
    organizationName: PEER.name,
    organizationIdentifier: PEER.identifier,
    countryName: 'NL',
  }
  const certificate = await certify(installation.authorities, role, { subject, uri }, key.publicJwk, clock.now())
  return { key, x5c: makeX5c([certificate]) }
}

/** Puts the organisation on the world's trust list; who read the list before sees it when it reads it again. */
export async function listPeer(
  { installation, clock, urls }: World,
  as: {
    readonly credentialIssuer?: string
    readonly mayIssue?: readonly CredentialTypeName[]
    readonly verifier?: boolean
  },
): Promise<void> {
  const { credentialIssuer, mayIssue = [], verifier = false } = as
  const entry: TrustListEntry = {
    organisation: PEER.organisation,
    identifier: PEER.identifier,
    name: [{ lang: 'nl', value: PEER.name }],
    registeredNumbers: [{ type: 'KVK', value: '90009980' }],
    roles: [...(credentialIssuer ? [CREDENTIAL_ISSUER_ENTRY] : []), ...(verifier ? [VERIFIER_ENTRY] : [])],
    credentialIssuers: credentialIssuer ? [credentialIssuer] : [],
    mayIssue: mayIssue.map(credentialTypeNamed).map((type) => ({
      vct: type.vct,
      typeMetadataUri: `${urls.wallet}${typeMetadataPath(type)}`,
      typeMetadataIntegrity: type.typeMetadataIntegrity,
    })),
  }
  const content = addEntry(readTrustListContent(installation), entry)
  publishTrustList(installation, await signTrustList(installation.authorities, content, clock.now()))
}

/** DER of the authority that certifies a role. */
export function anchorOf({ installation }: World, role: TrustRole): Uint8Array {
  return installation.authorities.byRole[role].certificate.der
}
