import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { PROJECT_ROOT } from '../support/project-files.ts'
import { makeLimitRow, type Row } from './table.ts'

/** What of rolldown is used: it comes with vitest, and is not ours to depend on by name. */
interface Bundler {
  rolldown(options: object): Promise<{
    generate(options: object): Promise<{ readonly output: readonly { readonly code?: string }[] }>
    close(): Promise<void>
  }>
}

/** Every entry of the protocol package, everything they export kept, minified and gzipped. */
export async function measureBundle(): Promise<readonly Row[]> {
  const { rolldown } = await loadBundler()
  const manifest = JSON.parse(readFileSync(`${PROJECT_ROOT}packages/protocol/package.json`, 'utf8'))
  const files = Object.values<string>(manifest.exports)
  const entry = files.map((file, at) => `export * as part${at} from '${PROJECT_ROOT}packages/protocol/${file}'`)
  const name = 'bench-entry'
  const bundle = await rolldown({
    input: name,
    platform: 'browser',
    external: [/^jose$/, /^typebox(\/|$)/],
    logLevel: 'silent',
    plugins: [
      {
        name: 'entry',
        resolveId: (id: string) => (id === name ? `\0${name}` : null),
        load: (id: string) => (id === `\0${name}` ? entry.join('\n') : null),
      },
    ],
  })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  await bundle.close()
  const code = output.map((chunk) => chunk.code ?? '').join('')
  const gzipped = gzipSync(code, { level: 9 }).length
  return [
    makeLimitRow(
      'our protocol code in a browser bundle, gzipped, without jose, TypeBox, X.509',
      { target: 30, unit: 'kB' },
      gzipped / 1000,
      `all of packages/protocol, the issuer’s and verifier’s side too; ${(code.length / 1000).toFixed(0)} kB minified`,
    ),
  ]
}

async function loadBundler(): Promise<Bundler> {
  const ofProject = createRequire(`${PROJECT_ROOT}package.json`)
  const ofVitest = createRequire(ofProject.resolve('vitest/package.json'))
  const ofVite = createRequire(ofVitest.resolve('vite/package.json'))
  return import(pathToFileURL(ofVite.resolve('rolldown')).href)
}
