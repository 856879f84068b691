import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runTool } from '../support/run-tool.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World

beforeAll(async () => {
  // The tools read the clock of the machine, so this world begins at its time.
  world = await startWorld({ now: Math.floor(Date.now() / 1000) })
})

afterAll(() => world.close())

function settings(): Record<string, string> {
  const { wallet, issuer, verifier } = world.config.addresses
  return {
    DATA_DIR: world.dataDir,
    WALLET_PORT: String(wallet.port),
    ISSUER_PORT: String(issuer.port),
    VERIFIER_PORT: String(verifier.port),
  }
}

async function run(program: string, ...parameters: string[]) {
  const ended = await runTool(program, parameters, settings())
  // The tools read the clock of the machine; the world's goes on to what they wrote.
  world.clock.advance(Math.floor(Date.now() / 1000) - world.clock.now())
  return ended
}

/** Writes a file beside the data. @returns Its path. */
function write(name: string, content: unknown): string {
  const path = join(world.dataDir, name)
  writeFileSync(path, JSON.stringify(content))
  return path
}

const BAKERY = {
  id: 'bakkerij-jansen',
  name: { nl: 'Bakkerij Jansen (demo)', en: 'Jansen Bakery (demo)' },
  identifier: 'NTRNL-90007777',
  registeredNumbers: [{ type: 'KVK', value: '90007777' }],
}
const ISSUING_BAKERY = {
  ...BAKERY,
  identification: { nl: 'De werkgever kent de werknemer.', en: 'The employer knows the employee.' },
  credentials: [{ type: 'werkervaring', validDays: 366, batchSize: 20, status: true }],
}
const ASKING_BAKERY = {
  ...BAKERY,
  country: 'NL',
  contact: { email: 'privacy@bakkerij.example' },
  supervisoryAuthority: { name: 'Autoriteit Persoonsgegevens', uri: 'https://www.autoriteitpersoonsgegevens.nl' },
}

async function post(url: string, apiKey: string, body: unknown) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: JSON.parse(await answer.text()) }
}

describe('npm run organisation, while everything runs', () => {
  test('an employer that is added issues, and a wallet believes it', async () => {
    const added = await run('tools/organisation.ts', 'add', '--profile', write('issuer.json', ISSUING_BAKERY), '--json')
    expect(added).toMatchObject({ code: 0, stderr: '' })
    const { api, apiKey, role } = JSON.parse(added.stdout)
    expect(role).toBe('issuer')

    const claims = JSON.parse(readFileSync(new URL('../../schemas/werkervaring/example.json', import.meta.url), 'utf8'))
    const offer = await post(`${api}/offers`, apiKey, { credentialType: 'werkervaring', claims, txCode: false })
    expect(offer.status).toBe(201)
    const { wallet } = world.newWallet()
    const receipt = await wallet.beginReceipt(offer.body.credentialOffer)
    expect(receipt.issuer.name).toContainEqual({ lang: 'nl', value: 'Bakkerij Jansen (demo)' })
    expect(await wallet.acceptReceipt(receipt)).toHaveLength(1)
  })

  test('the same employer is added as one that asks: one entry has both roles, and a wallet answers it', async () => {
    const policy = JSON.parse(
      readFileSync(new URL('../../verifier/policies/grand-contex/werkgever-diploma.json', import.meta.url), 'utf8'),
    )
    const folder = join(world.dataDir, 'policies')
    mkdirSync(folder)
    writeFileSync(join(folder, 'diploma.json'), JSON.stringify({ ...policy, id: 'bakkerij-diploma' }))
    const profile = write('verifier.json', ASKING_BAKERY)
    const added = await run('tools/organisation.ts', 'add', '--profile', profile, '--policies', folder, '--json')
    expect(added).toMatchObject({ code: 0, stderr: '' })
    const { api, apiKey, policies } = JSON.parse(added.stdout)
    expect(policies).toEqual(['bakkerij-diploma'])

    const { entries } = JSON.parse(readFileSync(join(world.dataDir, 'trust-list.json'), 'utf8'))
    expect(entries.filter(({ organisation }: { organisation: string }) => organisation === BAKERY.id)).toMatchObject([
      { roles: ['credential_issuer', 'verifier'], mayIssue: [{ vct: expect.stringContaining('/werkervaring/') }] },
    ])

    const { wallet } = await world.newWalletWith('diploma')
    const asked = await post(`${api}/presentation-requests`, apiKey, {
      policy: 'bakkerij-diploma',
      flow: 'cross_device',
    })
    expect(asked.status).toBe(201)
    await wallet.confirmPresentation(await wallet.beginPresentation(asked.body.authorizationRequest))
    const result = await fetch(`${api}/presentation-requests/${asked.body.id}`, {
      headers: { authorization: `Bearer ${apiKey}` },
    })
    expect(await result.json()).toMatchObject({ report: { verdict: 'accepted' } })
  })

  test('prints the API key, once, for a person too', async () => {
    const added = await run('tools/organisation.ts', 'add', '--profile', write('issuer.json', ISSUING_BAKERY))
    expect(added.stdout.match(/ww_[A-Za-z0-9_-]{43}/g)).toHaveLength(1)
  })

  test('an identifier that another organisation has is refused, and nothing is enrolled', async () => {
    const profile = write('thief.json', { ...ISSUING_BAKERY, id: 'dief', identifier: 'NTRNL-90001354' })
    const refused = await run('tools/organisation.ts', 'add', '--profile', profile)
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: 'an identifier stands in the list twice\n' })
    const answer = await fetch(`${world.urls.issuer}/.well-known/openid-credential-issuer/dief`)
    expect(answer.status).toBe(404)
  })

  test('a profile with a mistake is refused, with the place of it', async () => {
    const profile = write('wrong.json', { ...ISSUING_BAKERY, identifier: 'bakker' })
    const refused = await run('tools/organisation.ts', 'add', '--profile', profile)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain(`${profile}: the profile of an issuer is malformed at /identifier`)
  })

  test('production is refused: its authorities are other people’s', async () => {
    const refused = await runTool('tools/organisation.ts', ['add', '--profile', write('issuer.json', ISSUING_BAKERY)], {
      ...settings(),
      WEGWIJZER_ENV: 'production',
      WALLET_URL: 'https://wallet.example',
      ISSUER_URL: 'https://issuer.example',
      VERIFIER_URL: 'https://verifier.example',
    })
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('production refuses')
  })
})

