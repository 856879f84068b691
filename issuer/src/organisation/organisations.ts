import { type MasterKey, unwrapSigner } from '@wegwijzer/keys/key-store'
import { parseX5c } from '@wegwijzer/keys/x509'
import { readOrganisation } from '@wegwijzer/organisation'
import { readCurrentSigningKey } from '@wegwijzer/organisation/signing-key'
import type { EpochSeconds, Signer } from '@wegwijzer/protocol/crypto'
import { parseTypeMetadata, type TypeMetadata } from '@wegwijzer/protocol/sd-jwt-vc'
import { type CredentialType, credentialTypeNamed } from '@wegwijzer/schemas'
import { OAuthError } from '@wegwijzer/server'
import type { Config } from '@wegwijzer/server/config'
import { createNonceSource, type NonceSource } from '@wegwijzer/server/nonce'
import { isDemoCertificate } from '@wegwijzer/trust/certificates'
import type { IssuerDatabase } from '../database.ts'
import type { IssuerSecrets } from '../secrets.ts'
import { type CredentialFormat, configurationIdOf, formatsOf } from './credential-format.ts'
import { type RequestEncryptionKey, readEncryptionKeys } from './encryption-key.ts'
import {
  type CredentialTerms,
  credentialIssuerOf,
  type IssuerKeyPurpose,
  type IssuerProfile,
  parseIssuerProfile,
} from './profile.ts'
import { readRegistrationCertificate } from './registration.ts'

/** A type with the way in which this organisation issues it. */
export interface IssuableType extends CredentialTerms {
  readonly format: CredentialFormat
  readonly credentialType: CredentialType
  readonly metadata: TypeMetadata
}

export interface CertifiedSigner {
  readonly signer: Signer
  /** Leaf first, without the anchor, base64 DER. */
  readonly x5c: readonly string[]
  /** The last second in which the certificate holds. */
  readonly notAfter: EpochSeconds
}

/** An organisation, ready to issue. */
export interface IssuingOrganisation {
  readonly id: string
  /** Credential Issuer Identifier. */
  readonly credentialIssuer: string
  readonly profile: IssuerProfile
  /** By credential configuration id. */
  readonly types: ReadonlyMap<string, IssuableType>
  /** Most key proofs in one request: those of the type with the largest batch, because what is published is for all types. */
  readonly maxProofs: number
  /** `undefined` when the organisation has no key with a certificate that holds. */
  findSigner(purpose: IssuerKeyPurpose): CertifiedSigner | undefined
  /** @throws {Error} when there is none. */
  signerFor(purpose: IssuerKeyPurpose): CertifiedSigner
  /** What wallets encrypt requests to, the newest first. */
  readonly encryptionKeys: readonly RequestEncryptionKey[]
  /** Compact JWT; `undefined` when it was not registered, or is no longer. */
  readonly registrationCertificate: string | undefined
  readonly credentialNonces: NonceSource
  readonly dpopNonces: NonceSource
}

export interface Organisations {
  find(id: string): Promise<IssuingOrganisation | undefined>
  /** @throws {OAuthError} 404 for an organisation that does not issue here. */
  require(id: string): Promise<IssuingOrganisation>
}

export interface OrganisationsOptions {
  readonly db: IssuerDatabase
  readonly masterKey: MasterKey
  readonly secrets: IssuerSecrets
  /** Public base URL of this program. */
  readonly publicUrl: string
  readonly environment: Config['environment']
  readonly now: () => EpochSeconds
}

/** A profile or certificate that was renewed counts after so long. */
const KEPT_SECONDS = 10
const CREDENTIAL_NONCE_SECONDS = 300
const DPOP_NONCE_SECONDS = 300

/** Reads organisations from the database, where others add them, and keeps each for a moment. */
export function makeOrganisations(options: OrganisationsOptions): Organisations {
  const { now } = options
  const kept = new Map<string, { readonly organisation: IssuingOrganisation; readonly readAt: EpochSeconds }>()

  async function find(id: string): Promise<IssuingOrganisation | undefined> {
    const known = kept.get(id)
    const at = now()
    if (known && known.readAt <= at && at < known.readAt + KEPT_SECONDS) return known.organisation
    const organisation = await readIssuingOrganisation(options, id, at)
    if (organisation) kept.set(id, { organisation, readAt: at })
    else kept.delete(id)
    return organisation
  }

  return {
    find,
    async require(id) {
      const organisation = await find(id)
      if (!organisation) throw new OAuthError('invalid_request', 'no such organisation issues here', { status: 404 })
      return organisation
    },
  }
}

async function readIssuingOrganisation(
  { db, masterKey, secrets, publicUrl, environment }: OrganisationsOptions,
  id: string,
  now: EpochSeconds,
): Promise<IssuingOrganisation | undefined> {
  const row = await readOrganisation(db, id)
  if (!row) return undefined
  const profile = parseIssuerProfile(row.profile)
  const signers = {
    credential: await readSigner(db, masterKey, id, 'credential', now),
    status_list: await readSigner(db, masterKey, id, 'status_list', now),
  }
  const certified = Object.values(signers).flatMap((key) => (key ? [key] : []))
  if (environment === 'production' && certified.some(({ x5c }) => parseX5c(x5c).some(isDemoCertificate)))
    return undefined
  return {
    id,
    credentialIssuer: credentialIssuerOf(publicUrl, id),
    profile,
    types: new Map(profile.credentials.flatMap(makeIssuableTypes)),
    maxProofs: Math.max(...profile.credentials.map(({ batchSize }) => batchSize)),
    findSigner: (purpose) => signers[purpose],
    signerFor(purpose) {
      const key = signers[purpose]
      if (!key) throw new Error(`an organisation has no ${purpose} key whose certificate holds now`)
      return key
    },
    encryptionKeys: await readEncryptionKeys(db, { organisation: id, masterKey }, now),
    registrationCertificate: await readRegistrationCertificate(db, id, now),
    credentialNonces: createNonceSource({
      key: secrets.nonceKey,
      purpose: `c_nonce ${id}`,
      lifetimeSeconds: CREDENTIAL_NONCE_SECONDS,
    }),
    dpopNonces: createNonceSource({
      key: secrets.nonceKey,
      purpose: `dpop ${id}`,
      lifetimeSeconds: DPOP_NONCE_SECONDS,
    }),
  }
}

async function readSigner(
  db: IssuerDatabase,
  masterKey: MasterKey,
  organisation: string,
  purpose: IssuerKeyPurpose,
  now: EpochSeconds,
): Promise<CertifiedSigner | undefined> {
  const context = { organisation, purpose }
  const key = await readCurrentSigningKey(db, context, now)
  if (!key) return undefined
  const { wrapped, certificateChain: x5c, notAfter } = key
  return { signer: unwrapSigner(masterKey, wrapped, context), x5c, notAfter }
}

/** One configuration per format. */
function makeIssuableTypes(terms: CredentialTerms): readonly (readonly [id: string, type: IssuableType])[] {
  const credentialType = credentialTypeNamed(terms.type)
  const metadata = parseTypeMetadata(credentialType.typeMetadataText)
  return formatsOf(terms).map((format) => [
    configurationIdOf(terms.type, format),
    { ...terms, format, credentialType, metadata },
  ])
}
