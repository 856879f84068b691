import type { PreparedPresentation } from '@wegwijzer/wallet-core'
import { pickText, type Wording } from '../texts/texts.ts'
import { field } from './card.ts'
import { safeLink, safeText } from './safe-text.ts'

const MAX_PURPOSE_LENGTH = 1_000

/** What of a request a worker is shown. */
export type RequestView = Pick<PreparedPresentation, 'verifier' | 'service' | 'purpose' | 'queries' | 'overAsking'>

/** Who asks, and why: what is registered, nothing else. */
export function renderAsker({ verifier, service, purpose }: RequestView, wording: Wording): string {
  const { words } = wording
  const organisation = pickText(verifier.organisationName, wording)
  const privacyPolicy = safeLink(verifier.privacyPolicy)
  return [
    words.consent.title(safeText(verifier.name)),
    field(words.consent.identifier, safeText(verifier.identifier)),
    ...(organisation === safeText(verifier.name) ? [] : [field(words.consent.organisation, organisation)]),
    field(words.consent.publicBody, verifier.isPublicBody ? words.consent.isPublicBody : words.consent.isNoPublicBody),
    field(words.consent.service, pickText(service, wording, MAX_PURPOSE_LENGTH)),
    field(words.consent.purpose, pickText(purpose, wording, MAX_PURPOSE_LENGTH)),
    field(words.consent.privacyPolicy, privacyPolicy ?? words.nothing),
    // A page, an address for mail, or a telephone number.
    field(words.consent.support, safeLink(verifier.supportUri) ?? safeText(verifier.supportUri)),
  ].join('\n')
}

export function nameOfVerifier({ verifier }: Pick<RequestView, 'verifier'>): string {
  return safeText(verifier.name)
}
