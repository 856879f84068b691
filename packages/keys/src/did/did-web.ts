import { ProtocolError } from '@wegwijzer/protocol/errors'

const PREFIX = 'did:web:'
const MAX_DID_LENGTH = 1_000

/** A host with its port encoded, then the path by colons; nothing that a URL would read as something else. */
const FORM = /^did:web:[A-Za-z0-9.-]+(%3A[0-9]{1,5})?(:[A-Za-z0-9._~!$&'()*+,;=@%-]+)*$/i

const IP_ADDRESS = /^[0-9.]+$/

export function isDidWeb(did: string): boolean {
  return did.startsWith(PREFIX)
}

/**
 * The DID of a Credential Issuer: its identifier, written as the method has it, so that one follows from the other.
 *
 * @param credentialIssuer Credential Issuer Identifier, a URL without query and fragment.
 * @throws {ProtocolError} `invalid_did` for a URL that the method cannot name.
 */
export function didWebOf(credentialIssuer: string): string {
  const { hostname, port, pathname } = new URL(credentialIssuer)
  const host = port === '' ? hostname : `${hostname}%3A${port}`
  const path = pathname.split('/').filter((segment) => segment !== '')
  return checkForm([`${PREFIX}${host}`, ...path.map((segment) => segment.replaceAll(':', '%3A'))].join(':'))
}

/**
 * Where the document of a `did:web` stands.
 *
 * Narrower than the method: an identifier with an IP address, which the method forbids, is known on this machine only.
 *
 * @throws {ProtocolError} `invalid_did`
 */
export function didWebDocumentUrl(did: string, scheme: 'https' | 'http' = 'https'): string {
  const [host = '', ...path] = checkForm(did).slice(PREFIX.length).split(':')
  const folder = path.length === 0 ? '.well-known' : path.join('/')
  const url = `${scheme}://${decodeURIComponent(host)}/${folder}/did.json`
  // What a URL parser would write otherwise (`..`, a port that is the default, a number for a host) is not one name only.
  if (!URL.canParse(url) || new URL(url).href !== url) throw invalidDid('the DID is not the name of one address')
  if (IP_ADDRESS.test(new URL(url).hostname) && !isThisMachine(did)) throw invalidDid('the DID names an IP address')
  return url
}

/** Whether a `did:web` is of this very machine, which only development knows. */
export function isThisMachine(did: string): boolean {
  return /^did:web:(localhost|127\.0\.0\.1)(%3A|:|$)/i.test(did)
}

function checkForm(did: string): string {
  if (did.length > MAX_DID_LENGTH || !FORM.test(did)) throw invalidDid('it is not a did:web')
  return did
}

function invalidDid(message: string): ProtocolError {
  return new ProtocolError('invalid_did', message)
}
