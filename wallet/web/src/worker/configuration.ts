/** What the wallet host says of its installation; offline, what it said last (the service worker keeps it). */
export interface Configuration {
  readonly trustListUrl: string
  /** DER of the certificate that must have signed the list. */
  readonly trustListAnchor: Uint8Array
  readonly isDevelopment: boolean
}

export async function readConfiguration(): Promise<Configuration> {
  const response = await fetch('/configuration.json', { cache: 'no-cache' })
  if (!response.ok) throw new Error('the configuration cannot be read')
  return parseConfiguration(await response.json())
}

/** @throws {Error} when it is not what the wallet host writes. */
export function parseConfiguration(document: unknown): Configuration {
  if (typeof document !== 'object' || document === null) throw new Error('the configuration is none')
  const { trustListUrl, trustListAnchor, isDevelopment }: { [member: string]: unknown } = { ...document }
  if (typeof trustListUrl !== 'string' || typeof trustListAnchor !== 'string' || typeof isDevelopment !== 'boolean') {
    throw new Error('the configuration is not whole')
  }
  const anchor = Uint8Array.from(atob(trustListAnchor), (character) => character.charCodeAt(0))
  return { trustListUrl, trustListAnchor: anchor, isDevelopment }
}
