import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { nodeCrypto } from '@wegwijzer/keys/node'
import { generateHolderKey } from '@wegwijzer/keys/web'
import { encodePem, makeSelfSignedCertificate } from '@wegwijzer/keys/x509'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from './run.ts'

/** A file that is neither a wallet nor a certificate nor a backup. */
const ANY_FILE = fileURLToPath(import.meta.url)

const PASSPHRASE = 'een lange zin die u onthoudt'

let place: string
let anchorFile: string

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'wegwijzer-cli-'))
  anchorFile = join(place, 'anchor.pem')
  const { signer } = await generateHolderKey()
  const subject = { commonName: 'Trust list (test)', countryName: 'NL' }
  const times = { notBefore: 1_790_000_000, notAfter: 1_890_000_000 }
  const { der } = await makeSelfSignedCertificate({ subject, ...times, signer, crypto: nodeCrypto })
  writeFileSync(anchorFile, encodePem('CERTIFICATE', der))
})

afterAll(() => rmSync(place, { recursive: true }))

interface Ran {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs one command with nobody at the terminal and nothing to reach. */
async function runCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const surroundings = {
    WALLET_DIR: join(place, 'wallet'),
    WALLET_PASSPHRASE: PASSPHRASE,
    TRUST_LIST_ANCHOR: anchorFile,
    TRUST_LIST_URL: 'http://localhost:9/trust-list.jwt',
    ...env,
  }
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const exitCode = await run(args, surroundings, { stdin, stdout, stderr })
  return { exitCode, stdout: await text(stdout.end()), stderr: await text(stderr.end()) }
}

test('an empty wallet is made, for its owner only, and says that it is empty', async () => {
  expect(await runCommand(['list'])).toEqual({ exitCode: 0, stdout: 'U hebt nog geen bewijzen.\n', stderr: '' })
  expect(statSync(join(place, 'wallet', 'wallet.sqlite')).mode & 0o777).toBe(0o600)
  const { stdout } = await runCommand(['list', '--json'])
  expect(JSON.parse(stdout)).toEqual({ credentials: [] })
  const activity = await runCommand(['activity', '--json'])
  expect(JSON.parse(activity.stdout)).toEqual({ transactions: [] })
})

test('help is Dutch, and English where it is asked for', async () => {
  const dutch = await runCommand(['--help'])
  expect(dutch).toMatchObject({ exitCode: 0, stderr: '' })
  expect(dutch.stdout).toContain('Zo gebruikt u de wallet')
  expect((await runCommand(['--help', '--lang', 'en'])).stdout).toContain('How to use it')
  expect((await runCommand(['--help'], { LANG: 'en_GB.UTF-8' })).stdout).toContain('How to use it')
})

