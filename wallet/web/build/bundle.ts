import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { ROUTE_PATHS } from '../src/routes/route.ts'

/** Browsers of the last years: what the app needs (module workers, WebAuthn PRF) is younger than this. */
const TARGET = 'es2022'

/** What is written smaller beside itself; pictures are small already. */
const COMPRESSIBLE = /\.(js|css|html|svg|webmanifest|wasm)$/

/**
 * Bundles the page and its worker, then the service worker with the names of all that it keeps, then compresses.
 *
 * @returns The paths at which the page is to be served.
 */
export async function bundleApp(app: string, outDir: string): Promise<readonly string[]> {
  const before = process.env.NODE_ENV
  // Of what started us, a test runner perhaps, the app must not become another one.
  process.env.NODE_ENV = 'production'
  try {
    await bundle(app, outDir)
  } finally {
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
  }
  return ROUTE_PATHS
}

async function bundle(app: string, outDir: string): Promise<void> {
  const quiet = { configFile: false, logLevel: 'warn', root: app } as const
  await build({
    ...quiet,
    // Nothing is written into the script as data: our policy allows no `data:`.
    build: {
      outDir,
      emptyOutDir: true,
      target: TARGET,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      rolldownOptions: { checks: { pluginTimings: false } },
    },
    worker: { format: 'es', rolldownOptions: { checks: { pluginTimings: false } } },
    plugins: [react()],
  })
  const files = filesIn(outDir)
  const version = createHash('sha256')
  for (const file of files) version.update(file).update(readFileSync(join(outDir, file)))
  await build({
    ...quiet,
    publicDir: false,
    define: {
      FILES: JSON.stringify(files.filter((file) => !file.endsWith('.wasm')).map((file) => `/${file}`)),
      ROUTES: JSON.stringify(ROUTE_PATHS),
      VERSION: JSON.stringify(version.digest('hex').slice(0, 16)),
    },
    build: {
      outDir,
      emptyOutDir: false,
      target: TARGET,
      reportCompressedSize: false,
      rolldownOptions: {
        input: join(app, 'src/service-worker/service-worker.ts'),
        output: { entryFileNames: 'service-worker.js' },
      },
    },
  })
  for (const file of filesIn(outDir)) compress(join(outDir, file))
}

function compress(file: string): void {
  if (!COMPRESSIBLE.test(file)) return
  const content = readFileSync(file)
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
  const params = { [zlib.BROTLI_PARAM_QUALITY]: 11, [zlib.BROTLI_PARAM_SIZE_HINT]: content.length }
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params }))
}

/** @returns Paths with slashes, in one order. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
}
