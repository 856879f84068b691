import { describe, expect, test } from 'vitest'
import { languageOf, pickText, wordingIn } from './texts.ts'

const DUTCH = wordingIn('nl')
const ENGLISH = wordingIn('en')

test.each([
  ['nothing', {}, 'nl'],
  ['an English terminal', { LANG: 'en_GB.UTF-8' }, 'en'],
  ['English without a country', { LANG: 'en' }, 'en'],
  ['a terminal of another language', { LANG: 'de_DE.UTF-8' }, 'nl'],
  ['no language', { LANG: 'C.UTF-8' }, 'nl'],
  ['what overrides', { LANG: 'en_GB.UTF-8', LC_ALL: 'nl_NL.UTF-8' }, 'nl'],
  ['a name that only begins like English', { LANG: 'enm' }, 'nl'],
])('with %s in the environment', (_name, env, language) => {
  expect(languageOf(env)).toBe(language)
})

describe('a text is taken', () => {
  const texts = [
    { lang: 'en', value: 'Certificate' },
    { lang: 'nl-NL', value: 'Vakcertificaat' },
  ]

  test('in the language of the worker, of whatever country', () => {
    expect(pickText(texts, DUTCH)).toBe('Vakcertificaat')
    expect(pickText(texts, ENGLISH)).toBe('Certificate')
  })

  test('in the first language it has, where it has not that one', () => {
    expect(pickText([{ lang: 'fr', value: 'Certificat' }, ...texts.slice(0, 1)], DUTCH)).toBe('Certificat')
    expect(pickText([], DUTCH)).toBe('')
  })
})

test('both languages have a sentence for the same failures', () => {
  const { words: dutch } = DUTCH
  const { words: english } = ENGLISH
  expect(Object.keys(english.failures)).toEqual(Object.keys(dutch.failures))
  expect(Object.keys(english.activity.reasons)).toEqual(Object.keys(dutch.activity.reasons))
})

test('both help texts name the same commands and options', () => {
  const namesIn = (help: string) => help.match(/^ {2}[a-z]+|--[a-z-]+|[A-Z]{3,}_[A-Z_]+/gm)
  expect(namesIn(ENGLISH.words.help)).toEqual(namesIn(DUTCH.words.help))
  expect(namesIn(DUTCH.words.help)).toContain('--claim-set')
})
