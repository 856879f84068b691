import { checkClaims, credentialTypeNamed, isCredentialTypeName } from '@wegwijzer/schemas'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { demoClaims } from './demo-claims.ts'

test('whatever the day of the first start, the demo claims are right by their schemas', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('2026-01-01'), max: new Date('2031-12-31'), noInvalidDate: true }), (date) => {
      const claims = demoClaims(date.toISOString().slice(0, 10))
      for (const [name, ofType] of Object.entries(claims)) {
        if (!isCredentialTypeName(name)) throw new Error(`${name} is no credential type`)
        expect({ name, mistakes: checkClaims(credentialTypeNamed(name).vct, ofType) }).toEqual({ name, mistakes: [] })
      }
    }),
  )
})
