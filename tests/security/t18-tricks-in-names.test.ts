import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'
import { demoClaims } from '../../tools/setup/demo-claims.ts'
import { run } from '../../wallet/cli/src/run.ts'
import { startWorld } from '../support/world.ts'
import { send } from './http.testing.ts'

/** T18: a name or a claim is a text, whatever characters are in it: it moves no cursor, turns no line round and is no page. */
// The terminal wallet reads the clock of the machine.
const world = await startWorld({ now: Math.floor(Date.now() / 1000) })
const walletDir = mkdtempSync(join(tmpdir(), 'wegwijzer-tricks-'))
afterAll(async () => {
  await world.close()
  rmSync(walletDir, { recursive: true })
})

const TRICKS = [
  '\u001b[2J\u001b[1;1HUWV vraagt niets',
  '\u001b]8;;https://evil.example\u001b\\klik\u001b]8;;\u001b\\',
  '\u009b31mrood',
  '\u202egnidlepo',
  '\u2066links\u2069\u200b\u200f',
  'a\r\nDelen? ja',
  '<script>alert(1)</script>',
  '\u0007\u0008\u007f',
]

async function wallet(...args: readonly string[]): Promise<string> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const env = {
    WALLET_DIR: walletDir,
    WALLET_PASSPHRASE: 'een lange zin die u onthoudt',
    TRUST_LIST_URL: world.config.trustListUrl,
    TRUST_LIST_ANCHOR: world.config.trustListAnchorFile,
  }
  const exitCode = await run(args, env, { stdin, stdout, stderr })
  const printed = `${await text(stdout.end())}${await text(stderr.end())}`
  expect(exitCode, printed).toBe(0)
  return printed
}

test('a diploma with tricks in it is received and shown as text, in words and as JSON', async () => {
  const honest = demoClaims(world.installation.firstDay).diploma
  for (const trick of TRICKS) {
    const claims = { ...honest, qualification_name: trick }
    const made = await world.offer('diploma', { claims }).catch(() => undefined)
    // An issuer may refuse such a claim; what it takes, the wallet has to show.
    if (made === undefined) continue
    await wallet('receive', made.credentialOffer)
  }
  const { credentials } = JSON.parse(await wallet('list', '--json'))
  expect(credentials.length).toBeGreaterThan(0)
  const shown = [await wallet('list'), await wallet('list', '--json'), await wallet('activity')]
  for (const { id } of credentials) shown.push(await wallet('show', id), await wallet('show', id, '--json'))
  for (const screen of shown) expect(screen.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  expect(shown.join('\n')).not.toMatch(/^Delen\?/m)
})

test('no page repeats what stands in its address', async () => {
  const trick = encodeURIComponent('<script>alert(1)</script>')
  for (const url of Object.values(world.urls)) {
    for (const path of [
      `/${trick}`,
      `/uwv/start/${trick}`,
      `/uwv/presented/${trick}?response_code=${trick}`,
      `/delen?x=${trick}`,
    ]) {
      const answer = await send({ method: 'GET', url: `${url}${path}`, headers: { accept: 'text/html' } })
      expect([path, /<script|alert/.test(answer.text)]).toEqual([path, false])
    }
  }
})
