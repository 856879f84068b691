import { checkConsistency } from './consistency.ts'
import { findCredentialType } from './credential-types.ts'
import { isMembers } from './json-schema.ts'
import type { Mistake } from './mistake.ts'
import { checkAgainstSchema } from './schema-check.ts'
import { findTransactionType } from './transaction-types.ts'

/**
 * Checks the claims that an issuer supplies for one credential, and returns every mistake at once.
 *
 * It does not know whether the claims are true, whose they are, or what day it is.
 *
 * @param claims Plain JSON of any shape, as it came in.
 * @returns Nothing when the claims may be issued.
 * @throws {Error} when there is no type `vct`: look it up first.
 */
export function checkClaims(vct: string, claims: unknown): readonly Mistake[] {
  const type = findCredentialType(vct)
  if (!type) throw new Error('there is no credential type with this vct')
  const mistakes = checkAgainstSchema(type.claimsSchema, claims)
  if (!isMembers(claims)) return mistakes
  return [...mistakes, ...checkConsistency(type.name, claims)]
}

/**
 * Checks the payload of a transaction that a payee asks a worker to confirm.
 *
 * It does not know whether the payee is who it says, what the course costs, or what time it is.
 *
 * @throws {Error} when there is no transaction type `type`: look it up first.
 * @see TS12 §4.2 transactional-data-object
 */
export function checkTransactionPayload(type: string, payload: unknown): readonly Mistake[] {
  const transaction = findTransactionType(type)
  if (!transaction) throw new Error('there is no transaction type with this name')
  const mistakes = checkAgainstSchema(transaction.payloadSchema, payload)
  if (!isMembers(payload) || mistakes.length > 0) return mistakes
  const { date_time: asked, expires_at: expires } = payload
  const isOver = typeof asked === 'string' && typeof expires === 'string' && Date.parse(expires) <= Date.parse(asked)
  return isOver ? [{ path: '/expires_at', rule: 'consistent', message: 'must be after date_time' }] : []
}
