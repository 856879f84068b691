import walletWorker from '../worker/wallet.worker.ts?worker&url'

const SERVICE_WORKER = '/service-worker.js'

/** The programs this page may start; the policy below makes an address of nothing else. */
const ALLOWED: readonly string[] = [walletWorker, SERVICE_WORKER]

/** The only policy there is: the answer of the wallet host allows no other name (CSP `trusted-types`). */
const policy = globalThis.trustedTypes?.createPolicy('wegwijzer', {
  createScriptURL(url) {
    if (!ALLOWED.includes(url)) throw new TypeError('not a program of ours')
    return url
  },
})

export function walletWorkerUrl(): string {
  return policy?.createScriptURL(walletWorker) ?? walletWorker
}

export function serviceWorkerUrl(): string {
  return policy?.createScriptURL(SERVICE_WORKER) ?? SERVICE_WORKER
}
