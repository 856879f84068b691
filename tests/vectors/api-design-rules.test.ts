import { API_DESIGN_RULES } from '@wegwijzer/server/testing'
import { expect, test } from 'vitest'
import { describeWithReferenceData, readReferenceText } from '../support/reference-data.ts'

/** Rules about plain OpenAPI that need a validator of OpenAPI, and about examples, of which our documents have none. */
const NOT_OURS = ['oas3-schema', 'oas3-valid-media-example', 'oas3-valid-schema-example']

describeWithReferenceData('the linter of the NL GOV REST API Design Rules', () => {
  test('has no rule that our own checks do not have, nor the reverse', () => {
    const rules = [...readReferenceText('nl-gov/adr-linter.yaml').matchAll(/^ {2}([a-z0-9]+[\w:-]*):(?: error)?$/gim)]
    const names = rules.map(([, name = '']) => name).filter((name) => !NOT_OURS.includes(name))
    expect(names.length).toBeGreaterThan(20)
    expect(Object.keys(API_DESIGN_RULES).sort()).toEqual(names.sort())
  })
})