test('npm run trust-list: who is removed is not believed any more, and who is added again is', async () => {
  const { credentialOffer } = await world.offer('vakcertificaat')
  const { entries } = JSON.parse(readFileSync(join(world.dataDir, 'trust-list.json'), 'utf8'))
  const entry = entries.find(({ organisation }: { organisation: string }) => organisation === 'testexamens-heftruck')

  expect((await run('tools/trust-list.ts', 'remove', 'testexamens-heftruck')).code).toBe(0)
  await expect(world.newWallet().wallet.beginReceipt(credentialOffer)).rejects.toMatchObject({ kind: 'not_trusted' })
  expect((await run('tools/trust-list.ts', 'remove', 'testexamens-heftruck')).code).toBe(1)

  expect((await run('tools/trust-list.ts', 'add', '--entry', write('entry.json', entry))).code).toBe(0)
  expect((await world.newWallet().wallet.beginReceipt(credentialOffer)).types).toHaveLength(1)

  const signed = await run('tools/trust-list.ts', 'sign')
  expect(signed.stdout).toMatch(/^Signed: sequence \d+, \d+ organisations/)
  expect(
    (await run('tools/trust-list.ts', 'add', '--entry', write('entry.json', { ...entry, roles: 'all' }))).code,
  ).toBe(1)
})

describe('npm run demo', () => {
  test('an offer is one line on standard output, and its code goes another way', async () => {
    const offered = await run('tools/demo.ts', 'offer', 'pid', '--tx-code')
    expect(offered.stdout).toMatch(/^openid-credential-offer:\/\/\S+\n$/)
    const [, txCode = ''] = /(\d{6})\n$/.exec(offered.stderr) ?? []
    const { wallet } = world.newWallet()
    expect(await wallet.acceptReceipt(await wallet.beginReceipt(offered.stdout.trim()), { txCode })).toHaveLength(1)
  })

  test('a same-device request is a page to start from, and nothing is told before the worker came back', async () => {
    const asked = await run('tools/demo.ts', 'request', 'uwv-intake', '--same-device')
    expect(asked.stdout.trim()).toMatch(new RegExp(`^${world.urls.verifier}/uwv/`))
    const result = await run('tools/demo.ts', 'result')
    expect(result.stdout).toContain('state    requested\n')
    expect(result.stdout).not.toContain('verdict')
  })

  test('the result of an earlier request is found by its id, whichever organisation made it', async () => {
    const { id } = await world.ask('grand-contex', 'werkgever-diploma')
    const found = await run('tools/demo.ts', 'result', id, '--json')
    expect(JSON.parse(found.stdout)).toMatchObject({ id, policy: 'werkgever-diploma', organisation: 'grand-contex' })
    const unknown = await run('tools/demo.ts', 'result', '00000000-0000-4000-8000-000000000000')
    expect(unknown).toMatchObject({ code: 1, stderr: 'No demo organisation has a request with this id\n' })
  })

  test('a type of which nothing was issued cannot be revoked', async () => {
    const refused = await run('tools/demo.ts', 'revoke', 'baanintentie')
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('grand-contex has issued no baanintentie')
  })

  test('a policy that cannot be asked yet is refused in words', async () => {
    const refused = await run('tools/demo.ts', 'request', 'opleider-betaling')
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('/policy')
  })

  test('says so where nothing runs, and where nothing was set up', async () => {
    const away = await runTool('tools/demo.ts', ['offer', 'pid'], { ...settings(), INTERNAL_PORT: '9' })
    expect(away).toMatchObject({ code: 1, stdout: '' })
    expect(away.stderr).toContain('is `npm start` running?')
    const empty = await runTool('tools/demo.ts', ['offer', 'pid'], { DATA_DIR: join(world.dataDir, 'nothing') })
    expect(empty).toMatchObject({ code: 1, stdout: '' })
    expect(empty.stderr).toContain('run `npm start` first')
  })
})

describe('a wrong command line exits with 2 and says what is right', () => {
  test.each([
    ['tools/demo.ts', []],
    ['tools/demo.ts', ['offer', 'rijbewijs']],
    ['tools/demo.ts', ['request', 'no-policy', '--wrong']],
    ['tools/organisation.ts', ['add']],
    ['tools/trust-list.ts', ['remove']],
    ['tools/trust-list.ts', ['sign', 'more']],
  ])('%s %j', async (program, parameters) => {
    const { code, stdout, stderr } = await run(program, ...parameters)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/usage: npm run|there are/)
  })
})
