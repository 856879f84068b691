import { type IssuerProfile, openIssuerDatabase, readRegisteredUntil } from '@wegwijzer/issuer'
import { readOrganisation } from '@wegwijzer/organisation'
import { readCurrentSigningKey } from '@wegwijzer/organisation/signing-key'
import type { OrganisationTables } from '@wegwijzer/organisation/tables'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import type { Config } from '@wegwijzer/server/config'
import type { Database } from '@wegwijzer/storage/sql'
import { addEntry, type TrustListEntry } from '@wegwijzer/trust/trust-list'
import { openVerifierDatabase } from '@wegwijzer/verifier'
import { RENEWAL_SECONDS } from './authorities.ts'
import { readDemoKeys, writeDemoKeys } from './demo-keys.ts'
import {
  ACCESS_KEY,
  enrolIssuer,
  enrolVerifier,
  ISSUER_KEY_ROLES,
  type IssuerDatabase,
  type VerifierDatabase,
} from './enrol.ts'
import { type Installation, openInstallation } from './installation.ts'
import { makeIssuerEntry, makeVerifierEntry, mergeEntries } from './organisation-entry.ts'
import { readDemoIssuers, readDemoVerifiers, type VerifierFiles } from './profile-files.ts'
import { registrarUrlOf } from './registrar.ts'
import { SetupError } from './setup-error.ts'
import { publishTrustList, readTrustListContent, signTrustList } from './trust-list.ts'

export interface DemoOptions {
  readonly config: Config
  readonly now: EpochSeconds
}

/**
 * Sets up a data folder with the demo organisations; of one that is set up it renews what ends within a month.
 *
 * What the keeper of the trust list changed stays: an entry is written when its organisation is new or its profile was
 * changed. Cut off at any moment, the next start completes it: an organisation is there when its API key is in `demo.json`,
 * which is written last.
 *
 * @throws {SetupError} when the folder was set up for other public addresses.
 */
export async function prepareDemo({ config, now }: DemoOptions): Promise<Installation> {
  const installation = await openInstallation(config, now)
  const issuerDb = await openIssuerDatabase(config)
  try {
    const verifierDb = await openVerifierDatabase(config)
    try {
      await enrolDemoOrganisations(installation, { issuerDb, verifierDb }, now)
    } finally {
      await verifierDb.destroy()
    }
  } finally {
    await issuerDb.destroy()
  }
  return installation
}

/** `new`: enrol and list. `changed`: so too, under the API key that it has. `ends`: a certificate or registration does. */
type Need = 'new' | 'changed' | 'ends' | undefined

async function enrolDemoOrganisations(
  installation: Installation,
  { issuerDb, verifierDb }: { readonly issuerDb: IssuerDatabase; readonly verifierDb: VerifierDatabase },
  now: EpochSeconds,
): Promise<void> {
  const { config, authorities } = installation
  const keys = readDemoKeys(config.dataDir)
  const issuers = await Promise.all(
    readDemoIssuers().map(async (profile) => ({
      profile,
      need:
        profile.id in keys.issuer ? await findIssuerNeed(issuerDb, profile, config.addresses, now) : ('new' as const),
    })),
  )
  const verifiers = await Promise.all(
    readDemoVerifiers().map(async (files) => ({
      files,
      need: files.profile.id in keys.verifier ? await findVerifierNeed(verifierDb, files, now) : ('new' as const),
    })),
  )

  const entries = [
    ...issuers.map(({ profile, need }) => ({ need, entry: makeIssuerEntry(profile, config) })),
    ...verifiers.map(({ files, need }) => ({ need, entry: makeVerifierEntry(files.profile) })),
  ]
  let content = readTrustListContent(installation)
  for (const { need, entry } of entries) {
    if (need !== 'new' && need !== 'changed') continue
    content = addEntry(content, mergeEntries(findEntry(content.entries, entry.organisation), entry))
  }
  publishTrustList(installation, await signTrustList(authorities, content, now))

  const issuerKeys = { ...keys.issuer }
  for (const { profile, need } of issuers) {
    if (need === undefined) continue
    const enrolled = await enrolIssuer(installation, issuerDb, profile, timesFor(need, now))
    if (need === 'new') issuerKeys[profile.id] = enrolled
  }
  const verifierKeys = { ...keys.verifier }
  for (const { files, need } of verifiers) {
    if (need === undefined) continue
    const enrolled = await enrolVerifier(installation, verifierDb, files, timesFor(need, now)).catch(adviseOnPolicies)
    if (need === 'new') verifierKeys[files.profile.id] = enrolled
  }
  writeDemoKeys(config.dataDir, { issuer: issuerKeys, verifier: verifierKeys })
}

/** Policies that come with the project may be newer than the folder. @throws always */
function adviseOnPolicies(error: unknown): never {
  if (!(error instanceof ProtocolError) || error.code !== 'not_activated') throw error
  throw new SetupError(
    [
      error.message,
      'The files are in verifier/policies. A folder that was made with other texts under this version can also be left for',
      'another one (DATA_DIR=./data-2), or deleted to begin anew: what was issued from it is lost then.',
    ].join('\n'),
    { cause: error },
  )
}

/** An organisation that is there is enrolled as if it were a month later, so that what ends before then is renewed. */
function timesFor(need: Need, now: EpochSeconds) {
  return { now, keepIfValidAt: need === 'new' ? now : now + RENEWAL_SECONDS }
}

async function findIssuerNeed(
  db: IssuerDatabase,
  profile: IssuerProfile,
  { wallet }: Config['addresses'],
  now: EpochSeconds,
): Promise<Need> {
  const need = await findNeed(db, profile, Object.keys(ISSUER_KEY_ROLES), now)
  if (need !== undefined) return need
  // The issuer keeps a registration that holds for a month after the moment it is given.
  const registeredUntil = await readRegisteredUntil(db, profile, registrarUrlOf(wallet.url))
  return registeredUntil !== undefined && registeredUntil > now + 2 * RENEWAL_SECONDS ? undefined : 'ends'
}

async function findVerifierNeed(
  db: VerifierDatabase,
  { profile, policies }: VerifierFiles,
  now: EpochSeconds,
): Promise<Need> {
  const need = await findNeed(db, profile, [ACCESS_KEY], now)
  if (need !== undefined) return need
  // The verifier keeps a registration that holds for a month after the moment it is given.
  const registered = await db
    .selectFrom('policy')
    .select(['id', 'version', 'content'])
    .where('organisation', '=', profile.id)
    .where('registered_until', '>', now + 2 * RENEWAL_SECONDS)
    .execute()
  const isRegistered = policies.every((policy) => registered.some(({ content }) => content === JSON.stringify(policy)))
  return isRegistered ? undefined : 'ends'
}

async function findNeed(
  db: Database<OrganisationTables>,
  profile: { readonly id: string },
  purposes: readonly string[],
  now: EpochSeconds,
): Promise<Need> {
  const stored = await readOrganisation(db, profile.id)
  if (stored === undefined) return 'new'
  if (JSON.stringify(stored.profile) !== JSON.stringify(profile)) return 'changed'
  for (const purpose of purposes) {
    const key = await readCurrentSigningKey(db, { organisation: profile.id, purpose }, now + RENEWAL_SECONDS)
    if (key === undefined) return 'ends'
  }
  return undefined
}

function findEntry(entries: readonly TrustListEntry[], organisation: string): TrustListEntry | undefined {
  return entries.find((entry) => entry.organisation === organisation)
}
