import { parseTypeMetadata } from '@wegwijzer/protocol/sd-jwt-vc'
import { describe, expect, test } from 'vitest'
import { credentialTypeNamed } from './credential-types.ts'
import { isMembers } from './json-schema.ts'
import { findTransactionType, LEERBUDGET } from './transaction-types.ts'

/** What the type metadata of the learning account says about the payment. */
function readListed(): Readonly<Record<string, unknown>> {
  const metadata = parseTypeMetadata(credentialTypeNamed('leerrekening').typeMetadataText)
  const listed: unknown = metadata.transaction_data_types?.[LEERBUDGET.type]
  if (!isMembers(listed)) throw new Error('the learning account lists no payment')
  return listed
}

function leavesOf(schema: unknown, path: readonly string[]): readonly string[] {
  if (!isMembers(schema) || !isMembers(schema.properties)) return [JSON.stringify(path)]
  return Object.entries(schema.properties).flatMap(([name, child]) => leavesOf(child, [...path, name]))
}

const LONGEST_LABELS = {
  affirmative_action_label: 30,
  denial_action_label: 30,
  transaction_title: 50,
  security_hint: 250,
}

test('a transaction type is found by its identifier', () => {
  expect(findTransactionType('https://wegwijzer.example/transaction/leerbudget/1')).toBe(LEERBUDGET)
  expect(findTransactionType('urn:eudi:sca:payment:1')).toBeUndefined()
})

describe('the type metadata of the learning account [TS12 §4.1]', () => {
  test('holds the schema of the payment, word for word', () => {
    expect(readListed().schema).toEqual(LEERBUDGET.payloadSchema)
  })

  test('names every member of the payload in Dutch and in English, with how prominent it is', () => {
    const claims = readListed().claims
    if (!Array.isArray(claims)) throw new Error('no claims')
    expect(claims.map(({ path }) => JSON.stringify(path)).toSorted()).toEqual(
      leavesOf(LEERBUDGET.payloadSchema, ['payload']).toSorted(),
    )
    for (const { visualisation, display } of claims) {
      expect([1, 2, 3, 4]).toContain(visualisation)
      expect(display).toEqual([
        { locale: 'nl-NL', label: expect.stringMatching(/\S/) },
        { locale: 'en', label: expect.stringMatching(/\S/) },
      ])
    }
  })

  test('shows amount, payee and course prominently', () => {
    expect(readListed().claims).toEqual(
      expect.arrayContaining(
        [['amount_minor'], ['currency'], ['payee', 'name'], ['course', 'name']].map((path) =>
          expect.objectContaining({ path: ['payload', ...path], visualisation: 1 }),
        ),
      ),
    )
  })

  test.each(Object.entries(LONGEST_LABELS))('has %s in both languages, of %i characters at most', (name, longest) => {
    const labels = readListed().ui_labels
    const label: unknown = isMembers(labels) && labels[name]
    expect(label).toEqual([
      { lang: 'nl-NL', value: expect.stringMatching(new RegExp(`^.{1,${longest}}$`)) },
      { lang: 'en', value: expect.stringMatching(new RegExp(`^.{1,${longest}}$`)) },
    ])
  })

  test('does not claim to be strong customer authentication', () => {
    expect(credentialTypeNamed('leerrekening').typeMetadataText).not.toContain('category')
  })
})
