import { expect, test } from 'vitest'
import { judgePassphrase } from './passphrase-strength.ts'

test.each([
  ['aap', 'weak'],
  ['aaaaaaaaaaaaaaaaaaaaaaaa', 'weak'],
  ['1234567890', 'weak'],
  ['abcdefghijklmnop', 'weak'],
  ['wachtwoord', 'weak'],
  ['welkom welkom welkom welkom', 'weak'],
  ['twee drie vier', 'weak'],
  ['een lange zin die u onthoudt', 'fair'],
  ['fiets regenboog kast', 'weak'],
  ['fiets regenboog kast molen', 'fair'],
  ['paard batterij nietje correct gordijn', 'strong'],
  ['x7$Kq!92vLpz#4Tm', 'strong'],
] as const)('“%s” is %s', (passphrase, strength) => {
  expect(judgePassphrase(passphrase)).toBe(strength)
})
