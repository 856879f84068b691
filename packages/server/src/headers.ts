import type { FastifyContextConfig } from 'fastify'

/** On every answer. A page of ours replaces the policy with its own; an answer that may be cached says so itself. */
export function makeSecurityHeaders(publicUrl: string): Readonly<Record<string, string>> {
  return {
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...(publicUrl.startsWith('https:') && { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }),
  }
}

/** What a page of another origin may read of a wallet-facing endpoint; never with cookies. */
const WALLET_CORS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'DPoP-Nonce, WWW-Authenticate',
  'cross-origin-resource-policy': 'cross-origin',
}

export function corsHeaders(config: FastifyContextConfig): Readonly<Record<string, string>> {
  return config.cors === 'wallet' ? WALLET_CORS : {}
}

/** The answer to "may I?" of a browser, Fetch §3.2.2. */
export function preflightHeaders(methods: readonly string[]): Readonly<Record<string, string>> {
  return {
    ...WALLET_CORS,
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers':
      'Authorization, DPoP, Content-Type, OAuth-Client-Attestation, OAuth-Client-Attestation-PoP',
    'access-control-max-age': '7200',
  }
}
