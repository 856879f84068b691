import ipaddr from 'ipaddr.js'
import { OutboundError } from './exchange.ts'

/** Where an address leads: to the internet, to this machine, or anywhere that a stranger has no business naming. */
export type AddressKind = 'public' | 'loopback' | 'forbidden'

/** Whose addresses may be fetched from. */
export interface AddressRules {
  /** Development only: this machine too, and there `http` as well; still nothing private. */
  readonly allowLoopback: boolean
}

const MAX_URL_LENGTH = 4096

/** IPv6 that has been given out for the internet (IANA); everything else is for special use or for nobody yet. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Narrower than needed for reaching every public host: transition addresses that carry an IPv4 address within them (mapped,
 * NAT64, 6to4, Teredo) are forbidden, because it is the inner address that counts and another machine that reads it.
 *
 * @param address An IP address, IPv6 without brackets.
 */
export function addressKind(address: string): AddressKind {
  if (!ipaddr.isValid(address) || address.includes('%')) return 'forbidden'
  const parsed = ipaddr.parse(address)
  const range = parsed.range()
  if (range === 'loopback') return 'loopback'
  if (range !== 'unicast') return 'forbidden'
  return parsed instanceof ipaddr.IPv6 && !parsed.match(GLOBAL_UNICAST) ? 'forbidden' : 'public'
}

/**
 * Reads a URL that a stranger named, and refuses what can be refused before anything is resolved or sent.
 *
 * Hosts such as `0x7f.1`, `2130706433` and `１２７.0.0.1` are addresses when it is done: the URL Standard normalises them.
 *
 * @throws {OutboundError} `forbidden_scheme` for all but `https`, and `http` to this machine where that is allowed;
 *   `forbidden_address` for an address outside the rules, credentials, and what is no URL.
 */
export function parseTarget(text: string, rules: AddressRules): URL {
  if (text.length > MAX_URL_LENGTH || !URL.canParse(text)) throw forbiddenAddress('it is not a URL')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw forbiddenScheme()
  if (url.username !== '' || url.password !== '') throw forbiddenAddress('the URL has credentials')
  const addresses = knownAddresses(url.hostname)
  if (url.protocol === 'http:' && !(rules.allowLoopback && addresses?.every(isLoopback))) throw forbiddenScheme()
  if (addresses) checkAddresses(addresses, rules)
  return url
}

/** @throws {OutboundError} `forbidden_address` when one is outside the rules: a host that is in part private is not public. */
export function checkAddresses(addresses: readonly string[], { allowLoopback }: AddressRules): void {
  for (const address of addresses) {
    const kind = addressKind(address)
    if (kind !== 'public' && !(allowLoopback && kind === 'loopback')) {
      throw forbiddenAddress('the host has an address that is not public')
    }
  }
}

/**
 * The addresses of a host that is an address, or this machine; `undefined` for a name that must be resolved.
 *
 * @param hostname As `URL` has it, IPv6 in brackets.
 * @see RFC 6761 §6.3: no resolver is asked about `localhost` and the names below it
 */
export function knownAddresses(hostname: string): readonly string[] | undefined {
  if (/(^|\.)localhost\.?$/.test(hostname)) return ['127.0.0.1', '::1']
  const address = hostname.replace(/^\[(.*)\]$/, '$1')
  return ipaddr.isValid(address) ? [address] : undefined
}

function isLoopback(address: string): boolean {
  return addressKind(address) === 'loopback'
}

function forbiddenScheme(): OutboundError {
  return new OutboundError('forbidden_scheme', 'only https is fetched')
}

function forbiddenAddress(message: string): OutboundError {
  return new OutboundError('forbidden_address', message)
}
