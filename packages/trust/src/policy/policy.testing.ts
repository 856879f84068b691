import type { Policy } from './policy-file.ts'

/** An employer that asks for a forklift certificate and either of two things about a diploma. */
export const POLICY: Policy = {
  id: 'werkgever-heftruck',
  version: 1,
  title: { nl: 'Heftruckcertificaat', en: 'Forklift certificate' },
  serviceDescription: { nl: 'Solliciteren bij Grand Contex (demo)', en: 'Applying at Grand Contex (demo)' },
  purpose: { nl: 'Controleren of u mag werken als heftruckchauffeur', en: 'Checking that you may drive a forklift' },
  legalGround: { text: { nl: 'Nog na te gaan', en: 'To be checked' }, checkedOn: null, checkedBy: null },
  retention: { days: 28, text: { nl: 'Tot vier weken na de procedure', en: 'Until four weeks after the procedure' } },
  intendedUseId: 'grand-contex-heftruck',
  publicBody: false,
  privacyPolicy: 'privacy',
  supportUri: 'mailto:privacy@grand-contex.example',
  dcql: {
    credentials: [
      {
        id: 'vak',
        format: 'dc+sd-jwt',
        meta: { vct_values: ['https://wegwijzer.example/types/vakcertificaat/1'] },
        claims: [{ path: ['family_name'] }, { path: ['certificate_name'], values: ['Heftruckchauffeur'] }],
      },
      {
        id: 'dip',
        format: 'dc+sd-jwt',
        meta: { vct_values: ['https://wegwijzer.example/types/diploma/1'] },
        claims: [{ path: ['qualification_name'] }],
      },
      {
        id: 'dipmin',
        format: 'dc+sd-jwt',
        meta: { vct_values: ['https://wegwijzer.example/types/diploma/1'] },
        claims: [
          { id: 'eqf2', path: ['eqf_at_least_2'], values: [true] },
          { id: 'eqf3', path: ['eqf_at_least_3'], values: [true] },
          { id: 'field', path: ['isced_f_label'] },
        ],
        claim_sets: [['eqf2', 'field'], ['eqf3']],
      },
      {
        id: 'saldo',
        format: 'dc+sd-jwt',
        meta: { vct_values: ['https://wegwijzer.example/types/leerrekening/1'] },
      },
    ],
    credential_sets: [
      { options: [['vak']] },
      { options: [['dip'], ['dipmin']] },
      { options: [['saldo']], required: false },
    ],
  },
  acceptedIssuers: { vak: ['NTRNL-90000003'], dip: 'may_issue', dipmin: 'may_issue', saldo: 'may_issue' },
}
