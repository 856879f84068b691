import { nodeCrypto } from '@wegwijzer/keys/node'
import { parseX5c, validatePath } from '@wegwijzer/keys/x509'
import { type ParsedSdJwt, parseSdJwt } from '@wegwijzer/protocol/sd-jwt'
import {
  parseStatusReference,
  readStatus,
  readStatusX5c,
  type Status,
  type StatusList,
  type StatusReference,
  verifyStatusListToken,
} from '@wegwijzer/protocol/status-list'
import type { TestIssuer } from './issuer.testing.ts'

/** Where a credential says that its status stands. */
export function statusReferenceOf(credential: string): StatusReference {
  const parsed: ParsedSdJwt = parseSdJwt(credential)
  return parseStatusReference(parsed.issuerClaims.status)
}

/** Fetches a list as a verifier would, and believes it only from the right authority. */
export async function fetchStatusList(issuer: TestIssuer, uri: string): Promise<StatusList> {
  const token = await (await fetch(uri)).text()
  const chain = parseX5c(readStatusX5c(token))
  const now = issuer.clock.now
  const { key } = await validatePath(chain, [issuer.authorities.status_list.certificate], { now, crypto: nodeCrypto })
  return verifyStatusListToken(token, { uri, key, now })
}

/** The status of each credential, in their order, by one fetch of each list. */
export async function statusesOf(issuer: TestIssuer, credentials: readonly string[]): Promise<readonly Status[]> {
  const references = credentials.map(statusReferenceOf)
  const uris = [...new Set(references.map(({ uri }) => uri))]
  const lists = new Map(await Promise.all(uris.map(async (uri) => [uri, await fetchStatusList(issuer, uri)] as const)))
  return references.map(({ uri, index }) => {
    const list = lists.get(uri)
    if (!list) throw new Error('a list was not fetched')
    return readStatus(list, index)
  })
}
