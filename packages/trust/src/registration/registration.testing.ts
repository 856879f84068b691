import type { RegistrationContent } from './certificate.ts'

export const DIPLOMA = 'https://wegwijzer.example/types/diploma/1'

/** What UWV registered for one use: level and name of a diploma, and its grades. */
export const REGISTRATION: RegistrationContent = {
  name: 'UWV (demo)',
  sub: 'NTRNL-99000001',
  sub_ln: 'Uitvoeringsinstituut (demo)',
  country: 'NL',
  registry_uri: 'http://localhost:4000/registrar',
  srv_description: [
    { lang: 'nl', value: 'Werk zoeken' },
    { lang: 'en', value: 'Finding work' },
  ],
  entitlements: ['https://uri.etsi.org/19475/Entitlement/Service_Provider'],
  privacy_policy: 'http://localhost:4200/uwv/privacy',
  support_uri: 'http://localhost:4200/uwv/verwijderen',
  supervisory_authority: { uri: 'https://www.autoriteitpersoonsgegevens.nl' },
  policy_id: ['0.4.0.19475.3.1'],
  purpose: [
    { lang: 'nl', value: 'U inschrijven als werkzoekende' },
    { lang: 'en', value: 'Registering you as a jobseeker' },
  ],
  credentials: [
    {
      format: 'dc+sd-jwt',
      meta: { vct_values: [DIPLOMA] },
      claim: [{ path: ['qualification_name'] }, { path: ['eqf_level'] }, { path: ['grades'] }],
    },
  ],
  intended_use_id: 'uwv-inschrijving',
  public_body: true,
}
