import { isIP } from 'node:net'
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
    ...(isForStrictTransport(publicUrl) && { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }),
  }
}

/**
 * A host that is an address cannot be a known HSTS host, and `localhost` belongs to every program of a developer's machine:
 * one of ours must not forbid the others plain HTTP for a year.
 *
 * @see RFC 6797 §8.1.1
 */
function isForStrictTransport(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl)
  const isAddress = isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0
  return protocol === 'https:' && !isAddress && !/(^|\.)localhost$/.test(hostname)
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
