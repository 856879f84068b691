/** Keeps the trust list of a development machine: `npm run trust-list -- add|remove|anchor|sign`. The programs may be running. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Certificate, decodePem, parseCertificate, TRUST_ROLES, type TrustRole } from '@wegwijzer/keys/x509'
import {
  addAnchor,
  addEntry,
  removeAnchor,
  removeEntry,
  type TrustListContent,
  TrustListEntrySchema,
} from '@wegwijzer/trust/trust-list'
import { Check, Errors } from 'typebox/value'
import { openDevelopmentInstallation } from './setup/development-only.ts'
import { runProgram, UsageError } from './setup/failure.ts'
import { readProfileFile } from './setup/profile-files.ts'
import { SetupError } from './setup/setup-error.ts'
import { publishTrustList, readTrustListContent, signTrustList } from './setup/trust-list.ts'

const USAGE = `usage: npm run trust-list -- <command>

  add --entry <file>     adds an organisation, or replaces its entry; the file is one entry, as in data/trust-list.json
  remove <organisation>  removes an organisation: from then on nobody believes it
  anchor --role <role> --certificate <file> [--remove]
                         adds a certificate authority (PEM) in one role, or removes it; roles are
                         ${TRUST_ROLES.join(', ')}
  sign                   signs the list as it is, with a new date`

await runProgram(async () => {
  const { values, positionals } = readArguments(process.argv.slice(2))
  if (values.help) return void process.stdout.write(`${USAGE}\n`)
  const change = parseChange(positionals, values)
  const now = Math.floor(Date.now() / 1000)
  const installation = await openDevelopmentInstallation(process.env, now)
  const content = change(readTrustListContent(installation), now)
  publishTrustList(installation, await signTrustList(installation.authorities, content, now))
  process.stdout.write(
    `Signed: sequence ${content.sequence}, ${content.entries.length} organisations. Wallets see it within minutes.\n`,
  )
})

type TrustListChange = (content: TrustListContent, now: number) => TrustListContent
type Values = ReturnType<typeof readArguments>['values']

function parseChange([command, word, ...more]: readonly string[], values: Values): TrustListChange {
  const { entry, role, certificate, remove } = values
  const has = (...names: readonly string[]) => Object.keys(values).every((name) => [...names, 'help'].includes(name))
  if (more.length > 0) throw new UsageError(USAGE)
  if (command === 'add' && word === undefined && entry !== undefined && has('entry')) return readAddition(entry)
  if (command === 'remove' && word !== undefined && has()) return makeRemoval(word)
  if (command === 'sign' && word === undefined && has()) return (content) => content
  if (command === 'anchor' && word === undefined && certificate !== undefined && has('role', 'certificate', 'remove')) {
    return readAnchor(parseRole(role), certificate, remove === true)
  }
  throw new UsageError(USAGE)
}

function parseRole(role: string | undefined): TrustRole {
  const found = TRUST_ROLES.find((known) => known === role)
  if (found === undefined) throw new UsageError(`--role must be one of ${TRUST_ROLES.join(', ')}`)
  return found
}

function readAnchor(role: TrustRole, file: string, isRemoval: boolean): TrustListChange {
  const certificate = readAuthorityFile(file)
  return (content, now) => {
    if (!isRemoval && (certificate.notBefore > now || certificate.notAfter < now)) {
      throw new SetupError(`${file}: the authority does not hold now`)
    }
    const changed = (isRemoval ? removeAnchor : addAnchor)(content, role, certificate.der)
    if (changed !== content) return changed
    throw new SetupError(
      `${file}: it ${isRemoval ? 'does not stand' : 'stands'} in the trust list as ${role}${isRemoval ? '' : ' already'}`,
    )
  }
}

/** What can never be an anchor is refused here, where it can still be told which file it was. */
function readAuthorityFile(file: string): Certificate {
  try {
    const certificate = parseCertificate(decodePem('CERTIFICATE', readFileSync(file, 'utf8'))[0])
    if (!certificate.isCa || certificate.keyUsage?.keyCertSign !== true) {
      throw new SetupError('it is not the certificate of an authority')
    }
    return certificate
  } catch (error) {
    throw new SetupError(`${file}: ${error instanceof Error ? error.message : 'cannot be read'}`, { cause: error })
  }
}

function readAddition(file: string): TrustListChange {
  const entry = readProfileFile(file, (value) => {
    if (Check(TrustListEntrySchema, value)) return value
    const [first] = Errors(TrustListEntrySchema, value)
    throw new TypeError(`not an entry of a trust list, at ${first?.instancePath || 'its root'}`)
  })
  return (content) => addEntry(content, entry)
}

function makeRemoval(organisation: string): TrustListChange {
  return (content) => {
    const changed = removeEntry(content, organisation)
    if (changed === content) throw new SetupError(`${organisation} does not stand in the trust list`)
    return changed
  }
}

function readArguments(parameters: readonly string[]) {
  try {
    return parseArgs({
      args: [...parameters],
      options: {
        entry: { type: 'string' },
        role: { type: 'string' },
        certificate: { type: 'string' },
        remove: { type: 'boolean' },
        help: { type: 'boolean', short: 'h', default: false },
      },
      allowPositionals: true,
    })
  } catch (cause) {
    throw new UsageError(USAGE, { cause })
  }
}
