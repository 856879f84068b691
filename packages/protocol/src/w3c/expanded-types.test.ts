import { expect, test } from 'vitest'
import { expandTypes, VC_CONTEXT, VERIFIABLE_CREDENTIAL_IRI } from './expanded-types.ts'

const IRI = 'https://wegwijzer.example/types/diploma/1'

test.each([
  ['the type that every credential has', [VC_CONTEXT], ['VerifiableCredential'], [VERIFIABLE_CREDENTIAL_IRI]],
  ['an IRI, whatever the contexts', [VC_CONTEXT, 'https://other.example/v1'], [IRI, 'urn:x:y'], [IRI, 'urn:x:y']],
  ['an IRI of http', [VC_CONTEXT, 'https://other.example/v1'], ['http://other.example/a'], ['http://other.example/a']],
  [
    'an IRI with a word before or behind it: none',
    [VC_CONTEXT, 'https://other.example/v1'],
    [`a ${IRI}`, `${IRI} a`],
    [],
  ],
  ['a word that no context defines', [VC_CONTEXT], ['IdentityCredential'], ['IdentityCredential']],
  ['a word that a context may define: not known', [VC_CONTEXT, 'https://other.example/v1'], ['IdentityCredential'], []],
  [
    'a prefixed word that a context may define: not known',
    [VC_CONTEXT, 'https://other.example/v1'],
    ['ex:Diploma'],
    [],
  ],
])('%s [OpenID4VP 1.0 §B.1.1]', (_name, contexts, types, expanded) => {
  expect(expandTypes(contexts, types)).toEqual(expanded)
})
