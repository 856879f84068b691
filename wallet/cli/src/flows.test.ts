import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWorld, type World } from '../../../tests/support/world.ts'
import { run } from './run.ts'

/** The terminal wallet against real services, with a worker who types. */
let world: World
let walletDir: string

beforeAll(async () => {
  // The terminal wallet reads the clock of the machine.
  world = await startWorld({ now: Math.floor(Date.now() / 1000) })
  walletDir = mkdtempSync(join(tmpdir(), 'wegwijzer-cli-'))
})

afterAll(async () => {
  await world.close()
  rmSync(walletDir, { recursive: true })
})

interface Ran {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command; who types answers each question with the next line, and without lines nobody is there. */
async function wallet(args: readonly string[], typed?: readonly string[]): Promise<Ran> {
  const isTTY = typed !== undefined
  const makeStream = () => Object.assign(new PassThrough(), { isTTY })
  const [stdin, stdout, stderr] = [makeStream(), makeStream(), makeStream()]
  const answers = [...(typed ?? [])]
  const shown: string[] = []
  stderr.on('data', (chunk: Buffer) => {
    shown.push(String(chunk))
    const answer = /[:\]] $/.test(String(chunk)) ? answers.shift() : undefined
    if (answer !== undefined) stdin.write(`${answer}\r`)
  })
  const env = {
    WALLET_DIR: walletDir,
    WALLET_PASSPHRASE: 'een lange zin die u onthoudt',
    TRUST_LIST_URL: world.config.trustListUrl,
    TRUST_LIST_ANCHOR: world.config.trustListAnchorFile,
  }
  const exitCode = await run(args, env, { stdin, stdout, stderr })
  return { exitCode, stdout: await text(stdout.end()), stderr: shown.join('') }
}

describe('receiving', () => {
  test('collects several offers at once', async () => {
    const offers = [await world.offer('werkervaring'), await world.offer('diploma')]
    const { exitCode, stdout, stderr } = await wallet(['receive', ...offers.map((offer) => offer.credentialOffer)])
    expect(stderr).toContain('ROC Midden Nederland (demo) biedt u aan: ')
    expect(stdout).toMatch(
      /^Ontvangen: .* van Grand Contex \(demo\)\nOntvangen: .* van ROC Midden Nederland \(demo\)\n$/,
    )
    expect(exitCode).toBe(0)
    const { credentials } = JSON.parse((await wallet(['list', '--json'])).stdout)
    expect(credentials).toHaveLength(2)
    expect(credentials[0]).toMatchObject({ status: 'valid', copiesLeft: 20 })
  })

  test('asks for the code of an offer where somebody can type it', async () => {
    const { credentialOffer, txCode = '' } = await world.offer('vakcertificaat', { txCode: true })
    const nobody = await wallet(['receive', credentialOffer])
    expect(nobody.stderr).toContain('Bij dit aanbod hoort een code')
    expect(nobody.exitCode).toBe(2)
    const wrong = await wallet(['receive', credentialOffer, '--json'], [txCode === '000000' ? '000001' : '000000'])
    expect(JSON.parse(wrong.stdout)).toMatchObject({ error: { kind: 'refused', reason: 'invalid_grant' } })
    expect(wrong.exitCode).toBe(3)
    const right = await wallet(['receive', credentialOffer], [txCode])
    expect(right.stderr).toContain('Typ de code die u van Testexamens Heftruck (demo) kreeg (6 tekens): ')
    expect(right.exitCode).toBe(0)
  })

  test('takes the code from its option', async () => {
    const { credentialOffer, txCode = '' } = await world.offer('ww-registratie', { txCode: true })
    expect(await wallet(['receive', credentialOffer, '--tx-code', txCode])).toMatchObject({ exitCode: 0 })
  })

  test('an issuer that nobody vouches for is not trusted, and the other offers are still collected', async () => {
    const { credentialOffer } = await world.offer('baanintentie')
    const offer = {
      credential_issuer: `${world.urls.issuer}/nobody`,
      credential_configuration_ids: ['diploma'],
      grants: { 'urn:ietf:params:oauth:grant-type:pre-authorized_code': { 'pre-authorized_code': 'x' } },
    }
    const unknown = `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(offer))}`
    const { exitCode, stdout } = await wallet(['receive', unknown, credentialOffer, '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      credentials: [{ vct: 'https://wegwijzer.example/types/baanintentie/1' }],
      failed: [{ offer: 1, error: { kind: 'not_trusted', reason: 'issuer_unknown' } }],
    })
    expect(exitCode).toBe(4)
  })
})

