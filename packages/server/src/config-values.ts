import { isIP } from 'node:net'

/**
 * Why a text cannot be a public URL of ours. Identifiers made from it are compared as text by everybody, so only the one
 * normal spelling will do.
 */
export function findUrlMistake(text: string, environment: 'development' | 'production'): string | undefined {
  if (!URL.canParse(text)) return 'must be a URL'
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be an https: URL'
  if (url.protocol === 'http:' && environment === 'production') return 'must be an https: URL in production'
  if (url.username !== '' || url.password !== '') return 'must have no user or password'
  if (/[?#]/.test(text)) return 'must have no query or fragment'
  if (text.endsWith('/')) return 'must not end in a slash'
  const normal = `${url.origin}${url.pathname === '/' ? '' : url.pathname}`
  return text === normal
    ? undefined
    : 'must be written in its normal form: lower case, no default port, no dot segments'
}

export function isHost(text: string): boolean {
  return text === 'localhost' || isIP(text) !== 0
}

export function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\/./.test(text) && URL.canParse(text)
}

/** `10.0.0.1`, `10.0.0.0/8`, `::1`, `fd00::/8`. */
export function isAddressOrNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}
