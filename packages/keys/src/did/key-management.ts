import type { IIdentifier, IKey, ManagedKeyInfo } from '@veramo/core-types'
import type { AbstractDIDStore } from '@veramo/did-manager'
import type { AbstractKeyManagementSystem, AbstractKeyStore } from '@veramo/key-manager'
import type { Signer } from '@wegwijzer/protocol/crypto'
import { decodeBase64url, encodeBase64url } from '@wegwijzer/protocol/jose'

/** The name under which Veramo knows our key store. */
export const KEY_MANAGEMENT_SYSTEM = 'wegwijzer'

/** One key that may sign for one DID. */
export interface SigningIdentity {
  readonly did: string
  /** DID URL of the key. */
  readonly keyUrl: string
  readonly signer: Signer
}

/**
 * Our keys as Veramo asks for them: it hands over octets and gets a signature.
 *
 * The private key stays in the signer, which cannot give it away; making, importing and deleting keys is the key store's and
 * refused here, and so is everything but signing with ES256.
 */
export function makeKeyManagement({ keyUrl, signer }: SigningIdentity): AbstractKeyManagementSystem {
  return {
    async sign({ keyRef, algorithm, data }) {
      if (keyRef.kid !== keyUrl || algorithm !== signer.algorithm) throw new Error('no such key signs in this way here')
      return encodeBase64url(await signer.sign(data))
    },
    listKeys: async () => [managedKey(keyUrl, signer)],
    createKey: refuse,
    importKey: refuse,
    deleteKey: refuse,
    sharedSecret: refuse,
    signEthTX: refuse,
    signJWT: refuse,
  }
}

/** The one key that Veramo may look up. */
export function makeKeyStore({ keyUrl, signer }: SigningIdentity): AbstractKeyStore {
  return {
    async getKey({ kid }) {
      if (kid !== keyUrl) throw new Error('there is no such key here')
      return asKey(keyUrl, signer)
    },
    listKeys: async () => [managedKey(keyUrl, signer)],
    importKey: refuse,
    deleteKey: refuse,
  }
}

/** The one DID that Veramo may act for. */
export function makeDidStore({ did, keyUrl, signer }: SigningIdentity): AbstractDIDStore {
  const identifier: IIdentifier = {
    did,
    provider: KEY_MANAGEMENT_SYSTEM,
    controllerKeyId: keyUrl,
    keys: [asKey(keyUrl, signer)],
    services: [],
  }
  return {
    async getDID(asked: { readonly did?: string; readonly alias?: string }) {
      if (asked.did !== did) throw new Error('there is no such DID here')
      return identifier
    },
    listDIDs: async () => [identifier],
    importDID: refuse,
    deleteDID: refuse,
  }
}

function managedKey(kid: string, signer: Signer): ManagedKeyInfo {
  return asKey(kid, signer)
}

function asKey(kid: string, { publicJwk: { x, y } }: Signer): IKey {
  return { kid, kms: KEY_MANAGEMENT_SYSTEM, type: 'Secp256r1', publicKeyHex: `04${hex(x)}${hex(y)}` }
}

function hex(coordinate: string): string {
  return [...decodeBase64url(coordinate)].map((octet) => octet.toString(16).padStart(2, '0')).join('')
}

async function refuse(): Promise<never> {
  throw new Error('keys are made, kept and deleted by the key store')
}
