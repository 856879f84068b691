import type { TrustRole } from '@wegwijzer/keys/x509'
import { encodeBase64 } from '@wegwijzer/protocol/jose'
import type { TrustListContent, TrustListEntry } from './content.ts'

/** A trust list before its first organisation. */
export function makeEmptyTrustList(schemeOperatorName: TrustListContent['schemeOperatorName']): TrustListContent {
  return { sequence: 1, schemeOperatorName, trustAnchors: {}, entries: [] }
}

/** The next list, with this organisation in it; an earlier entry of the same organisation is replaced. */
export function addEntry(content: TrustListContent, entry: TrustListEntry): TrustListContent {
  const others = content.entries.filter(({ organisation }) => organisation !== entry.organisation)
  return { ...content, sequence: content.sequence + 1, entries: [...others, entry] }
}

/** The next list, without this organisation; the same content when it was not there. */
export function removeEntry(content: TrustListContent, organisation: string): TrustListContent {
  const others = content.entries.filter((entry) => entry.organisation !== organisation)
  if (others.length === content.entries.length) return content
  return { ...content, sequence: content.sequence + 1, entries: others }
}

/** The next list, with this certificate authority under this role; the same content when it stood there already. */
export function addAnchor(content: TrustListContent, role: TrustRole, der: Uint8Array): TrustListContent {
  const anchors = content.trustAnchors[role] ?? []
  const anchor = encodeBase64(der)
  if (anchors.includes(anchor)) return content
  return withAnchors(content, role, [...anchors, anchor])
}

/** The next list, without this certificate authority; the same content when it was not there. */
export function removeAnchor(content: TrustListContent, role: TrustRole, der: Uint8Array): TrustListContent {
  const anchors = content.trustAnchors[role] ?? []
  const others = anchors.filter((anchor) => anchor !== encodeBase64(der))
  return others.length === anchors.length ? content : withAnchors(content, role, others)
}

function withAnchors(content: TrustListContent, role: TrustRole, anchors: readonly string[]): TrustListContent {
  return { ...content, sequence: content.sequence + 1, trustAnchors: { ...content.trustAnchors, [role]: anchors } }
}
