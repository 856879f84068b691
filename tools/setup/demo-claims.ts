import type { ClaimsByType } from '@wegwijzer/schemas'

/**
 * What the demo organisations say about the demo worker, Yara van Dijk, who does not exist. All dates are counted from the
 * day of the first start, so that the demo never grows old.
 */
const PERSON = { given_name: 'Yara', family_name: 'van Dijk', birthdate: '1994-04-09' } as const

/** The organisation that issues each type in the demo. */
export const DEMO_ISSUER_OF: Readonly<Record<keyof ClaimsByType, string>> = {
  pid: 'pid',
  diploma: 'roc-midden-nederland',
  werkervaring: 'grand-contex',
  vakcertificaat: 'testexamens-heftruck',
  leerrekening: 'opleidingsfonds-logistiek',
  'ww-registratie': 'uwv',
  scholingsbesluit: 'uwv',
  inschrijving: 'opleider-demo',
  baanintentie: 'grand-contex',
}

/** @param firstDay RFC 3339 full-date of the first start. */
export function demoClaims(firstDay: string): ClaimsByType {
  const day = (offset: number) => addDays(firstDay, offset)
  const jobStart = addMonths(firstDay, -38)
  return {
    pid: { ...PERSON, bsn: '999990019', age_over_18: true, nationalities: ['NL'] },
    diploma: {
      ...PERSON,
      document_type: 'diploma',
      education_sector: 'mbo',
      qualification_name: 'Logistiek teamleider',
      qualification_code: '25372',
      qualification_code_system: 'CREBO',
      institution_name: 'ROC Midden Nederland (demo)',
      institution_brin: '25LH',
      completion_date: addMonths(firstDay, -51),
      mbo_level: 3,
      mbo_type: 'vakopleiding',
      learning_path: 'BBL',
      nlqf_level: 3,
      eqf_level: 3,
      eqf_at_least_2: true,
      eqf_at_least_3: true,
      eqf_at_least_4: false,
      eqf_at_least_5: false,
      eqf_at_least_6: false,
      eqf_at_least_7: false,
      isced_f_code: '1041',
      isced_f_label: 'vervoersdiensten',
      study_load_hours: 4800,
      language_of_instruction: 'nl',
      grades: [
        { subject: 'Nederlands 2F', grade: '7' },
        { subject: 'Rekenen 2F', grade: '8' },
        { subject: 'Examen Aansturen van het team', grade: 'Goed' },
      ],
    },
    werkervaring: {
      ...PERSON,
      role_title: 'Heftruckchauffeur',
      occupation_code: 'eeac6251-1974-42f5-91ed-513c6c883755',
      occupation_code_system: 'ESCO v1.1.1',
      occupation_label: 'heftruckchauffeur',
      isco08: '8344',
      employer_name: 'Grand Contex BV (demo)',
      employer_kvk: '90001354',
      sbi_code: '52109',
      sbi_label: 'Opslag in distributiecentra',
      start_date: jobStart,
      end_date: day(-1),
      current: false,
      hours_per_week: 32,
      contract_type: 'tijdelijk',
      end_reason: 'contract_afgelopen',
      work_region: 'Midden-Utrecht',
      duration_months: 38,
      duration_at_least_6_months: true,
      duration_at_least_12_months: true,
      duration_at_least_24_months: true,
      duration_at_least_36_months: true,
      duration_at_least_60_months: false,
      skills: [
        {
          esco_skill_id: 'fe29e658-7cad-4b70-a169-10a240ec0bef',
          label_nl: 'in een logistiek team werken',
          label_en: 'work in a logistics team',
        },
      ],
    },
    vakcertificaat: {
      ...PERSON,
      document_type: 'vakcertificaat',
      certificate_name: 'Heftruckchauffeur',
      certificate_scheme: 'Heftruckcertificaat (demo)',
      certificate_number: 'TH-000417',
      issuer_name: 'Testexamens Heftruck BV (demo)',
      issue_date: day(-400),
      valid_until: day(1425),
      machine_classes: ['vorkheftruck', 'reachtruck'],
      practical_exam: true,
      theory_exam: true,
    },
    leerrekening: {
      account_ref: 'LR-000417',
      fund_name: 'Opleidingsfonds Logistiek (demo)',
      fund_type: 'sectorfonds',
      currency: 'EUR',
      balance_minor: 125_000,
      reserved_minor: 0,
      available_minor: 125_000,
      as_of: `${firstDay}T06:00:00Z`,
      valid_until: day(456),
      account_status: 'active',
      eligible_categories: ['logistiek', 'veiligheid', 'loopbaancoaching'],
      max_per_course_minor: 100_000,
      max_per_year_minor: 200_000,
      own_contribution_percent: 0,
      coaching_allowed: true,
      employer_may_control: false,
    },
    'ww-registratie': {
      case_reference: 'WW-DEMO-0417',
      registered_as_jobseeker: true,
      registration_date: day(-2),
      valid_until: day(90),
      benefit_active: true,
      region: 'Midden-Utrecht',
    },
    scholingsbesluit: {
      case_reference: 'WW-DEMO-0417',
      course_id: 'C-REACH',
      course_name: 'Reachtruck en heftruck gevorderd',
      provider_name: 'Opleider Demo BV (demo)',
      approved: true,
      approved_from: day(30),
      approved_until: day(48),
      exempt_application_hours_per_week: 16,
    },
    inschrijving: {
      course_id: 'C-REACH',
      course_name: 'Reachtruck en heftruck gevorderd',
      provider_name: 'Opleider Demo BV (demo)',
      provider_oin: '00000099000000002000',
      start_date: day(30),
      end_date: day(48),
      hours_per_week: 16,
      tested: true,
      with_teacher: true,
      certificate_awarded: 'Reachtruckchauffeur',
      price_minor: 85_000,
      currency: 'EUR',
      funding_source: 'leerrekening',
    },
    baanintentie: {
      employer_name: 'Grand Contex BV (demo)',
      employer_kvk: '90001354',
      occupation_code: 'eeac6251-1974-42f5-91ed-513c6c883755',
      role_title: 'Reachtruckchauffeur',
      intended_start: day(60),
      hours_per_week: 32,
      duration_months: 12,
      conditional_on_course: 'C-REACH',
    },
  }
}

function addDays(date: string, days: number): string {
  const moved = new Date(`${date}T00:00:00Z`)
  moved.setUTCDate(moved.getUTCDate() + days)
  return moved.toISOString().slice(0, 10)
}

/** The same day of another month, or that month's last day. */
function addMonths(date: string, months: number): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  const lastDay = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastDay))).toISOString().slice(0, 10)
}
