import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../../../..')

/** Which packages a fresh process has loaded after this. */
async function loadedBy(code: string): Promise<readonly string[]> {
  const watch = `
    import { registerHooks } from 'node:module'
    const loaded = new Set()
    registerHooks({ load(url, context, next) {
      const name = /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1]
      if (name !== undefined) loaded.add(name)
      return next(url, context)
    } })
    ${code}
    console.log(JSON.stringify([...loaded]))
  `
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', watch], {
    cwd: ROOT,
  })
  return JSON.parse(stdout)
}

const isOfVeramo = (name: string) => /^(@veramo\/.*|did-jwt|did-jwt-vc|ethers)$/.test(name)

const PROGRAMS = [
  'issuer/src/issuer.ts',
  'verifier/src/verifier.ts',
  'wallet/cli/src/run.ts',
  'wallet/server/src/wallet-server.ts',
  'packages/keys/src/did/did.ts',
]

test('no program loads Veramo when it starts', async () => {
  const loaded = await loadedBy(PROGRAMS.map((file) => `await import('./${file}')`).join('\n'))
  expect(loaded).toContain('fastify')
  expect(loaded.filter(isOfVeramo)).toEqual([])
})

test('the first W3C credential loads it', async () => {
  const loaded = await loadedBy(`
    const { generateNodeSigner } = await import('./packages/keys/src/node-crypto.ts')
    const { holderIdentity, issueJwtVc } = await import('./packages/keys/src/did/did.ts')
    const issuer = holderIdentity(generateNodeSigner())
    await issueJwtVc({ issuer, subject: issuer.did, type: 'urn:x', claims: { eqf_level: 4 }, issuedAt: 1, expiresAt: 2 })
  `)
  expect(loaded.filter(isOfVeramo)).toContain('@veramo/core')
})
