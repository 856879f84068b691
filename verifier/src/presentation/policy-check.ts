import { evaluatePolicy, type Policy } from '@wegwijzer/trust/policy'
import type { TrustedPresentation } from './issuer-check.ts'
import { type Finding, failed, passed } from './report.ts'

/** Check `policy`: the issuers are ones that the policy accepts, and what was asked with a value has it. */
export function checkPolicy(presentations: readonly TrustedPresentation[], policy: Policy): Finding {
  const [problem] = evaluatePolicy(
    policy,
    presentations.map(({ queryId, credential, description, issuer }) => ({
      queryId,
      vct: credential.vct,
      claims: description.claims,
      issuer,
    })),
  )
  return problem === undefined ? passed('policy', undefined) : failed('policy', problem.problem, problem.queryId)
}
