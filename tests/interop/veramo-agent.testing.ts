import { createAgent } from '@veramo/core'
import type { ICredentialPlugin, IDIDManager, IIdentifier, IKeyManager, IResolver, TAgent } from '@veramo/core-types'
import { CredentialProviderJWT } from '@veramo/credential-jwt'
import { CredentialPlugin } from '@veramo/credential-w3c'
import { DIDManager, MemoryDIDStore } from '@veramo/did-manager'
import { getDidJwkResolver, JwkDIDProvider } from '@veramo/did-provider-jwk'
import { DIDResolverPlugin } from '@veramo/did-resolver'
import { KeyManager, MemoryKeyStore, MemoryPrivateKeyStore } from '@veramo/key-manager'
import { KeyManagementSystem } from '@veramo/kms-local'

export type VeramoAgent = TAgent<IKeyManager & IDIDManager & IResolver & ICredentialPlugin>

/**
 * A Veramo agent as its documentation has it: its own keys, stores and providers, nothing of ours. Only `did:web` is resolved
 * by hand, because the usual resolver knows https alone.
 */
export function makeVeramoAgent(): VeramoAgent {
  return createAgent<IKeyManager & IDIDManager & IResolver & ICredentialPlugin>({
    plugins: [
      new KeyManager({
        store: new MemoryKeyStore(),
        kms: { local: new KeyManagementSystem(new MemoryPrivateKeyStore()) },
      }),
      new DIDManager({
        store: new MemoryDIDStore(),
        defaultProvider: 'did:jwk',
        providers: { 'did:jwk': new JwkDIDProvider({ defaultKms: 'local' }) },
      }),
      new DIDResolverPlugin({ ...getDidJwkResolver(), web: resolveOnThisMachine }),
      new CredentialPlugin([new CredentialProviderJWT()]),
    ],
  })
}

/** A new `did:jwk` on P-256. */
export function makeVeramoIdentifier(agent: VeramoAgent): Promise<IIdentifier> {
  return agent.didManagerCreate({ provider: 'did:jwk', options: { keyType: 'Secp256r1' } })
}

async function resolveOnThisMachine(did: string) {
  const [host = '', ...path] = did.slice('did:web:'.length).split(':')
  const answer = await fetch(`http://${decodeURIComponent(host)}/${path.join('/')}/did.json`)
  return { didDocumentMetadata: {}, didResolutionMetadata: {}, didDocument: JSON.parse(await answer.text()) }
}
