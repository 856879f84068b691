/**
 * Keeps the app, so that it starts without a network. It keeps our own files and nothing else: no credential, no trust list,
 * no answer of anybody. Every answer keeps its headers, so an offline page is under the same policies.
 */
declare const self: ServiceWorkerGlobalScope
/** Put in by the build. */
declare const FILES: readonly string[]
declare const ROUTES: readonly string[]
declare const VERSION: string

const PREFIX = 'app-'
const CACHE = `${PREFIX}${VERSION}`
const SETTINGS = 'settings'
const CONFIGURATION = '/configuration.json'
const PAGE = '/index.html'

self.addEventListener('install', (event) => event.waitUntil(keepFiles()))
self.addEventListener('activate', (event) => event.waitUntil(forgetOldVersions()))

// Only at a person's word: a new version must not change the screen that somebody is looking at.
self.addEventListener('message', ({ data }) => {
  if (data === 'take over') void self.skipWaiting()
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (pathname === CONFIGURATION) return event.respondWith(newestConfiguration(request))
  if (request.mode === 'navigate') {
    if (ROUTES.includes(pathname)) event.respondWith(keptFile(PAGE, request))
    return
  }
  if (FILES.includes(pathname) || pathname.startsWith('/assets/')) event.respondWith(keptFile(pathname, request))
})

async function keepFiles(): Promise<void> {
  const cache = await caches.open(CACHE)
  await cache.addAll(FILES.map((file) => new Request(file, { cache: 'no-cache' })))
  const answer = await fetch(CONFIGURATION, { cache: 'no-cache' }).catch(() => undefined)
  if (answer?.ok) await (await caches.open(SETTINGS)).put(CONFIGURATION, answer)
}

/** One older version stays: another tab may still be showing it, and ask for a part of it. */
async function forgetOldVersions(): Promise<void> {
  const versions = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE)
  await Promise.all(versions.slice(0, -1).map((name) => caches.delete(name)))
  await self.clients.claim()
}

async function keptFile(path: string, request: Request): Promise<Response> {
  const kept = (await (await caches.open(CACHE)).match(path)) ?? (await caches.match(path))
  return kept ?? fetch(request)
}

/** The network's, and offline the last one it gave. */
async function newestConfiguration(request: Request): Promise<Response> {
  const cache = await caches.open(SETTINGS)
  try {
    const answer = await fetch(request, { cache: 'no-cache' })
    if (answer.ok) await cache.put(CONFIGURATION, answer.clone())
    return answer
  } catch (error) {
    const kept = await cache.match(CONFIGURATION)
    if (kept === undefined) throw error
    return kept
  }
}
