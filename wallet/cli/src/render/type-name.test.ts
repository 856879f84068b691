import { expect, test } from 'vitest'
import { shortTypeName } from './type-name.ts'

test.each([
  ['https://wegwijzer.example/types/diploma/1', 'diploma'],
  ['https://wegwijzer.example/types/ww-registratie/2', 'ww-registratie'],
  ['urn:eudi:pid:nl:1', 'pid'],
  ['anything', 'anything'],
  ['urn:x', 'urn:x'],
])('%s is %s for short', (vct, name) => {
  expect(shortTypeName(vct)).toBe(name)
})
