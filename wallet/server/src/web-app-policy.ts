/**
 * What the browser may do with a file of the app. Three kinds, each with no more than it needs:
 *
 * - the page runs our scripts, talks to its own host and to nobody else, and makes addresses of scripts only through one
 *   Trusted Types policy: whatever got into its DOM could send nothing away;
 * - the wallet's worker talks to issuers and verifiers (`https:`) and runs WebAssembly (Argon2id); it has no DOM;
 * - the service worker talks to its own host; every other file may do nothing.
 *
 * A worker is under the policy of its own answer, not under the page's.
 *
 * @see Content Security Policy Level 3; HTML, "run a worker"
 */
const SEALED: Directives = {
  'default-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
}

const PAGE: Directives = {
  ...SEALED,
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' blob:",
  'connect-src': "'self'",
  'manifest-src': "'self'",
  'worker-src': "'self'",
  'require-trusted-types-for': "'script'",
  'trusted-types': 'wegwijzer',
}

const SERVICE_WORKER: Directives = { ...SEALED, 'script-src': "'self'", 'connect-src': "'self'" }

const WALLET_WORKER: Directives = {
  ...SEALED,
  'script-src': "'self' 'wasm-unsafe-eval'",
  'connect-src': "'self' https:",
}

/** Issuers and verifiers of the demo run on this machine, without TLS. */
const DEVELOPMENT_HOSTS = 'http://localhost:* http://127.0.0.1:*'

type Directives = Readonly<Record<string, string>>

/** Only what the app uses is asked for by anybody in it; what it uses is its own. */
const PERMISSIONS =
  'camera=(self), publickey-credentials-create=(self), publickey-credentials-get=(self), accelerometer=(), autoplay=(), ' +
  'display-capture=(), encrypted-media=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()'

/** @param path Of a file of the build. */
export function policyOf(
  path: string,
  { isDevelopment }: { readonly isDevelopment: boolean },
): Readonly<Record<string, string>> {
  return {
    'content-security-policy': print(directivesOf(path, isDevelopment)),
    ...(path.endsWith('.html') && {
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': PERMISSIONS,
    }),
  }
}

function directivesOf(path: string, isDevelopment: boolean): Directives {
  if (path.endsWith('.html')) return PAGE
  if (path === '/service-worker.js') return SERVICE_WORKER
  if (!/^\/assets\/[^/]+\.worker-[^/]+\.js$/.test(path)) return SEALED
  if (!isDevelopment) return WALLET_WORKER
  return { ...WALLET_WORKER, 'connect-src': `${WALLET_WORKER['connect-src']} ${DEVELOPMENT_HOSTS}` }
}

function print(directives: Directives): string {
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ')
}
