import { didWebOf, issueJwtVc, keyUrlOf } from '@wegwijzer/keys/did'
import { nodeCrypto } from '@wegwijzer/keys/node'
import { didJwkOf } from '@wegwijzer/protocol/w3c'
import type { IssuableType, IssuingOrganisation } from '../organisation/organisations.ts'
import { statusListUri } from '../status/signed-lists.ts'
import { type CopyToMake, midnightOf } from './copy.ts'

export interface W3cCopyToMake extends CopyToMake {
  /** By which the wallet named its key; made from the key where it named the key itself. */
  readonly holderDid: string | undefined
}

/**
 * Signs one copy of a credential as a W3C credential in a JWT: the same claims, about one `did:jwk`, with one status index.
 *
 * Its type is the `vct`, which is an IRI and so expands to itself.
 *
 * @see OpenID4VCI 1.0 §A.1.1 jwt-vc-json
 */
export async function makeW3cCopy(
  { credentialIssuer, signerFor }: IssuingOrganisation,
  { credentialType }: IssuableType,
  { claims, holderKey, holderDid, status, issuedAt, expiresAt }: W3cCopyToMake,
): Promise<string> {
  const { signer } = signerFor('credential')
  const did = didWebOf(credentialIssuer)
  return issueJwtVc({
    issuer: { did, keyUrl: await keyUrlOf(did, signer.publicJwk, nodeCrypto), signer },
    subject: holderDid ?? didJwkOf(holderKey),
    type: credentialType.vct,
    claims,
    issuedAt: midnightOf(issuedAt),
    expiresAt,
    ...(status && {
      status: { status_list: { idx: status.index, uri: statusListUri(credentialIssuer, status.listId) } },
    }),
  })
}
