import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import type { Immutable } from '../json/json.ts'

const POLICY_ID = 'arf_annex_ii'
const ONCE_ONLY = 'once_only'

const Policy = Type.Object({
  id: Type.Literal(POLICY_ID),
  options: Type.Array(
    Type.Object({
      details: Type.Array(Type.String({ maxLength: 100 }), { minItems: 1, maxItems: 20 }),
      batch_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
      reissue_trigger_unused: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
    }),
    { minItems: 1, maxItems: 20 },
  ),
})

/** `credential_metadata.credential_reuse_policy` of ETSI TS 119 472-3. */
export type CredentialReusePolicy = Immutable<Static<typeof Policy>>

/** Each copy is shown once. */
export interface OnceOnly {
  /** Copies in one batch, where the issuer says how many. */
  readonly batchSize?: number
  /** A new batch is to be asked for when no more copies than this are left. */
  readonly refillAt?: number
}

/** @param refillAt Copies that are left when a wallet should ask for more. */
export function makeOnceOnlyPolicy(batchSize: number, refillAt: number): CredentialReusePolicy {
  return {
    id: POLICY_ID,
    options: [{ details: [ONCE_ONLY], batch_size: batchSize, reissue_trigger_unused: refillAt }],
  }
}

/**
 * Reads the first option of an issuer by which each copy is shown once. It binds the issuer to nothing: our wallet shows a
 * copy once in any case, and uses this to know how many to ask for and when.
 *
 * @param policy As it came.
 * @returns `undefined` when it is absent, of another form, or has no such option.
 */
export function readOnceOnly(policy: unknown): OnceOnly | undefined {
  if (!Check(Policy, policy)) return undefined
  const option = policy.options.find(({ details }) => details.includes(ONCE_ONLY))
  if (option === undefined) return undefined
  const { batch_size: batchSize, reissue_trigger_unused: refillAt } = option
  return { ...(batchSize !== undefined && { batchSize }), ...(refillAt !== undefined && { refillAt }) }
}
