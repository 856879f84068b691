import { authorityKeyIdOf } from '@wegwijzer/keys/x509'
import {
  type DcqlQuery,
  evaluateVpToken,
  JWT_VC_JSON_FORMAT,
  type PresentedCredential,
  type VpTokenProblem,
} from '@wegwijzer/protocol/dcql'
import type { VerifiedPresentation } from './evidence.ts'
import { type Finding, failed, passed } from './report.ts'

/**
 * Check `query`: what was presented answers the query, all of it and nothing else.
 *
 * @see OpenID4VP 1.0 §8.6 vp-token-validation
 */
export function checkQuery(presentations: readonly VerifiedPresentation[], dcql: DcqlQuery): Finding {
  const presented = new Map<string, PresentedCredential[]>()
  for (const presentation of presentations) {
    const others = presented.get(presentation.queryId) ?? []
    presented.set(presentation.queryId, [...others, describe(presentation)])
  }
  const [problem] = evaluateVpToken(dcql, presented).problems
  if (problem === undefined) return passed('query', undefined)
  return failed('query', problem.problem, queryOf(problem))
}

function describe(presentation: VerifiedPresentation): PresentedCredential {
  if (presentation.format === JWT_VC_JSON_FORMAT) {
    // It came in a presentation, or it would not have been read; a DID has no certificate that a query could name.
    return { ...presentation.description, holderBound: true, credentialId: presentation.vp.credential.compact }
  }
  const { sdJwt, chain, description } = presentation
  return {
    ...description,
    holderBound: sdJwt.keyBindingJwt !== undefined,
    authorityKeyIds: chain.flatMap((certificate) => authorityKeyIdOf(certificate) ?? []),
    credentialId: sdJwt.issuerJws.signingInput,
  }
}

function queryOf(problem: VpTokenProblem): string | undefined {
  return 'queryId' in problem ? problem.queryId : undefined
}