describe('sharing', () => {
  test('a no sends nothing but that nothing is shared', async () => {
    const request = await world.ask('uwv', 'uwv-inschrijving')
    const { exitCode, stdout, stderr } = await wallet(['present', request.authorizationRequest], ['nee'])
    expect(stdout).toContain('UWV (demo) vraagt u om gegevens')
    expect(stderr).toContain('Delen? [ja/nee] ')
    expect(exitCode).toBe(1)
    expect(await request.result()).toMatchObject({ state: 'refused' })
  })

  test.each([
    ['an empty answer', ''],
    ['anything else', 'misschien'],
    ['Ctrl-C', '\u0003'],
  ])('%s is no yes', async (_name, answer) => {
    const request = await world.ask('uwv', 'uwv-inschrijving')
    expect(await wallet(['present', request.authorizationRequest], [answer])).toMatchObject({ exitCode: 1 })
    expect((await request.result()).claims).toBeUndefined()
  })

  test('a yes sends what the screen showed', async () => {
    const request = await world.ask('uwv', 'uwv-inschrijving')
    const { exitCode, stdout } = await wallet(['present', request.authorizationRequest], ['ja'])
    expect(stdout).toContain('Dit gaat naar UWV (demo):')
    expect(stdout).toContain('Blijft bij u: ')
    expect(stdout).toContain('(meesturen met --with vak)')
    expect(stdout).toContain('Gedeeld met UWV (demo).')
    expect(exitCode).toBe(0)
    const { report, claims } = await request.result()
    expect(report.verdict).toBe('accepted')
    const values = [...Object.values(claims.diploma[0]), ...Object.values(claims.beroep[0])]
    for (const value of values.filter((found) => typeof found === 'string' && !/^\d{4}-/.test(found))) {
      expect(stdout).toContain(value)
    }
  })

  test('--yes --json sends at once, what was named too, and tells it in one document', async () => {
    const request = await world.ask('uwv', 'uwv-inschrijving')
    const args = ['present', request.authorizationRequest, '--with', 'vak', '--choose', 'diploma=1', '--yes', '--json']
    const { exitCode, stdout } = await wallet(args)
    expect(exitCode).toBe(0)
    const { shared, verifier } = JSON.parse(stdout)
    expect(verifier).toEqual({ identifier: 'NTRNL-90009991', name: 'UWV (demo)' })
    expect(shared.map(({ queryId }: { queryId: string }) => queryId)).toEqual(['diploma', 'beroep', 'vak'])
    expect(Object.keys((await request.result()).claims)).toEqual(['diploma', 'beroep', 'vak'])
  })

  test.each([
    ['a query that is not there', ['--with', 'grades']],
    ['a card that is not there', ['--choose', 'diploma=9']],
    ['a combination that is not there', ['--claim-set', 'diploma=9']],
  ])('a choice of %s is usage, and nothing is sent', async (_name, choice) => {
    const request = await world.ask('uwv', 'uwv-inschrijving')
    const args = ['present', request.authorizationRequest, ...choice, '--yes']
    expect(await wallet(args)).toMatchObject({ exitCode: 2, stdout: '' })
    expect(await request.result()).toMatchObject({ state: 'retrieved' })
  })

  test('what the wallet does not have is named with who issues it, and the worker may say so', async () => {
    const request = await world.ask('uwv', 'uwv-intake')
    const silent = await wallet(['present', request.authorizationRequest, '--yes', '--json'])
    expect(JSON.parse(silent.stdout)).toMatchObject({ error: { kind: 'nothing_matches' } })
    expect(silent.exitCode).toBe(5)
    expect(await request.result()).toMatchObject({ state: 'retrieved' })
    const told = await wallet(['present', request.authorizationRequest], ['ja'])
    expect(told.stdout).toContain('Dit kan uw wallet niet geven:')
    expect(told.stdout).toContain('U krijgt het van: ')
    expect(told.exitCode).toBe(5)
    expect(await request.result()).toMatchObject({ state: 'refused' })
  })
})

describe('looking back', () => {
  test('the log has what was shared and refused, in the names of TS10, without values', async () => {
    const { stdout } = await wallet(['activity', '--json'])
    const { transactions } = JSON.parse(stdout)
    expect(transactions).toContainEqual(
      expect.objectContaining({ transactionType: 'Presentation', transactionResult: 'Completed' }),
    )
    expect(stdout).not.toContain('Logistiek teamleider')
    expect((await wallet(['activity'])).stdout).toContain('Niet gedeeld met UWV (demo) (NTRNL-90009991)')
  })

  test('one card shows its values by its short name', async () => {
    const { stdout } = await wallet(['show', 'diploma'])
    expect(stdout).toContain('Logistiek teamleider')
    const { claims } = JSON.parse((await wallet(['show', 'diploma', '--json'])).stdout)
    expect(claims).toMatchObject({ qualification_name: 'Logistiek teamleider' })
  })

  test('a card that was revoked says so before it is shared', async () => {
    const school = world.issuerApi('roc-midden-nederland')
    const { body } = await school.get('/credentials')
    await school.post(`/credentials/${body.credentials[0].id}/revocation`, { reason: 'test' })
    world.clock.advance(6)
    expect((await wallet(['show', 'diploma'])).stdout).toContain('Status: ingetrokken')
    const request = await world.ask('uwv', 'uwv-inschrijving')
    const { stdout } = await wallet(['present', request.authorizationRequest, '--yes'])
    expect(stdout).toContain('Let op: dit bewijs is ingetrokken.')
    const again = await world.ask('uwv', 'uwv-inschrijving')
    const chosen = ['--choose', 'diploma=1', '--yes', '--json']
    const { stderr } = await wallet(['present', again.authorizationRequest, ...chosen])
    expect(stderr).toContain('Let op: dit bewijs is ingetrokken.')
  })
})
