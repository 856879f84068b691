import { Check } from 'typebox/value'
import { expect, test } from 'vitest'
import { findOverAsking, isWithinRegistration, RegistrationContentSchema } from '../registration/registration.ts'
import { POLICY } from './policy.testing.ts'
import { registrationOf } from './registration-of.ts'

const ORGANISATION = {
  identifier: 'NTRNL-90001354',
  name: 'Grand Contex BV (demo)',
  country: 'NL',
  url: 'http://localhost:4200/grand-contex',
  registryUri: 'http://localhost:4000/registrar',
}
const registration = registrationOf(POLICY, ORGANISATION)

test('says who asks, why, and where to turn to', () => {
  expect(Check(RegistrationContentSchema, registration)).toBe(true)
  expect(registration).toMatchObject({
    name: 'Grand Contex BV (demo)',
    sub: 'NTRNL-90001354',
    intended_use_id: 'grand-contex-heftruck',
    public_body: false,
    purpose: [
      { lang: 'nl', value: 'Controleren of u mag werken als heftruckchauffeur' },
      { lang: 'en', value: 'Checking that you may drive a forklift' },
    ],
    privacy_policy: 'http://localhost:4200/grand-contex/privacy',
    support_uri: 'mailto:privacy@grand-contex.example',
  })
})

test('registers exactly what is asked, per type, and possession where no claim is asked', () => {
  expect(registration.credentials).toEqual([
    {
      format: 'dc+sd-jwt',
      meta: { vct_values: ['https://wegwijzer.example/types/vakcertificaat/1'] },
      claim: [{ path: ['family_name'] }, { path: ['certificate_name'] }],
    },
    {
      format: 'dc+sd-jwt',
      meta: { vct_values: ['https://wegwijzer.example/types/diploma/1'] },
      claim: [
        { path: ['qualification_name'] },
        { path: ['eqf_at_least_2'] },
        { path: ['eqf_at_least_3'] },
        { path: ['isced_f_label'] },
      ],
    },
    { format: 'dc+sd-jwt', meta: { vct_values: ['https://wegwijzer.example/types/leerrekening/1'] } },
  ])
})

test('a policy stays within its own registration, and no longer when it asks more', () => {
  expect(isWithinRegistration(findOverAsking(POLICY.dcql, registration.credentials))).toBe(true)
  const [vak, ...others] = POLICY.dcql.credentials
  if (vak === undefined) throw new Error('the policy asks something')
  const more = { ...vak, claims: [...(vak.claims ?? []), { path: ['birthdate'] }] }
  expect(isWithinRegistration(findOverAsking({ credentials: [more, ...others] }, registration.credentials))).toBe(false)
})
