/** Enrols an organisation: `npm run organisation -- add …`. The programs may be running. */
import { parseArgs } from 'node:util'
import { credentialIssuerOf, parseIssuerProfile } from '@wegwijzer/issuer'
import { parseVerifierProfile, verifierUrlOf } from '@wegwijzer/verifier'
import { type ApiProgram, apiUrlOf } from './running/addresses.ts'
import { addIssuer, addVerifier, type OwnIssuerFiles, type OwnVerifierFiles } from './setup/add-organisation.ts'
import { openDevelopmentInstallation } from './setup/development-only.ts'
import { runProgram, UsageError } from './setup/failure.ts'
import type { Installation } from './setup/installation.ts'
import type { KeyFiles } from './setup/own-files.ts'
import { readPolicies, readProfileFile } from './setup/profile-files.ts'

const USAGE = `usage: npm run organisation -- add --profile <file> [--role issuer|verifier] [--policies <folder>] [--json]
           [--credential-key <file> [--credential-certificate <file>]]
           [--status-list-key <file> [--status-list-certificate <file>]]
           [--access-key <file> [--access-certificate <file>]] [--registration-certificate <file>]…

  --profile   who it is, as in issuer/profiles/ (issues) or verifier/profiles/ (asks)
  --role      which of the two; by default what the profile looks like
  --policies  of one that asks: a folder with a file for each policy, as in verifier/policies/
  --json      the answer as JSON

Makes keys, certificates, registrations and the entry in the trust list, and prints an API key, once.
With keys of its own (PEM or JWK; its certificates PEM, leaf first, or the x5c of the JWK) these are checked and used, and
none are made for that purpose. Their authorities must stand in the trust list: npm run trust-list -- anchor …
A registration certificate is taken for the policy with its intended use, when that is registered for the first time.

For an organisation that does both, run it twice. Run again, it renews what has expired and prints another API key.`

const OPTIONS = {
  profile: { type: 'string' },
  role: { type: 'string' },
  policies: { type: 'string' },
  'credential-key': { type: 'string' },
  'credential-certificate': { type: 'string' },
  'status-list-key': { type: 'string' },
  'status-list-certificate': { type: 'string' },
  'access-key': { type: 'string' },
  'access-certificate': { type: 'string' },
  'registration-certificate': { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** Options that mean something for one of the two only. */
const OPTIONS_OF = {
  issuer: ['credential-key', 'credential-certificate', 'status-list-key', 'status-list-certificate'],
  verifier: ['policies', 'access-key', 'access-certificate', 'registration-certificate'],
} as const

await runProgram(async () => {
  const { values, positionals } = readArguments(process.argv.slice(2))
  if (values.help) return void process.stdout.write(`${USAGE}\n`)
  const { profile: file, policies: folder } = values
  if (positionals.length !== 1 || positionals[0] !== 'add' || file === undefined) throw new UsageError(USAGE)
  const role = values.role === undefined ? guessRole(file) : parseRole(values.role)
  const misplaced = OPTIONS_OF[role === 'issuer' ? 'verifier' : 'issuer'].find((name) => values[name] !== undefined)
  if (misplaced !== undefined) {
    throw new UsageError(`--${misplaced} is for an organisation that ${role === 'issuer' ? 'asks' : 'issues'}`)
  }

  const now = Math.floor(Date.now() / 1000)
  const installation = await openDevelopmentInstallation(process.env, now)
  const added =
    role === 'issuer'
      ? await addAsIssuer(installation, file, ownIssuerFiles(values), now)
      : await addAsVerifier(installation, { file, folder, own: ownVerifierFiles(values) }, now)
  process.stdout.write(values.json ? `${JSON.stringify(added, undefined, 2)}\n` : describe(added))
})

type Values = ReturnType<typeof readArguments>['values']

function ownIssuerFiles(values: Values): OwnIssuerFiles {
  const credential = keyFiles('credential', values['credential-key'], values['credential-certificate'])
  const statusList = keyFiles('status-list', values['status-list-key'], values['status-list-certificate'])
  return { ...(credential && { credential }), ...(statusList && { status_list: statusList }) }
}

function ownVerifierFiles(values: Values): OwnVerifierFiles {
  const accessKey = keyFiles('access', values['access-key'], values['access-certificate'])
  const registrations = values['registration-certificate']
  return { ...(accessKey && { accessKey }), ...(registrations && { registrations }) }
}

function keyFiles(name: string, key: string | undefined, certificates: string | undefined): KeyFiles | undefined {
  if (key !== undefined) return { key, certificates }
  if (certificates === undefined) return undefined
  throw new UsageError(`--${name}-certificate goes with --${name}-key`)
}

interface Added {
  readonly organisation: string
  readonly role: ApiProgram
  /** What it is called in certificates and the trust list. */
  readonly identifier: string
  readonly api: string
  readonly policies?: readonly string[]
  readonly apiKey: string
}

async function addAsIssuer(installation: Installation, file: string, own: OwnIssuerFiles, now: number): Promise<Added> {
  const profile = readProfileFile(file, parseIssuerProfile)
  const { config } = installation
  const apiKey = await addIssuer(installation, profile, now, own)
  return {
    organisation: profile.id,
    role: 'issuer',
    identifier: credentialIssuerOf(config.addresses.issuer.url, profile.id),
    api: `${apiUrlOf(config, 'issuer')}/${profile.id}/v1`,
    apiKey,
  }
}

async function addAsVerifier(
  installation: Installation,
  { file, folder, own }: { readonly file: string; readonly folder: string | undefined; readonly own: OwnVerifierFiles },
  now: number,
): Promise<Added> {
  const profile = readProfileFile(file, parseVerifierProfile)
  const policies = folder === undefined ? [] : readPolicies(folder)
  const { config } = installation
  const apiKey = await addVerifier(installation, { profile, policies }, now, own)
  return {
    organisation: profile.id,
    role: 'verifier',
    identifier: verifierUrlOf(config.addresses.verifier.url, profile.id),
    api: `${apiUrlOf(config, 'verifier')}/${profile.id}/v1`,
    policies: policies.map(({ id }) => id),
    apiKey,
  }
}

function describe({ organisation, role, identifier, api, policies, apiKey }: Added): string {
  return [
    `${organisation} is enrolled at the ${role}.`,
    `  identifier  ${identifier}`,
    `  API         ${api}`,
    ...(policies ? [`  policies    ${policies.join(', ') || 'none'}`] : []),
    `  API key     ${apiKey}`,
    'Keep the API key: it cannot be shown again.',
    '',
  ].join('\n')
}

/** Only who issues has a list of credentials. */
function guessRole(file: string): ApiProgram {
  const profile: unknown = readProfileFile(file, (value) => value)
  const isObject = typeof profile === 'object' && profile !== null
  return isObject && 'credentials' in profile ? 'issuer' : 'verifier'
}

function parseRole(role: string): ApiProgram {
  if (role === 'issuer' || role === 'verifier') return role
  throw new UsageError(USAGE)
}

function readArguments(parameters: readonly string[]) {
  try {
    return parseArgs({ args: [...parameters], options: OPTIONS, allowPositionals: true })
  } catch (cause) {
    throw new UsageError(USAGE, { cause })
  }
}
