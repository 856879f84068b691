import { describe, expect, test } from 'vitest'
import { type ClaimsDescription, checkClaimsDescriptions, checkLocales } from './claims-description.ts'

const REFUSED = expect.objectContaining({ name: 'ProtocolError', code: 'invalid_claims_description' })

const paths = (...all: readonly ClaimsDescription['path'][]) => all.map((path) => ({ path }))

describe('descriptions of claims may', () => {
  test.each<[string, readonly ClaimsDescription[]]>([
    ['be none', []],
    ['describe a claim and what is in it, in either order', paths(['a', 'b'], ['a'], ['c'], ['c', 'd'])],
    ['describe several elements of one array', paths(['a', 0], ['a', 1], ['a', 2])],
    ['describe every element, and what is in it', paths(['a', null], ['a', null, 'b'], ['a', null, 'c'])],
    ['describe different kinds in different places', paths(['a', 0], ['b', null], ['c', 'd'])],
    ['name claims the same in two languages', [{ path: ['a'], display: [{ locale: 'nl' }, { locale: 'en' }] }]],
    [
      'name two claims in one language',
      [
        { path: ['a'], display: [{ locale: 'nl' }] },
        { path: ['b'], display: [{ locale: 'nl' }] },
      ],
    ],
  ])('%s [OpenID4VCI 1.0 §B.3]', (_name, descriptions) => {
    expect(() => checkClaimsDescriptions(descriptions)).not.toThrow()
  })
})

describe('descriptions of claims may not', () => {
  test.each<[string, readonly ClaimsDescription[]]>([
    ['describe one claim twice', paths(['a'], ['b'], ['a'])],
    ['describe one element twice', paths(['a', 0], ['a', 0])],
    ['describe every element and one', paths(['a', null], ['a', 0])],
    ['take an array for an object', paths(['a', 0], ['a', 'b'])],
    ['take an object for an array', paths(['a', 'b'], ['a', null])],
    ['contradict a neighbour of long before', paths(['a', 'b'], ['a', 'c'], ['d'], ['a', 0])],
    ['name a claim twice in one language', [{ path: ['a'], display: [{ locale: 'nl-NL' }, { locale: 'NL-nl' }] }]],
  ])('%s [OpenID4VCI 1.0 §B.3]', (_name, descriptions) => {
    expect(() => checkClaimsDescriptions(descriptions)).toThrow(REFUSED)
  })
})

describe('texts for people', () => {
  test('are one for each language, compared without case [OpenID4VCI 1.0 §12.2.4]', () => {
    expect(() => checkLocales([{ locale: 'nl' }, { locale: 'nl-BE' }, { locale: 'en' }])).not.toThrow()
    expect(() => checkLocales([{ locale: 'nl' }, { locale: 'en' }, { locale: 'NL' }])).toThrow(REFUSED)
    expect(() => checkLocales([{ locale: 'straße' }, { locale: 'STRASSE' }])).not.toThrow()
  })

  test('may be several that do not say their language', () => {
    expect(() => checkLocales([{}, {}, { locale: 'nl' }])).not.toThrow()
  })
})
