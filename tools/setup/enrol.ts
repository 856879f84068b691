import {
  credentialIssuerOf,
  enrolOrganisation as enrolAtIssuer,
  type IssuerKeyPurpose,
  type IssuerProfile,
  type openIssuerDatabase,
} from '@wegwijzer/issuer'
import { makeX5c, type TrustRole } from '@wegwijzer/keys/x509'
import type { BroughtKey } from '@wegwijzer/organisation/brought-key'
import type { EpochSeconds, PublicJwk } from '@wegwijzer/protocol/crypto'
import type { Policy } from '@wegwijzer/trust/policy'
import {
  enrolOrganisation as enrolAtVerifier,
  type openVerifierDatabase,
  type VerifierProfile,
  verifierUrlOf,
} from '@wegwijzer/verifier'
import { certify } from './authorities.ts'
import type { Installation } from './installation.ts'
import type { OwnRegistrations } from './own-files.ts'
import { registrarUrlOf } from './registrar.ts'

export type IssuerDatabase = Awaited<ReturnType<typeof openIssuerDatabase>>
export type VerifierDatabase = Awaited<ReturnType<typeof openVerifierDatabase>>

/** In which role each key of an issuer is certified. */
export const ISSUER_KEY_ROLES: Readonly<Record<IssuerKeyPurpose, TrustRole>> = {
  credential: 'credential_issuer',
  status_list: 'status_list',
}

/** The one key of a verifier, and the role in which it is certified. */
export const ACCESS_KEY = 'access_certificate'

/** When certificates and registrations are dated, and until when those that are there must at least hold to be kept. */
export interface EnrolmentTimes {
  readonly now: EpochSeconds
  readonly keepIfValidAt: EpochSeconds
}

/** What an organisation that issues brings itself; the rest is made. */
export type OwnIssuerKeys = Readonly<Partial<Record<IssuerKeyPurpose, BroughtKey>>>

/** What an organisation that asks brings itself; the rest is made. */
export interface OwnVerifierKeys {
  readonly accessKey?: BroughtKey
  readonly registrations?: OwnRegistrations
}

/** Enrols an organisation at the issuer, its keys certified by the development authorities. */
export function enrolIssuer(
  { config, place, authorities, registrar }: Installation,
  db: IssuerDatabase,
  profile: IssuerProfile,
  { now, keepIfValidAt }: EnrolmentTimes,
  broughtKeys: OwnIssuerKeys = {},
): Promise<{ readonly apiKey: string }> {
  const uri = credentialIssuerOf(config.addresses.issuer.url, profile.id)
  return enrolAtIssuer({
    db,
    masterKey: place.masterKey,
    profile,
    broughtKeys,
    certify: (purpose, publicJwk) =>
      makeChain(authorities, ISSUER_KEY_ROLES[purpose], partyOf(profile, uri), publicJwk, now),
    registration: {
      registryUri: registrarUrlOf(config.addresses.wallet.url),
      register: (content) => registrar.register(content, now),
    },
    now: keepIfValidAt,
  })
}

/** Enrols an organisation at the verifier, its key certified and its policies registered by the development authorities. */
export function enrolVerifier(
  { config, place, authorities, registrar }: Installation,
  db: VerifierDatabase,
  { profile, policies }: { readonly profile: VerifierProfile; readonly policies: readonly Policy[] },
  { now, keepIfValidAt }: EnrolmentTimes,
  { accessKey, registrations }: OwnVerifierKeys = {},
): Promise<{ readonly apiKey: string }> {
  const { wallet, verifier } = config.addresses
  const uri = verifierUrlOf(verifier.url, profile.id)
  return enrolAtVerifier({
    db,
    masterKey: place.masterKey,
    profile,
    policies,
    verifierUrl: verifier.url,
    registryUri: registrarUrlOf(wallet.url),
    certify: (_purpose, publicJwk) => makeChain(authorities, ACCESS_KEY, partyOf(profile, uri), publicJwk, now),
    ...(accessKey && { broughtKey: accessKey }),
    register: async (content) => registrations?.find(content) ?? registrar.register(content, now),
    now: keepIfValidAt,
  })
}

async function makeChain(
  authorities: Installation['authorities'],
  role: TrustRole,
  party: ReturnType<typeof partyOf>,
  publicJwk: PublicJwk,
  now: EpochSeconds,
): Promise<readonly string[]> {
  return makeX5c([await certify(authorities, role, party, publicJwk, now)])
}

function partyOf({ name, identifier }: IssuerProfile | VerifierProfile, uri: string) {
  return {
    subject: {
      commonName: name.nl,
      organizationName: name.nl,
      organizationIdentifier: identifier,
      countryName: 'NL',
    },
    uri,
  }
}
