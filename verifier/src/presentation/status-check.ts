import { ProtocolError } from '@wegwijzer/protocol/errors'
import { parseStatusReference } from '@wegwijzer/protocol/status-list'
import type { StatusSource } from '@wegwijzer/trust/status'
import type { TrustedPresentation } from './issuer-check.ts'
import { checkEach, type Finding, skipped } from './report.ts'

/**
 * Check `status`: no credential was revoked or suspended, by a list that its own issuer signed. Fails closed.
 *
 * Reasons: `revoked`, `suspended`, `not_valid` for a status of the issuer's own; `unavailable.` and why for a list that
 * could not be had or believed; `invalid_status_reference`. Skipped when no credential has a status.
 *
 * @see Token Status List §8.3 validation-rules
 */
export async function checkStatus(
  presentations: readonly TrustedPresentation[],
  source: StatusSource,
): Promise<Finding> {
  const withStatus = presentations.filter(({ credential }) => credential.status !== undefined)
  if (withStatus.length === 0) return skipped('status', 'no_status')
  return checkEach('status', withStatus, async ({ credential, issuer }) => {
    const answer = await source.check(parseStatusReference(credential.status), issuer.identifier)
    if (answer.status === 'valid') return
    throw new ProtocolError(
      answer.status === 'unavailable' ? `unavailable.${answer.reason}` : REASONS[answer.status],
      'the credential is not known to be valid',
    )
  })
}

const REASONS = { invalid: 'revoked', suspended: 'suspended', application_specific: 'not_valid' } as const