describe('is usage, exit code 2, with one sentence and nothing on standard output', () => {
  test.each([
    ['an unknown option', ['list', '--verbose'], {}, 'De optie --verbose is er niet'],
    ['no command', [], {}, 'Zeg wat uw wallet moet doen'],
    ['a request with nobody to ask', ['present', 'openid4vp://?client_id=x'], {}, 'Uw wallet kan u hier niet vragen'],
    ['what is no request', ['present', 'klaar', '--yes'], {}, 'Dit is geen aanbod of verzoek'],
    ['what is no offer', ['receive', 'klaar'], {}, 'Dit is geen aanbod'],
    ['a credential that is not there', ['show', 'diploma'], {}, 'U hebt geen bewijs “diploma”'],
    ['a wrong passphrase', ['list'], { WALLET_PASSPHRASE: 'een andere zin' }, 'De wachtzin klopt niet'],
    ['no passphrase', ['list'], { WALLET_PASSPHRASE: '' }, 'Zet hem in WALLET_PASSPHRASE'],
    [
      'a new passphrase too short',
      ['list'],
      { WALLET_DIR: '/nonexistent/new', WALLET_PASSPHRASE: 'kort' },
      'minstens 8 tekens',
    ],
    ['no trust anchor', ['list'], { TRUST_LIST_ANCHOR: 'none.pem' }, 'none.pem. Start eerst'],
    ['a trust anchor that is none', ['list'], { TRUST_LIST_ANCHOR: ANY_FILE }, 'staat geen certificaat'],
    ['an environment with mistakes', ['list'], { WALLET_URL: 'here' }, 'WALLET_URL must be a URL'],
    ['a wallet that is no directory', ['list'], { WALLET_DIR: ANY_FILE }, 'niet te lezen of te schrijven'],
    ['an import of nothing', ['import', 'none.bak'], {}, 'none.bak is er niet'],
    ['an import of what has no end', ['import', '/dev/zero'], {}, 'niet te lezen'],
    ['an import of something else', ['import', ANY_FILE], {}, 'niet met export gemaakt'],
  ])('%s', async (_name, args, env, sentence) => {
    const { exitCode, stdout, stderr } = await runCommand(args, env)
    expect(stderr).toContain(sentence)
    expect(exitCode).toBe(2)
    expect(stdout).toBe('')
  })

  test('a file that is no wallet', async () => {
    mkdirSync(join(place, 'damaged'))
    writeFileSync(join(place, 'damaged', 'wallet.sqlite'), Buffer.alloc(8_192, 'x'))
    const { exitCode, stderr } = await runCommand(['list'], { WALLET_DIR: join(place, 'damaged') })
    expect(stderr).toContain('niet te lezen of te schrijven')
    expect(exitCode).toBe(2)
  })
})

test('with --json a mistake is one document too', async () => {
  const { exitCode, stdout, stderr } = await runCommand(['list', '--json', '--verbose'])
  expect(JSON.parse(stdout)).toEqual({
    error: { kind: 'usage', reason: 'unknown_option', message: expect.stringContaining('--verbose') },
  })
  expect(stderr).toBe('')
  expect(exitCode).toBe(2)
})

test('an issuer that cannot be reached is exit code 3', async () => {
  const offer = 'openid-credential-offer://?credential_offer_uri=http%3A%2F%2Flocalhost%3A9%2Foffer'
  const { exitCode, stdout } = await runCommand(['receive', offer, '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ error: { kind: 'unreachable' } })
  expect(exitCode).toBe(3)
})

test('of several offers each is tried, and the exit code is the highest', async () => {
  const away = 'openid-credential-offer://?credential_offer_uri=http%3A%2F%2Flocalhost%3A9%2Foffer'
  const { exitCode, stdout } = await runCommand(['receive', away, 'klaar', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    credentials: [],
    failed: [
      { offer: 1, error: { kind: 'unreachable' } },
      { offer: 2, error: { kind: 'invalid_input' } },
    ],
    error: { kind: 'unreachable' },
  })
  expect(exitCode).toBe(3)
})

describe('a wallet is taken along', () => {
  test('in a file for its owner only, that is never written over', async () => {
    const file = join(place, 'wallet.bak')
    const { exitCode, stdout } = await runCommand(['export', file])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('Elke kopie van uw bewijzen is er nu twee keer')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const content = readFileSync(file)
    const again = await runCommand(['export', file])
    expect(again.stderr).toContain('bestaat al en wordt niet overschreven')
    expect(again.exitCode).toBe(2)
    expect(readFileSync(file)).toEqual(content)
  })

  test('under a passphrase of its own, which opens it elsewhere', async () => {
    const file = join(place, 'own.bak')
    const own = { WALLET_BACKUP_PASSPHRASE: 'een eigen zin' }
    expect(await runCommand(['export', file], own)).toMatchObject({ exitCode: 0 })
    const wrong = await runCommand(['import', file])
    expect(wrong.stderr).toContain('De wachtzin past niet bij dit bestand')
    expect(wrong.exitCode).toBe(2)
    // The file opens, and what is in it would now be held against the trust list.
    const there = await runCommand(['import', file, '--json'], { ...own, WALLET_DIR: join(place, 'elsewhere') })
    expect(JSON.parse(there.stdout)).toMatchObject({ error: { reason: 'trust_list_unavailable' } })
  })
})
