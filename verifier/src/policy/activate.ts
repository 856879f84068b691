import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { parseJws, readClaims, requireDate } from '@wegwijzer/protocol/jose'
import { type Policy, type RegisteredOrganisation, registrationOf } from '@wegwijzer/trust/policy'
import {
  asksForBsn,
  findOverAsking,
  isWithinRegistration,
  mayReceiveBsn,
  type RegistrationContent,
  RegistrationContentSchema,
} from '@wegwijzer/trust/registration'
import { Check } from 'typebox/value'
import type { VerifierDatabase } from '../database.ts'
import { putPolicy, readPolicyVersion } from './store.ts'
import { asksAllItSees } from './whole-credential.ts'

export interface PolicyActivation {
  readonly db: VerifierDatabase
  readonly organisation: string
  readonly registered: RegisteredOrganisation
  readonly policy: Policy
  /** @returns The registration certificate, compact JWT. */
  readonly register: (content: RegistrationContent) => Promise<string>
  readonly now: EpochSeconds
}

/** A registration that ends sooner than this is asked for again. */
const RENEWAL_SECONDS = 30 * 86_400

/**
 * Makes a policy one that requests can be made under, from its registration on: what the policy asks must be within what was
 * registered, all of it, or no wallet would answer; and of a credential that can only be shown as a whole it asks the whole.
 *
 * Does not verify the registrar's signature: the certificate comes from the registrar itself, and each wallet verifies it.
 *
 * @throws {ProtocolError} `not_activated`; the message says why, for the person who wrote the policy.
 */
export async function activatePolicy(activation: PolicyActivation): Promise<void> {
  const { db, organisation, registered, policy, register, now } = activation
  if (!asksAllItSees(policy)) {
    throw notActivated(policy, 'it asks a part of a credential that can only be shown as a whole (jwt_vc_json)')
  }
  const content = registrationOf(policy, registered)
  const known = await readPolicyVersion(db, organisation, policy)
  if (known !== undefined) {
    if (!isSameJson(known.policy, policy)) {
      throw notActivated(
        policy,
        `it was changed and still has version ${policy.version}; give it a higher version, or put back what it said`,
      )
    }
    if (known.registeredUntil > now + RENEWAL_SECONDS && isSameJson(known.registration, content)) return
  }
  const certificate = await register(content)
  const registeredUntil = checkCertificate(certificate, policy, content)
  await putPolicy(db, organisation, { policy, registration: content, certificate, registeredUntil })
}

/** @returns Until when the registration holds. */
function checkCertificate(certificate: string, policy: Policy, expected: RegistrationContent): EpochSeconds {
  const claims = readClaims(parseJws(certificate))
  if (!Check(RegistrationContentSchema, claims))
    throw notActivated(policy, 'the registrar gave no registration certificate')
  if (claims.sub !== expected.sub || claims.intended_use_id !== expected.intended_use_id) {
    throw notActivated(policy, 'the registration is of another organisation or another use')
  }
  if (!isWithinRegistration(findOverAsking(policy.dcql, claims.credentials))) {
    throw notActivated(policy, 'it asks more than is registered')
  }
  if (policy.dcql.credentials.some(asksForBsn) && !mayReceiveBsn(claims)) {
    throw notActivated(policy, 'it asks a BSN, and is not registered as of a public body')
  }
  return requireDate(claims, 'exp')
}

function isSameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function notActivated({ id }: Policy, message: string): ProtocolError {
  return new ProtocolError('not_activated', `policy ${id}: ${message}`)
}
