import type { MasterKey } from '@wegwijzer/keys/key-store'
import { writeOrganisation } from '@wegwijzer/organisation'
import { insertApiKey } from '@wegwijzer/organisation/api-key'
import { type BroughtKey, storeBroughtKey } from '@wegwijzer/organisation/brought-key'
import { ensureCertifiedKey } from '@wegwijzer/organisation/certified-key'
import type { EpochSeconds, PublicJwk } from '@wegwijzer/protocol/crypto'
import type { Policy } from '@wegwijzer/trust/policy'
import type { RegistrationContent } from '@wegwijzer/trust/registration'
import type { VerifierDatabase } from '../database.ts'
import { activatePolicy } from '../policy/activate.ts'
import { ACCESS_KEY_PURPOSE } from './access-key.ts'
import { parseVerifierProfile, type VerifierProfile, verifierUrlOf } from './profile.ts'

export interface VerifierEnrolment {
  readonly db: VerifierDatabase
  readonly masterKey: MasterKey
  readonly profile: VerifierProfile
  readonly policies: readonly Policy[]
  /** `VERIFIER_URL`: relative addresses of a policy are below it. */
  readonly verifierUrl: string
  /** Where the registrar publishes what it registered. */
  readonly registryUri: string
  /**
   * Has the access key certified, in the role of that name.
   *
   * @returns The chain without its anchor, leaf first, base64 DER.
   */
  readonly certify: (purpose: typeof ACCESS_KEY_PURPOSE, publicJwk: PublicJwk) => Promise<readonly string[]>
  /** An access key that the organisation brings itself, as `readBroughtKey` checked it; none is made then. */
  readonly broughtKey?: BroughtKey
  /** Has one intended use registered. @returns The registration certificate, compact JWT. */
  readonly register: (content: RegistrationContent) => Promise<string>
  readonly now: EpochSeconds
}

export interface EnrolledVerifier {
  /** It cannot be read again. */
  readonly apiKey: string
}

/**
 * Makes an organisation one that this program asks presentations for: its profile, its access key with its certificate, its
 * policies with their registrations, and an API key.
 *
 * May be done again: the profile is replaced, a key whose certificate still holds is kept, so is a registration that holds
 * for another month, and one more API key is made; the earlier ones stay good until they are revoked.
 *
 * @throws {TypeError} for a malformed profile.
 * @throws {ProtocolError} `not_activated` when a policy asks more than was registered, or changed without a new version.
 * @throws {Error} when a certificate is not of the key or the organisation it was asked for.
 */
export async function enrolOrganisation(enrolment: VerifierEnrolment): Promise<EnrolledVerifier> {
  const { db, masterKey, policies, verifierUrl, registryUri, register, now } = enrolment
  const profile = parseVerifierProfile(enrolment.profile)
  const { id: organisation, identifier } = profile
  await writeOrganisation(db, { id: organisation, profile: { ...profile }, createdAt: now })
  const { broughtKey } = enrolment
  if (broughtKey)
    await storeBroughtKey(db, { organisation, purpose: ACCESS_KEY_PURPOSE }, broughtKey, { masterKey, now })
  const certify = (publicJwk: PublicJwk) => enrolment.certify(ACCESS_KEY_PURPOSE, publicJwk)
  await ensureCertifiedKey(db, { organisation, purpose: ACCESS_KEY_PURPOSE, identifier, masterKey, certify }, now)
  const { supervisoryAuthority } = profile
  const registered = {
    identifier: profile.identifier,
    name: profile.name.nl,
    country: profile.country,
    url: verifierUrlOf(verifierUrl, profile.id),
    registryUri,
    supervisoryAuthority: { uri: supervisoryAuthority.uri },
  }
  for (const policy of policies) {
    await activatePolicy({ db, organisation: profile.id, registered, policy, register, now })
  }
  const { apiKey } = await insertApiKey(db, profile.id, now)
  return { apiKey }
}
