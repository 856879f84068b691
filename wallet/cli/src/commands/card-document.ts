import type { JsonObject } from '@wegwijzer/protocol/json'
import type { Card, HeldCredential } from '@wegwijzer/wallet-core'
import { pickText, type Wording } from '../texts/texts.ts'

/** A credential as programs read it, without its values. Times are RFC 3339. */
export function describeCredential(credential: HeldCredential, wording: Wording): JsonObject {
  const { id, vct, display, issuer, receivedAt, expiresAt } = credential
  return {
    id,
    vct,
    name: pickText(display.name, wording),
    issuer: { identifier: issuer.identifier, name: pickText(issuer.name, wording) },
    receivedAt: formatInstant(receivedAt),
    ...(expiresAt !== undefined && { expiresAt: formatInstant(expiresAt) }),
  }
}

/** The same with what is true of it now. */
export function describeCard(card: Card, wording: Wording): JsonObject {
  return { ...describeCredential(card, wording), status: card.liveStatus, copiesLeft: card.copiesLeft }
}

function formatInstant(epochSeconds: number): string {
  return `${new Date(epochSeconds * 1000).toISOString().slice(0, 19)}Z`
}
