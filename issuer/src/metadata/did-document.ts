import { DID_DOCUMENT_MEDIA_TYPE, didWebOf, makeDidDocument } from '@wegwijzer/keys/did'
import { nodeCrypto } from '@wegwijzer/keys/node'
import { parseX5c } from '@wegwijzer/keys/x509'
import { listCertificateChains } from '@wegwijzer/organisation/signing-key'
import { type Door, OrganisationParams } from '@wegwijzer/server'
import type { IssuerContext } from '../context.ts'

/** Short, so that a new key is soon seen. */
const MAX_AGE_SECONDS = 60

/**
 * Serves the DID document of an organisation, `did:web` of its Credential Issuer Identifier: every key with which it signs
 * credentials, and with which it signed some that still hold.
 *
 * The media type is that of the JSON representation; the method itself leaves it open.
 *
 * @see DID Core 1.0 §6.2
 */
export function addDidDocumentRoute(door: Door, { db, now, organisations }: IssuerContext): void {
  door.get(
    '/:organisation/did.json',
    { config: { errors: 'oauth', cors: 'wallet' }, schema: { params: OrganisationParams } },
    async (request, reply) => {
      const { id, credentialIssuer } = await organisations.require(request.params.organisation)
      const chains = await listCertificateChains(db, { organisation: id, purpose: 'credential' }, now())
      const keys = chains.flatMap((chain) => parseX5c(chain).slice(0, 1)).map(({ publicJwk }) => publicJwk)
      const document = await makeDidDocument(didWebOf(credentialIssuer), keys, nodeCrypto)
      reply.header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`).type(DID_DOCUMENT_MEDIA_TYPE)
      return JSON.stringify(document)
    },
  )
}
