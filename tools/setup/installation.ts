import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { loadMasterKey } from '@wegwijzer/keys/key-store'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { Config, Program } from '@wegwijzer/server/config'
import type { Registrar } from '@wegwijzer/wallet-server/registrar'
import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import { type Authorities, openAuthorities } from './authorities.ts'
import { hasDevelopmentTls, prepareDevelopmentTls } from './development-tls.ts'
import { writeDurably } from './durable-file.ts'
import { openDemoRegistrar } from './registrar.ts'
import { SetupError } from './setup-error.ts'
import type { KeyPlace } from './stored-identity.ts'

/** What was decided at the first start and holds for as long as the folder does. */
const InstallationRecord = Type.Object(
  {
    /** RFC 3339 full-date; the demo's dates are counted from it. */
    firstDay: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
    urls: Type.Object({ wallet: Type.String(), issuer: Type.String(), verifier: Type.String() }),
  },
  { additionalProperties: false },
)
type InstallationRecord = Readonly<Static<typeof InstallationRecord>>

/** A data folder of a development machine, opened: its keys, its authorities and its registrar. */
export interface Installation {
  readonly config: Config
  readonly place: KeyPlace
  readonly authorities: Authorities
  readonly registrar: Registrar
  readonly firstDay: string
}

const PROGRAMS: readonly Program[] = ['wallet', 'issuer', 'verifier']

/**
 * Opens the data folder, and makes what a new one lacks: master key, authorities, registrar.
 *
 * @throws {SetupError} when the folder was set up for other public addresses.
 */
export async function openInstallation(config: Config, now: EpochSeconds): Promise<Installation> {
  const { dataDir, masterKeyFile } = config
  for (const folder of [dataDir, dirname(masterKeyFile)]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { firstDay } = readInstallationRecord(config) ?? writeInstallationRecord(config, now)
  const place = { dataDir, masterKey: await loadMasterKey(masterKeyFile) }
  if (hasDevelopmentTls(config)) await prepareDevelopmentTls(place, config, now)
  const authorities = await openAuthorities(place, now)
  const registrar = await openDemoRegistrar(place, authorities, config.addresses.wallet.url, now)
  return { config, place, authorities, registrar, firstDay }
}

/**
 * @returns What was decided at the first start; `undefined` before it.
 * @throws {SetupError} when the folder was set up for other public addresses, or the record is damaged.
 */
export function readInstallationRecord(config: Config): InstallationRecord | undefined {
  const file = recordFile(config)
  if (!existsSync(file)) return undefined
  const record: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!Check(InstallationRecord, record)) throw new SetupError(`${file} is damaged`)
  checkAddresses(config, record)
  return record
}

/** @throws {SetupError} before the first start. */
export function readFirstDay(config: Config): string {
  const record = readInstallationRecord(config)
  if (record === undefined) throw new SetupError(`Nothing is set up in ${config.dataDir} yet: run \`npm start\` first`)
  return record.firstDay
}

function writeInstallationRecord(config: Config, now: EpochSeconds): InstallationRecord {
  const { wallet, issuer, verifier } = config.addresses
  const record = {
    firstDay: new Date(now * 1000).toISOString().slice(0, 10),
    urls: { wallet: wallet.url, issuer: issuer.url, verifier: verifier.url },
  }
  writeDurably(recordFile(config), `${JSON.stringify(record, undefined, 2)}\n`)
  return record
}

function checkAddresses({ addresses, dataDir }: Config, { urls }: InstallationRecord): void {
  const changed = PROGRAMS.filter((program) => addresses[program].url !== urls[program])
  if (changed.length === 0) return
  const lines = changed.map(
    (program) => `  ${program.toUpperCase()}_URL was ${urls[program]}, now ${addresses[program].url}`,
  )
  throw new SetupError(
    [
      `The data in ${dataDir} was made for other addresses; its certificates and its trust list name them:`,
      ...lines,
      ...adviseScheme(urls.wallet, addresses.wallet.url),
      'Give the earlier addresses or ports again, or take another folder (DATA_DIR=./data-2),',
      'or delete the folder to begin anew: what was issued under the earlier addresses is lost then.',
    ].join('\n'),
  )
}

function adviseScheme(earlier: string, now: string): readonly string[] {
  const wasHttps = earlier.startsWith('https:')
  if (wasHttps === now.startsWith('https:')) return []
  return [`It was made ${wasHttps ? 'with' : 'without'} --https: start it ${wasHttps ? 'with' : 'without'} it again.`]
}

function recordFile({ dataDir }: Pick<Config, 'dataDir'>): string {
  return join(dataDir, 'installation.json')
}
