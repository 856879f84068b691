import type { MasterKey } from '@wegwijzer/keys/key-store'
import { writeOrganisation } from '@wegwijzer/organisation'
import { insertApiKey } from '@wegwijzer/organisation/api-key'
import { type BroughtKey, storeBroughtKey } from '@wegwijzer/organisation/brought-key'
import { ensureCertifiedKey } from '@wegwijzer/organisation/certified-key'
import type { EpochSeconds, PublicJwk } from '@wegwijzer/protocol/crypto'
import type { IssuerDatabase } from '../database.ts'
import { ensureEncryptionKey } from './encryption-key.ts'
import { ISSUER_KEY_PURPOSES, type IssuerKeyPurpose, type IssuerProfile, parseIssuerProfile } from './profile.ts'
import { ensureRegistration, type IssuerRegistration } from './registration.ts'

export interface IssuerEnrolment {
  readonly db: IssuerDatabase
  readonly masterKey: MasterKey
  readonly profile: IssuerProfile
  /**
   * Has a key certified: `credential` in the role `credential_issuer`, `status_list` in the role of that name.
   *
   * @returns The chain without its anchor, leaf first, base64 DER.
   */
  readonly certify: (purpose: IssuerKeyPurpose, publicJwk: PublicJwk) => Promise<readonly string[]>
  /** Keys that the organisation brings itself, as `readBroughtKey` checked them; none is made for these. */
  readonly broughtKeys?: Readonly<Partial<Record<IssuerKeyPurpose, BroughtKey>>>
  /** Who registers what it issues; absent, it has no registration certificate. */
  readonly registration?: IssuerRegistration
  readonly now: EpochSeconds
}

export interface EnrolledIssuer {
  /** It cannot be read again. */
  readonly apiKey: string
}

/**
 * Makes an organisation one that this program issues for: its profile, its keys with their certificates, its registration, and an API key.
 *
 * May be done again: the profile is replaced, keys whose certificate still holds are kept, and one more API key is made; the
 * earlier ones stay good until they are revoked.
 *
 * @throws {TypeError} for a malformed profile.
 * @throws {Error} when a certificate is not of the key or the organisation it was asked for.
 */
export async function enrolOrganisation(enrolment: IssuerEnrolment): Promise<EnrolledIssuer> {
  const { db, masterKey, now } = enrolment
  const profile = parseIssuerProfile(enrolment.profile)
  const { id: organisation, identifier } = profile
  await writeOrganisation(db, { id: organisation, profile: { ...profile }, createdAt: now })
  for (const purpose of ISSUER_KEY_PURPOSES) {
    const brought = enrolment.broughtKeys?.[purpose]
    if (brought) await storeBroughtKey(db, { organisation, purpose }, brought, { masterKey, now })
    const certify = (publicJwk: PublicJwk) => enrolment.certify(purpose, publicJwk)
    await ensureCertifiedKey(db, { organisation, purpose, identifier, masterKey, certify }, now)
  }
  await ensureEncryptionKey(db, { organisation, masterKey }, now)
  if (enrolment.registration) await ensureRegistration(db, profile, enrolment.registration, now)
  const { apiKey } = await insertApiKey(db, organisation, now)
  return { apiKey }
}
