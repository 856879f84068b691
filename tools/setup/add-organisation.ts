import { credentialIssuerOf, type IssuerProfile, openIssuerDatabase } from '@wegwijzer/issuer'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { addEntry, type TrustListEntry } from '@wegwijzer/trust/trust-list'
import { openVerifierDatabase, verifierUrlOf } from '@wegwijzer/verifier'
import { ACCESS_KEY, enrolIssuer, enrolVerifier, ISSUER_KEY_ROLES } from './enrol.ts'
import type { Installation } from './installation.ts'
import { makeIssuerEntry, makeVerifierEntry, mergeEntries } from './organisation-entry.ts'
import { type KeyFiles, readKeyFiles, readRegistrationFiles } from './own-files.ts'
import type { VerifierFiles } from './profile-files.ts'
import { publishTrustList, readTrustListContent, type SignedTrustList, signTrustList } from './trust-list.ts'

/** Files of an organisation that issues and has keys of its own, by what they sign. */
export type OwnIssuerFiles = Readonly<Partial<Record<'credential' | 'status_list', KeyFiles>>>

/** Files of an organisation that asks and has a key, or registrations, of its own. */
export interface OwnVerifierFiles {
  readonly accessKey?: KeyFiles
  readonly registrations?: readonly string[]
}

/**
 * Makes an organisation one that issues here: keys, certificates, its entry in the trust list, an API key. The issuer may be
 * running.
 *
 * @returns An API key, which cannot be read again.
 * @throws {SetupError} when a file of its own will not do; nothing was made then.
 */
export async function addIssuer(
  installation: Installation,
  profile: IssuerProfile,
  now: EpochSeconds,
  { credential, status_list }: OwnIssuerFiles = {},
): Promise<string> {
  const signed = await makeListWith(installation, makeIssuerEntry(profile, installation.config), now)
  const uri = credentialIssuerOf(installation.config.addresses.issuer.url, profile.id)
  const party = { identifier: profile.identifier, uri }
  const context = { list: signed.list, now }
  const own = {
    ...(credential && {
      credential: await readKeyFiles(credential, ISSUER_KEY_ROLES.credential, party, context),
    }),
    ...(status_list && {
      status_list: await readKeyFiles(status_list, ISSUER_KEY_ROLES.status_list, party, context),
    }),
  }
  const db = await openIssuerDatabase(installation.config)
  try {
    const { apiKey } = await enrolIssuer(installation, db, profile, { now, keepIfValidAt: now }, own)
    publishTrustList(installation, signed)
    return apiKey
  } finally {
    await db.destroy()
  }
}

/**
 * Makes an organisation one that asks here: its key, certificate, registrations of its policies, its entry in the trust list,
 * an API key. The verifier may be running.
 *
 * @returns An API key, which cannot be read again.
 * @throws {ProtocolError} `not_activated` when a policy asks more than may be registered.
 * @throws {SetupError} when a file of its own will not do; nothing was made then.
 */
export async function addVerifier(
  installation: Installation,
  files: VerifierFiles,
  now: EpochSeconds,
  { accessKey, registrations }: OwnVerifierFiles = {},
): Promise<string> {
  const { profile } = files
  const signed = await makeListWith(installation, makeVerifierEntry(profile), now)
  const uri = verifierUrlOf(installation.config.addresses.verifier.url, profile.id)
  const party = { identifier: profile.identifier, uri }
  const context = { list: signed.list, now }
  const own = {
    ...(accessKey && { accessKey: await readKeyFiles(accessKey, ACCESS_KEY, party, context) }),
    ...(registrations && { registrations: await readRegistrationFiles(registrations, party, context) }),
  }
  const db = await openVerifierDatabase(installation.config)
  try {
    const { apiKey } = await enrolVerifier(installation, db, files, { now, keepIfValidAt: now }, own)
    publishTrustList(installation, signed)
    return apiKey
  } finally {
    await db.destroy()
  }
}

/** The list with this organisation in it, signed before anything is made; what it could do before it can still do. */
async function makeListWith(
  installation: Installation,
  entry: TrustListEntry,
  now: EpochSeconds,
): Promise<SignedTrustList> {
  const content = readTrustListContent(installation)
  const known = content.entries.find(({ organisation }) => organisation === entry.organisation)
  return signTrustList(installation.authorities, addEntry(content, mergeEntries(known, entry)), now)
}
