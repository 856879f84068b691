import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import type { Door } from '@wegwijzer/server'
import { policyOf } from './web-app-policy.ts'

/** The build of wallet/web, read once: whatever happens to the folder afterwards, one version is served. */
export interface WebApp {
  readonly files: ReadonlyMap<string, WebFile>
  /** The paths at which the page itself is served. */
  readonly routes: readonly string[]
}

interface WebFile {
  readonly plain: Buffer
  readonly br: Buffer | undefined
  readonly gzip: Buffer | undefined
}

const PAGE = '/index.html'
const DESCRIPTION = '/app.json'

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
}

/** Their names change with their content. */
const IMMUTABLE = 'public, max-age=31536000, immutable'

/** @throws {Error} when there is no whole build in the folder. */
export function readWebApp(folder: string): WebApp {
  const contents = new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [`/${relative(folder, file).split(sep).join('/')}`, readFileSync(file)]),
  )
  const routes = readRoutes(contents.get(DESCRIPTION))
  const files = [...contents].filter(([path]) => extname(path) in MEDIA_TYPES)
  if (!contents.has(PAGE) || routes.length === 0) throw new Error('this folder holds no build of the wallet')
  return {
    routes,
    files: new Map(
      files.map(([path, plain]) => [path, { plain, br: contents.get(`${path}.br`), gzip: contents.get(`${path}.gz`) }]),
    ),
  }
}

function readRoutes(description: Buffer | undefined): readonly string[] {
  const parsed: unknown = description && JSON.parse(description.toString('utf8'))
  const routes = typeof parsed === 'object' && parsed !== null && 'routes' in parsed ? parsed.routes : []
  return Array.isArray(routes) ? routes.filter((route) => typeof route === 'string' && route.startsWith('/')) : []
}

/**
 * Serves every file of the app at its path, and the page at every screen's. A path that is neither is not there: nothing is
 * looked up on a disk by what a request says.
 */
export function addWebApp(
  door: Door,
  { files, routes }: WebApp,
  { isDevelopment }: { readonly isDevelopment: boolean },
): void {
  for (const [path, file] of files) serve(door, path, path, file, isDevelopment)
  const page = files.get(PAGE)
  for (const route of routes) if (page && !files.has(route)) serve(door, route, PAGE, page, isDevelopment)
}

function serve(door: Door, at: string, path: string, file: WebFile, isDevelopment: boolean): void {
  const headers = {
    ...policyOf(path, { isDevelopment }),
    'cache-control': path.startsWith('/assets/') ? IMMUTABLE : 'no-cache',
    'content-type': MEDIA_TYPES[extname(path)] ?? 'application/octet-stream',
    vary: 'accept-encoding',
  }
  door.get(at, { config: { errors: 'problem' } }, async (request, reply) => {
    const [encoding, body] = chooseEncoding(file, request.headers['accept-encoding'] ?? '')
    reply.headers(headers)
    if (encoding !== undefined) reply.header('content-encoding', encoding)
    return reply.send(body)
  })
}

/** @param accepted `Accept-Encoding`, RFC 9110 §12.5.3; whoever refuses one by `q=0` gets the plain file. */
function chooseEncoding({ plain, br, gzip }: WebFile, accepted: string): readonly [string | undefined, Buffer] {
  const names = accepted
    .toLowerCase()
    .split(',')
    .filter((coding) => !/;\s*q=0(\.0*)?\s*$/.test(coding))
    .map((coding) => coding.split(';', 1)[0]?.trim())
  if (br && names.includes('br')) return ['br', br]
  if (gzip && names.includes('gzip')) return ['gzip', gzip]
  return [undefined, plain]
}
