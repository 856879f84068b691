import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { parseJws, readClaims, requireDate } from '@wegwijzer/protocol/jose'
import { SD_JWT_VC_FORMAT } from '@wegwijzer/protocol/openid4vci'
import { VERIFIABLE_CREDENTIAL } from '@wegwijzer/protocol/w3c'
import { credentialTypeNamed } from '@wegwijzer/schemas'
import {
  ENTITLEMENTS,
  type IssuerRegistrationContent,
  IssuerRegistrationContentSchema,
  REGISTRATION_POLICY_ID,
} from '@wegwijzer/trust/registration'
import { Check } from 'typebox/value'
import type { IssuerDatabase } from '../database.ts'
import { formatsOf } from './credential-format.ts'
import type { IssuerProfile } from './profile.ts'

/** Who registers what an organisation issues. */
export interface IssuerRegistration {
  /** Where the registrar publishes what it registered. */
  readonly registryUri: string
  /** @returns The registration certificate, compact JWT. */
  readonly register: (content: IssuerRegistrationContent) => Promise<string>
}

/** A registration that ends sooner than this is asked for again. */
const RENEWAL_SECONDS = 30 * 86_400

/** What a registrar certifies of an organisation: exactly the types that its profile has. */
export function registrationOfIssuer(
  { name, identifier, publicBody = false, credentials }: IssuerProfile,
  registryUri: string,
): IssuerRegistrationContent {
  return {
    name: name.nl,
    sub: identifier,
    // ETSI EN 319 412-1 §5.1.4: three letters for the register, two for the country.
    country: identifier.slice(3, 5),
    registry_uri: registryUri,
    srv_description: [
      { lang: 'nl', value: 'Bewijzen uitgeven' },
      { lang: 'en', value: 'Issuing credentials' },
    ],
    entitlements: [publicBody ? ENTITLEMENTS.publicIssuer : ENTITLEMENTS.nonQualifiedIssuer],
    policy_id: [REGISTRATION_POLICY_ID],
    public_body: publicBody,
    provides_attestations: credentials.flatMap((terms) => {
      const { vct } = credentialTypeNamed(terms.type)
      return formatsOf(terms).map((format) => ({
        format,
        meta: format === SD_JWT_VC_FORMAT ? { vct_values: [vct] } : { type_values: [[VERIFIABLE_CREDENTIAL, vct]] },
      }))
    }),
  }
}

/**
 * Makes sure that an organisation has a registration certificate for what it issues now: one that says the same and holds for
 * another month is kept.
 *
 * Does not verify the registrar's signature: the certificate comes from the registrar itself, and each wallet verifies it.
 *
 * @throws {Error} when the registrar certified something else.
 */
export async function ensureRegistration(
  db: IssuerDatabase,
  profile: IssuerProfile,
  { registryUri, register }: IssuerRegistration,
  now: EpochSeconds,
): Promise<void> {
  const wanted = registrationOfIssuer(profile, registryUri)
  const content = JSON.stringify(wanted)
  const known = await readRow(db, profile.id)
  if (known && known.content === content && known.registered_until > now + RENEWAL_SECONDS) return
  const certificate = await register(wanted)
  const claims = readClaims(parseJws(certificate))
  if (!Check(IssuerRegistrationContentSchema, claims) || claims.sub !== wanted.sub) {
    throw new Error('the registrar certified another organisation, or no issuer')
  }
  const values = { content, certificate, registered_until: requireDate(claims, 'exp') }
  await db
    .insertInto('issuer_registration')
    .values({ organisation: profile.id, ...values })
    .onConflict((conflict) => conflict.column('organisation').doUpdateSet(values))
    .execute()
}

/** Until when the registration of an organisation holds; `undefined` when there is none for this very content. */
export async function readRegisteredUntil(
  db: IssuerDatabase,
  profile: IssuerProfile,
  registryUri: string,
): Promise<EpochSeconds | undefined> {
  const row = await readRow(db, profile.id)
  const isSame = row?.content === JSON.stringify(registrationOfIssuer(profile, registryUri))
  return isSame ? row.registered_until : undefined
}

/** @returns The registration certificate that holds now, compact JWT. */
export async function readRegistrationCertificate(
  db: IssuerDatabase,
  organisation: string,
  now: EpochSeconds,
): Promise<string | undefined> {
  const row = await readRow(db, organisation)
  return row && row.registered_until > now ? row.certificate : undefined
}

function readRow(db: IssuerDatabase, organisation: string) {
  return db
    .selectFrom('issuer_registration')
    .select(['content', 'certificate', 'registered_until'])
    .where('organisation', '=', organisation)
    .executeTakeFirst()
}
