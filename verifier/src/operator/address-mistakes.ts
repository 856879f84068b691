import { WALLET_SCHEMES } from '@wegwijzer/protocol/openid4vp'
import type { Mistake } from '@wegwijzer/server/problem'
import type { Flow } from '../presentation/session.ts'

export interface GivenAddresses {
  readonly flow: Flow
  readonly walletEndpoint: string | undefined
  readonly redirectUri: string | undefined
}

/** What may stand in a `Location` header as it is, and take parameters at its end: visible ASCII without `#`. */
const PLAIN = /^[\x21\x22\x24-\x7e]+$/

/** Added to the address that opens a wallet, so that it may not have them already. */
const OUR_PARAMETERS = ['client_id', 'request_uri', 'request_uri_method'] as const

const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/** What is wrong with the addresses that a worker's browser would be sent to. */
export function findAddressMistakes(
  { flow, walletEndpoint, redirectUri }: GivenAddresses,
  isSecure: boolean,
): readonly Mistake[] {
  const mistakes: Mistake[] = []
  const add = (member: string, detail: string) => mistakes.push({ in: 'body', pointer: `/${member}`, detail })
  if (walletEndpoint !== undefined && !opensWallet(walletEndpoint) && !isWebPage(walletEndpoint, isSecure)) {
    add(
      'walletEndpoint',
      `must start with ${WALLET_SCHEMES.map((scheme) => `${scheme}://`).join(', ')} or be an https URL`,
    )
  } else if (walletEndpoint !== undefined && OUR_PARAMETERS.some((name) => hasParameter(walletEndpoint, name))) {
    add('walletEndpoint', `must not have ${OUR_PARAMETERS.join(', ')} in its query`)
  }
  if (redirectUri !== undefined && flow !== 'same_device') add('redirectUri', 'is only for same_device')
  else if (redirectUri !== undefined && !isWebPage(redirectUri, isSecure)) add('redirectUri', 'must be an https URL')
  return mistakes
}

function opensWallet(endpoint: string): boolean {
  const hasScheme = WALLET_SCHEMES.some((scheme) => endpoint.startsWith(`${scheme}://`))
  return hasScheme && PLAIN.test(endpoint) && URL.canParse(endpoint)
}

/** Over plain HTTP only in development, and only on this machine. */
function isWebPage(text: string, isSecure: boolean): boolean {
  if (!PLAIN.test(text) || !URL.canParse(text)) return false
  const { protocol, username, password, hostname } = new URL(text)
  if (username !== '' || password !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && !isSecure && LOOPBACK_HOSTS.includes(hostname))
}

function hasParameter(address: string, name: string): boolean {
  return new URL(address).searchParams.has(name)
}
