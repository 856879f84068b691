import { createAgent } from '@veramo/core'
import type { ICredentialPlugin, IDIDManager, IKeyManager, IResolver, TAgent } from '@veramo/core-types'
import { CredentialProviderJWT } from '@veramo/credential-jwt'
import { CredentialPlugin } from '@veramo/credential-w3c'
import { DIDManager } from '@veramo/did-manager'
import { DIDResolverPlugin } from '@veramo/did-resolver'
import { KeyManager } from '@veramo/key-manager'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { CLOCK_SKEW_SECONDS } from '@wegwijzer/protocol/jose'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { VC_CONTEXT, VERIFIABLE_CREDENTIAL, VERIFIABLE_PRESENTATION } from '@wegwijzer/protocol/w3c'
import type { ResolvedDid, VerificationRelationship } from './did-document.ts'
import {
  KEY_MANAGEMENT_SYSTEM,
  makeDidStore,
  makeKeyManagement,
  makeKeyStore,
  type SigningIdentity,
} from './key-management.ts'

/**
 * Everything that Veramo does for us, and the only file that loads it; `did.ts` imports it when it is first needed.
 *
 * An agent is made per call, so that it knows one key, or one document, and nothing of another organisation.
 */

export interface CredentialToSign {
  readonly issuer: SigningIdentity
  /** DID of the holder. */
  readonly subject: string
  /** After `VerifiableCredential`. */
  readonly type: string
  readonly claims: JsonObject
  readonly issuedAt: EpochSeconds
  readonly expiresAt: EpochSeconds
  /** The `status` claim. */
  readonly status?: JsonObject
}

export async function signCredential(credential: CredentialToSign): Promise<string> {
  const { issuer, subject, type, claims, issuedAt, expiresAt, status } = credential
  const signed = await signingAgent(issuer).createVerifiableCredential({
    credential: {
      '@context': [VC_CONTEXT],
      type: [VERIFIABLE_CREDENTIAL, type],
      issuer: issuer.did,
      issuanceDate: formatDate(issuedAt),
      expirationDate: formatDate(expiresAt),
      credentialSubject: { ...claims, id: subject },
      ...(status && { status }),
    },
    proofFormat: 'jwt',
    keyRef: issuer.keyUrl,
    header: { kid: issuer.keyUrl },
  })
  return readJwt(signed.proof)
}

export interface PresentationToSign {
  readonly holder: SigningIdentity
  /** Compact JWT. */
  readonly credential: string
  readonly audience: string
  readonly nonce: string
  readonly issuedAt: EpochSeconds
  readonly expiresAt: EpochSeconds
}

export async function signPresentation(presentation: PresentationToSign): Promise<string> {
  const { holder, credential, audience, nonce, issuedAt, expiresAt } = presentation
  const signed = await signingAgent(holder).createVerifiablePresentation({
    presentation: {
      '@context': [VC_CONTEXT],
      type: [VERIFIABLE_PRESENTATION],
      holder: holder.did,
      verifiableCredential: [credential],
      issuanceDate: formatDate(issuedAt),
      expirationDate: formatDate(expiresAt),
      iat: issuedAt,
      // Its own `domain` and `challenge` would make a list of `aud`.
      aud: audience,
      nonce,
    },
    proofFormat: 'jwt',
    keyRef: holder.keyUrl,
    header: { kid: holder.keyUrl },
  })
  return readJwt(signed.proof)
}

export interface SignatureToVerify {
  readonly compact: string
  /** The signer's DID, with only those keys that may have signed this. */
  readonly signer: ResolvedDid
  readonly now: EpochSeconds
}

/** @returns Whether did-jwt finds a key of the DID that signed it. */
export async function verifiesAsCredential({ compact, signer, now }: SignatureToVerify): Promise<boolean> {
  const { verified } = await resolvingAgent(signer).verifyCredential({
    credential: compact,
    proofPurpose: 'assertionMethod',
    skewTime: CLOCK_SKEW_SECONDS,
    // The status is a Token Status List, which Veramo does not know: the caller checks it.
    policies: { now, credentialStatus: false },
  })
  return verified
}

/** @returns Whether did-jwt finds a key of the DID that signed it; the credential inside is not looked at. */
export async function verifiesAsPresentation(
  { compact, signer, now }: SignatureToVerify,
  { audience, nonce }: { readonly audience: string; readonly nonce: string },
): Promise<boolean> {
  const { verified } = await resolvingAgent(signer).verifyPresentation({
    presentation: compact,
    domain: audience,
    challenge: nonce,
    proofPurpose: 'authentication',
    skewTime: CLOCK_SKEW_SECONDS,
    policies: { now },
  })
  return verified
}

function signingAgent(identity: SigningIdentity): TAgent<IKeyManager & IDIDManager & ICredentialPlugin> {
  return createAgent<IKeyManager & IDIDManager & ICredentialPlugin>({
    plugins: [
      new KeyManager({
        store: makeKeyStore(identity),
        kms: { [KEY_MANAGEMENT_SYSTEM]: makeKeyManagement(identity) },
      }),
      new DIDManager({ store: makeDidStore(identity), defaultProvider: KEY_MANAGEMENT_SYSTEM, providers: {} }),
      new CredentialPlugin([new CredentialProviderJWT()]),
    ],
  })
}

/** Resolves one DID only, to what we resolved: did-jwt asks for nothing else, and would fetch nothing. */
function resolvingAgent(resolved: ResolvedDid): TAgent<IResolver & ICredentialPlugin> {
  return createAgent<IResolver & ICredentialPlugin>({
    plugins: [
      new DIDResolverPlugin({
        resolver: {
          async resolve(did) {
            const metadata = { didDocumentMetadata: {}, didResolutionMetadata: {} }
            if (did !== resolved.did) return { ...metadata, didDocument: null }
            return { ...metadata, didDocument: asDocument(resolved) }
          },
        },
      }),
      new CredentialPlugin([new CredentialProviderJWT()]),
    ],
  })
}

/**
 * Both relationships always stand here, also when no key is in them: did-jwt takes every key of a document without
 * `assertionMethod` for one that may sign credentials.
 */
function asDocument(resolved: ResolvedDid) {
  const { did } = resolved
  const embed = (relationship: VerificationRelationship) =>
    resolved[relationship].map(({ id, publicJwk }) => ({
      id,
      type: 'JsonWebKey2020',
      controller: did,
      publicKeyJwk: { ...publicJwk },
    }))
  return { id: did, assertionMethod: embed('assertionMethod'), authentication: embed('authentication') }
}

function formatDate(at: EpochSeconds): string {
  return new Date(at * 1000).toISOString()
}

function readJwt({ jwt }: { readonly [member: string]: unknown }): string {
  if (typeof jwt !== 'string') throw new Error('what was signed is not a JWT')
  return jwt
}
