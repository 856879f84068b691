/** The first context of every credential and presentation of version 1.1. @see VC Data Model 1.1 §4.1 contexts */
export const VC_CONTEXT = 'https://www.w3.org/2018/credentials/v1'

export const VERIFIABLE_CREDENTIAL = 'VerifiableCredential'

/** What `VerifiableCredential` expands to. */
export const VERIFIABLE_CREDENTIAL_IRI = 'https://www.w3.org/2018/credentials#VerifiableCredential'

/** An absolute IRI, which no context changes; a word with a colon is one, or a term that only its context can tell. */
const ABSOLUTE_IRI = /^(https?:\/\/|urn:)[^\s]+$/

/**
 * The fully expanded types of a credential, as DCQL compares them, without processing JSON-LD.
 *
 * `VerifiableCredential` is the one term of the base context that concerns us; an absolute IRI stays what it is; any other
 * word stays as it is only where no further context could define it, and is left out where one could: what it means is not
 * known here.
 *
 * @see OpenID4VP 1.0 §B.1.1
 */
export function expandTypes(contexts: readonly string[], types: readonly string[]): readonly string[] {
  const hasOnlyBaseContext = contexts.every((context) => context === VC_CONTEXT)
  return types.flatMap((type) => {
    if (type === VERIFIABLE_CREDENTIAL) return [VERIFIABLE_CREDENTIAL_IRI]
    return ABSOLUTE_IRI.test(type) || hasOnlyBaseContext ? [type] : []
  })
}
