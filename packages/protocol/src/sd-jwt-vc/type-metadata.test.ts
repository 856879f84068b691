import { describe, expect, test } from 'vitest'
import { parseTypeMetadata } from './type-metadata.ts'

const VALID = {
  vct: 'https://wegwijzer.example/types/diploma/1',
  name: 'Diploma',
  extends: 'https://wegwijzer.example/types/document/1',
  'extends#integrity': 'sha256-AAAA',
  display: [
    {
      locale: 'nl-NL',
      name: 'Diploma',
      rendering: {
        simple: {
          background_color: '#154273',
          text_color: '#ffffff',
          logo: { uri: 'data:image/png;base64,AAAA', 'uri#integrity': 'sha256-AAAA', alt_text: 'Logo' },
          background_image: { uri: 'https://wegwijzer.example/background.png' },
        },
        svg_templates: [{ uri: 'https://wegwijzer.example/diploma.svg' }],
      },
    },
  ],
  claims: [
    {
      path: ['grades', null, 'subject'],
      display: [{ locale: 'en', label: 'Subject', description: 'What it was about' }],
      sd: 'always',
      mandatory: true,
      svg_id: 'subject_1',
    },
    { path: ['grades', 0] },
  ],
  transaction_data_types: { 'urn:example:payment:1': { claims: [{ path: ['amount_minor'] }] } },
  category: 'something we do not know',
}

test('reads a document and leaves what it does not know [SD-JWT VC draft -13 §6.2]', () => {
  expect(parseTypeMetadata(JSON.stringify(VALID))).toEqual(VALID)
})

test('a document needs no more than a vct [SD-JWT VC draft -13 §6.2]', () => {
  expect(parseTypeMetadata('{"vct":"urn:eudi:pid:nl:1"}')).toEqual({ vct: 'urn:eudi:pid:nl:1' })
})

describe('refuses, as invalid_type_metadata', () => {
  test.each<[string, object]>([
    ['no vct', { vct: undefined }],
    ['a vct that is empty', { vct: '' }],
    ['extends that is no string', { extends: ['https://wegwijzer.example/types/document/1'] }],
    ['display that is no list', { display: { locale: 'nl', name: 'Diploma' } }],
    ['display without a name', { display: [{ locale: 'nl' }] }],
    ['display by lang, as before draft -12', { display: [{ lang: 'nl', name: 'Diploma' }] }],
    ['a locale that is no language tag', { display: [{ locale: 'nl_NL', name: 'Diploma' }] }],
    ['a logo without a uri', { display: [{ locale: 'nl', name: 'D', rendering: { simple: { logo: {} } } }] }],
    ['transaction data types in a list', { transaction_data_types: ['urn:example:payment:1'] }],
    ['a transaction data type that is no object', { transaction_data_types: { 'urn:example:payment:1': true } }],
  ])('%s [SD-JWT VC draft -13 §6.2, §8]', (_name, change) => {
    expectRefused(JSON.stringify({ ...VALID, ...change }))
  })

  test.each<[string, object]>([
    ['no path', { path: undefined }],
    ['an empty path', { path: [] }],
    ['a path that is a string', { path: 'grades' }],
    ['a negative position', { path: ['grades', -1] }],
    ['a position that is no whole number', { path: ['grades', 0.5] }],
    ['a truth value in the path', { path: ['grades', true] }],
    ['another word for sd', { sd: 'sometimes' }],
    ['mandatory in a string', { mandatory: 'true' }],
    ['an svg_id that starts with a digit', { svg_id: '1_subject' }],
    ['a label that is missing', { display: [{ locale: 'en' }] }],
  ])('a claim with %s [SD-JWT VC draft -13 §9]', (_name, change) => {
    expectRefused(JSON.stringify({ ...VALID, claims: [{ ...VALID.claims[0], ...change }] }))
  })

  test('one claim described twice [SD-JWT VC draft -13 §9]', () => {
    expectRefused(JSON.stringify({ ...VALID, claims: [{ path: ['a', null] }, { path: ['a'] }, { path: ['a', null] }] }))
  })

  test('one svg_id for two claims [SD-JWT VC draft -13 §9]', () => {
    const claims = ['a', 'b'].map((name) => ({ path: [name], svg_id: 'one' }))
    expectRefused(JSON.stringify({ ...VALID, claims }))
  })

  test.each(['iss', 'exp', 'cnf', 'vct', 'status'])(
    '%s, or a part of it, that would always be disclosable [SD-JWT VC draft -13 §3.2.2.2]',
    (name) => {
      expectRefused(JSON.stringify({ ...VALID, claims: [{ path: [name], sd: 'always' }] }))
      expectRefused(JSON.stringify({ ...VALID, claims: [{ path: [name, 'part'], sd: 'always' }] }))
    },
  )

  test.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['a member twice', '{"vct":"a","vct":"b"}'],
    ['a member named __proto__', '{"vct":"a","__proto__":{}}'],
    ['too much', JSON.stringify({ ...VALID, more: 'x'.repeat(1_000_000) })],
  ])('%s', (_name, text) => {
    expectRefused(text)
  })
})

function expectRefused(text: string): void {
  expect(() => parseTypeMetadata(text)).toThrow(expect.objectContaining({ code: 'invalid_type_metadata' }))
}
