import { type IssuerProfile, openIssuerDatabase } from '@wegwijzer/issuer'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { addEntry, type TrustListEntry } from '@wegwijzer/trust/trust-list'
import { openVerifierDatabase } from '@wegwijzer/verifier'
import { enrolIssuer, enrolVerifier } from './enrol.ts'
import type { Installation } from './installation.ts'
import { makeIssuerEntry, makeVerifierEntry, mergeEntries } from './organisation-entry.ts'
import type { VerifierFiles } from './profile-files.ts'
import { publishTrustList, readTrustListContent, type SignedTrustList, signTrustList } from './trust-list.ts'

/**
 * Makes an organisation one that issues here: keys, certificates, its entry in the trust list, an API key. The issuer may be
 * running.
 *
 * @returns An API key, which cannot be read again.
 */
export async function addIssuer(
  installation: Installation,
  profile: IssuerProfile,
  now: EpochSeconds,
): Promise<string> {
  const list = await makeListWith(installation, makeIssuerEntry(profile, installation.config), now)
  const db = await openIssuerDatabase(installation.config)
  try {
    const { apiKey } = await enrolIssuer(installation, db, profile, { now, keepIfValidAt: now })
    publishTrustList(installation, list)
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
 */
export async function addVerifier(
  installation: Installation,
  files: VerifierFiles,
  now: EpochSeconds,
): Promise<string> {
  const list = await makeListWith(installation, makeVerifierEntry(files.profile), now)
  const db = await openVerifierDatabase(installation.config)
  try {
    const { apiKey } = await enrolVerifier(installation, db, files, { now, keepIfValidAt: now })
    publishTrustList(installation, list)
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
