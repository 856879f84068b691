import { generateNodeSigner } from '@wegwijzer/keys/node'
import { TRUST_ROLES } from '@wegwijzer/keys/x509'
import { encodeBase64url, encodeUtf8 } from '@wegwijzer/protocol/jose'
import type { AuthorizationRequest, VpToken } from '@wegwijzer/protocol/openid4vp'
import { selectDisclosures } from '@wegwijzer/protocol/sd-jwt'
import { credentialTypeNamed } from '@wegwijzer/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Issuing, type IssuingChange, makeIssuing } from '../testing/issuing.testing.ts'
import { ask, readResult } from '../testing/operator.testing.ts'
import { ONE_ISSUER, SUBJECTS, TWO_NAMES } from '../testing/policies.testing.ts'
import { encryptAnswer, fetchRequest, post, present } from '../testing/wallet.testing.ts'
import { ISSUERS, NOW, startWorld, type World } from '../testing/world.testing.ts'
import { CHECKS, type CheckName } from './report.ts'

let world: World
let issuing: Issuing

beforeAll(async () => {
  world = await startWorld({ policies: { 'grand-contex': [TWO_NAMES, ONE_ISSUER, SUBJECTS] } })
  issuing = await makeIssuing(world)
})
afterAll(() => world.close())

const DIPLOMA = [['qualification_name'], ['institution_name'], ['completion_date']]
type Making = (request: AuthorizationRequest) => Promise<{ readonly vpToken: VpToken; readonly state?: string | null }>

/** What the organisation reads after a wallet answered like this. */
async function resultOf(make: Making, policy = 'werkgever-diploma') {
  const { id, authorizationRequest } = await ask(world, 'grand-contex', policy)
  const { request } = await fetchRequest(world, authorizationRequest)
  const { vpToken, state } = await make(request)
  const answer = await post(request.responseUri, await encryptAnswer(request, vpToken, state))
  expect(answer).toMatchObject({ status: 200, body: {} })
  return readResult(world, 'grand-contex', id)
}

/** Which checks failed and why; everything else passed or had nothing to look at. */
async function failuresOf(make: Making, policy?: string) {
  const { state, report, claims } = await resultOf(make, policy)
  expect(state).toBe('answered')
  expect(report?.checks.map(({ check }) => check)).toEqual(CHECKS)
  for (const { outcome, reason } of report?.checks ?? []) expect(reason !== undefined).toBe(outcome !== 'passed')
  const failures = report?.checks.filter(({ outcome }) => outcome === 'failed') ?? []
  expect(report?.verdict).toBe(failures.length === 0 ? 'accepted' : 'rejected')
  // What is not accepted is not told either.
  expect(claims !== undefined).toBe(failures.length === 0)
  return failures
}

const failure = (check: CheckName, reason: string, credential?: string) => ({
  check,
  outcome: 'failed',
  reason,
  ...(credential && { credential }),
})

/** A diploma that was issued with a change, presented as asked. */
const diplomaWith =
  (change: IssuingChange): Making =>
  async (request) => ({
    vpToken: { diploma: [await present(await issuing.issue('diploma', change), DIPLOMA, request, NOW)] },
  })

describe('format', () => {
  test.each<[string, string, Making]>([
    ['something that is no SD-JWT', 'invalid_sd_jwt', async () => ({ vpToken: { diploma: ['a.b.c~'] } })],
    ['another type of token', 'invalid_sd_jwt', diplomaWith({ header: { typ: 'vc+sd-jwt' } })],
    ['no certificates', 'invalid_sd_jwt', diplomaWith({ header: { x5c: [] } })],
    ['something else as a certificate', 'invalid_certificate', diplomaWith({ header: { x5c: ['AAAA'] } })],
    [
      'two presentations where one was asked',
      'too_many',
      async (request) => {
        const presentation = await present(await issuing.issue('diploma'), DIPLOMA, request, NOW)
        return { vpToken: { diploma: [presentation, presentation] } }
      },
    ],
  ])('fails on %s', async (_name, reason, make) => {
    expect(await failuresOf(make)).toEqual([failure('format', reason, 'diploma')])
  })

  test('fails on an answer to a question that was not asked, whose name is not repeated', async () => {
    const make: Making = async (request) => ({
      vpToken: { bsn: [await present(await issuing.issue('diploma'), DIPLOMA, request, NOW)] },
    })
    expect(await failuresOf(make)).toEqual([failure('format', 'unknown_query')])
  })
})

describe('integrity', () => {
  test.each<[string, string, IssuingChange]>([
    ['a credential that has expired', 'expired', { payload: { exp: NOW - 60 } }],
    ['a credential that does not hold yet', 'not_yet_valid', { payload: { nbf: NOW + 61 } }],
    ['a date that is no number', 'invalid_claims', { payload: { exp: '2027-01-01' } }],
    ['an audience that we are not', 'invalid_claims', { payload: { aud: 'https://other.example' } }],
  ])('fails on %s', async (_name, reason, change) => {
    expect(await failuresOf(diplomaWith(change))).toEqual([failure('integrity', reason, 'diploma')])
  })

  test('fails on a signature of another key', async () => {
    const issuer = await world.makeParty('credential_issuer', ISSUERS.school.identifier, issuing.uri)
    const failures = await failuresOf(diplomaWith({ issuer: { ...issuer, signer: generateNodeSigner() } }))
    expect(failures).toEqual([failure('integrity', 'invalid_signature', 'diploma')])
  })

  test.each<[string, (presentation: string) => string]>([
    ['a disclosure that no digest knows', (presentation) => `${presentation}${disclosure('mbo_level', 4)}~`],
    ['a claim with another value', (presentation) => presentation.replace(/~[^~]+~$/, `~${disclosure('x', 'y')}~`)],
    ['a disclosure twice', (presentation) => presentation.replace(/~([^~]+)~$/, '~$1~$1~')],
  ])('fails on %s', async (_name, change) => {
    const make: Making = async (request) => {
      const copy = await issuing.issue('diploma')
      const presentation = change(selectDisclosures(copy.held, DIPLOMA))
      return { vpToken: { diploma: [await present(copy, DIPLOMA, request, NOW, { presentation })] } }
    }
    expect(await failuresOf(make)).toEqual([failure('integrity', 'invalid_disclosure', 'diploma')])
  })

  function disclosure(name: string, value: unknown): string {
    return encodeBase64url(encodeUtf8(JSON.stringify(['c2FsdHNhbHRzYWx0c2FsdA', name, value])))
  }
})

describe('query', () => {
  test.each<[string, string, string[][]]>([
    ['a claim more than was asked', 'over_disclosed', [...DIPLOMA, ['grades']]],
    ['a name that was not asked', 'over_disclosed', [...DIPLOMA, ['family_name']]],
    ['a claim less than was asked', 'claim_missing', DIPLOMA.slice(1)],
  ])('fails on %s', async (_name, reason, paths) => {
    const make: Making = async (request) => ({
      vpToken: { diploma: [await present(await issuing.issue('diploma'), paths, request, NOW)] },
    })
    const failures = await failuresOf(make)
    expect(failures.filter(({ check }) => check !== 'policy')).toEqual([failure('query', reason, 'diploma')])
  })

  test('fails on a credential of another type', async () => {
    const make: Making = async (request) => ({
      vpToken: { diploma: [await present(await issuing.issue('werkervaring'), [['role_title']], request, NOW)] },
    })
    expect(await failuresOf(make)).toContainEqual(failure('query', 'type', 'diploma'))
  })

  test('fails when one of two required credentials is missing', async () => {
    const make: Making = async (request) => ({
      vpToken: { werk: [await present(await issuing.issue('werkervaring'), [], request, NOW)] },
    })
    expect(await failuresOf(make, SUBJECTS.id)).toEqual([failure('query', 'required_missing')])
  })
})

describe('holder_binding', () => {
  const presentWith =
    (change: Parameters<typeof present>[4]): Making =>
    async (request) => ({
      vpToken: { diploma: [await present(await issuing.issue('diploma'), DIPLOMA, request, NOW, change)] },
    })

  test.each<[string, string, Making]>([
    ['a key that is not in the credential', 'invalid_key_binding', presentWith({ signer: generateNodeSigner() })],
    ['another nonce', 'key_binding_mismatch', presentWith({ nonce: 'n-0123456789-0123456789' })],
    ['another audience', 'key_binding_mismatch', presentWith({ audience: `x509_hash:${'A'.repeat(43)}` })],
    ['a key binding from five minutes ago', 'key_binding_mismatch', presentWith({ issuedAt: NOW - 301 })],
    ['a key binding from the future', 'key_binding_mismatch', presentWith({ issuedAt: NOW + 61 })],
    [
      'a transaction that was not asked',
      'transaction_not_asked',
      presentWith({ transactionDataHashes: ['0ZZPnaJ8Gf4e6xJ5cfHwvWSPD_FCvQvnXp5sz6ZTSoI'] }),
    ],
    ['a credential without a key', 'invalid_key_binding', diplomaWith({ payload: { cnf: undefined } })],
    [
      'a key binding over other disclosures',
      'invalid_key_binding',
      async (request) => {
        const copy = await issuing.issue('diploma')
        const keyBindingJwt = (await present(copy, DIPLOMA.slice(1), request, NOW)).split('~').at(-1)
        return { vpToken: { diploma: [`${selectDisclosures(copy.held, DIPLOMA)}${keyBindingJwt}`] } }
      },
    ],
  ])('fails on %s', async (_name, reason, make) => {
    expect(await failuresOf(make)).toEqual([failure('holder_binding', reason, 'diploma')])
  })

  test('and query fail on a presentation without a key binding', async () => {
    const make: Making = async () => ({
      vpToken: { diploma: [selectDisclosures((await issuing.issue('diploma')).held, DIPLOMA)] },
    })
    expect(await failuresOf(make)).toEqual([
      failure('query', 'holder_binding', 'diploma'),
      failure('holder_binding', 'invalid_key_binding', 'diploma'),
    ])
  })

  test('fails on a presentation that was made for another request', async () => {
    const other = await fetchRequest(
      world,
      (await ask(world, 'grand-contex', 'werkgever-diploma')).authorizationRequest,
    )
    const make: Making = async () => ({
      vpToken: { diploma: [await present(await issuing.issue('diploma'), DIPLOMA, other.request, NOW)] },
    })
    expect(await failuresOf(make)).toEqual([failure('holder_binding', 'key_binding_mismatch', 'diploma')])
  })
})

describe('replay', () => {
  test.each<[string, string | null]>([
    ['the state of another request', 'another-state-0123456789'],
    ['no state', null],
  ])('fails on %s', async (_name, state) => {
    const make: Making = async (request) => ({
      vpToken: { diploma: [await present(await issuing.issue('diploma'), DIPLOMA, request, NOW)] },
      state,
    })
    expect(await failuresOf(make)).toEqual([failure('replay', 'state_mismatch')])
  })
})

describe('issuer_trusted', () => {
  const { school, employer } = ISSUERS
  const issuedBy =
    (role: (typeof TRUST_ROLES)[number], identifier: string, uri: () => string): Making =>
    async (request) =>
      diplomaWith({ issuer: await world.makeParty(role, identifier, uri()), payload: { iss: undefined } })(request)

  test.each(TRUST_ROLES.filter((role) => role !== 'credential_issuer'))(
    'fails on a certificate in the role %s',
    async (role) => {
      const failures = await failuresOf(issuedBy(role, school.identifier, () => issuing.uri))
      expect(failures).toEqual([failure('issuer_trusted', 'untrusted_certificate', 'diploma')])
    },
  )

  const metadataOf = (name: 'pid' | 'diploma') => credentialTypeNamed(name).typeMetadataIntegrity
  test.each<[string, string, Making]>([
    [
      'an organisation that may not issue this type',
      'may_not_issue',
      issuedBy('credential_issuer', employer.identifier, () => `${world.hostUrl}/employer`),
    ],
    [
      'an organisation that is not on the trust list',
      'unknown_issuer',
      issuedBy('credential_issuer', 'NTRNL-90000009', () => issuing.uri),
    ],
    [
      'a certificate with an address that is not the organisation’s',
      'issuer_mismatch',
      issuedBy('credential_issuer', school.identifier, () => `${world.hostUrl}/employer`),
    ],
    [
      'an iss that is another issuer',
      'issuer_mismatch',
      (request) => diplomaWith({ payload: { iss: `${world.hostUrl}/employer` } })(request),
    ],
    ['an iss that nobody knows', 'issuer_mismatch', diplomaWith({ payload: { iss: 'https://school.example' } })],
    ['another vct#integrity', 'type_not_as_listed', diplomaWith({ payload: { 'vct#integrity': metadataOf('pid') } })],
    ['no vct#integrity', 'type_not_as_listed', diplomaWith({ payload: { 'vct#integrity': undefined } })],
    [
      'a claim that is visible and must not be',
      'type_not_conformant',
      diplomaWith({ visible: ['final_grade'], claims: { final_grade: '7' } }),
    ],
  ])('fails on %s', async (_name, reason, make) => {
    expect(await failuresOf(make)).toEqual([failure('issuer_trusted', reason, 'diploma')])
  })

  test('passes without an iss: the issuer is the subject of the certificate', async () => {
    expect(await failuresOf(diplomaWith({ payload: { iss: undefined } }))).toEqual([])
    expect(metadataOf('diploma')).not.toBe(metadataOf('pid'))
  })
})

describe('status', () => {
  test.each<[string, string, number]>([
    ['a revoked credential', 'revoked', 1],
    ['a suspended credential', 'suspended', 2],
    ['a status that only the issuer understands', 'not_valid', 3],
  ])('fails on %s', async (_name, reason, status) => {
    expect(await failuresOf(diplomaWith({ status }))).toEqual([failure('status', reason, 'diploma')])
  })

  const { school, employer } = ISSUERS
  test.each<[string, string, () => Promise<unknown>]>([
    [
      'a list that is not there',
      'unavailable.unreachable',
      async () => ({ status_list: { idx: 1, uri: `${world.hostUrl}/status/nowhere` } }),
    ],
    [
      'a list that has expired',
      'unavailable.invalid_status_list',
      () => issuing.publishStatus(0, { expiresAt: NOW - 60 }),
    ],
    [
      'a list of another address',
      'unavailable.invalid_status_list',
      () => issuing.publishStatus(0, { subject: `${world.hostUrl}/status/other` }),
    ],
    [
      'a list of another organisation',
      'unavailable.untrusted_certificate',
      async () =>
        issuing.publishStatus(0, { signer: await world.makeParty('status_list', employer.identifier, issuing.uri) }),
    ],
    [
      'a list signed in another role',
      'unavailable.untrusted_certificate',
      async () =>
        issuing.publishStatus(0, {
          signer: await world.makeParty('credential_issuer', school.identifier, issuing.uri),
        }),
    ],
    [
      'an index that the list does not have',
      'unavailable.invalid_status_index',
      async () => {
        const { status_list: list } = await issuing.publishStatus(0)
        return { status_list: { ...Object(list), idx: 1000 } }
      },
    ],
    [
      'an index that is none',
      'invalid_status_reference',
      async () => ({ status_list: { idx: -1, uri: 'https://a.example' } }),
    ],
    [
      'a list within the network',
      'unavailable.unreachable',
      async () => ({ status_list: { idx: 1, uri: 'http://10.0.0.1/status' } }),
    ],
  ])('fails closed on %s', async (_name, reason, makeStatus) => {
    const make: Making = async (request) => diplomaWith({ payload: { status: await makeStatus() } })(request)
    expect(await failuresOf(make)).toEqual([failure('status', reason, 'diploma')])
  })

  test('is skipped, and says so, for a credential without a status', async () => {
    const { report } = await resultOf(diplomaWith({ status: null }))
    expect(report?.verdict).toBe('accepted')
    expect(report?.checks).toContainEqual({ check: 'status', outcome: 'skipped', reason: 'no_status' })
  })

  test('is not asked of an issuer that is not trusted', async () => {
    const { identifier } = ISSUERS.school
    const issuer = await world.makeParty('access_certificate', identifier, issuing.uri)
    const { report } = await resultOf(diplomaWith({ issuer }))
    const reasons = report?.checks
      .filter(({ outcome }) => outcome === 'skipped')
      .map(({ check, reason }) => [check, reason])
    expect(reasons).toEqual([
      ['status', 'issuer_trusted_not_passed'],
      ['same_person', 'issuer_trusted_not_passed'],
      ['policy', 'issuer_trusted_not_passed'],
    ])
  })
})

describe('same_person', () => {
  const twoNames =
    (diploma: Readonly<Record<string, string>>): Making =>
    async (request) => {
      const paths = [['family_name'], ['birthdate']]
      return {
        vpToken: {
          pid: [await present(await issuing.issue('pid'), paths, request, NOW)],
          diploma: [await present(await issuing.issue('diploma', { claims: diploma }), paths, request, NOW)],
        },
      }
    }

  test.each<[string, string, Readonly<Record<string, string>>]>([
    ['another family name', 'family_name_differs', { family_name: 'Bakhuizen' }],
    ['another birth date', 'birthdate_differs', { birthdate: '1997-02-12' }],
  ])('fails on %s', async (_name, reason, diploma) => {
    expect(await failuresOf(twoNames(diploma), TWO_NAMES.id)).toEqual([failure('same_person', reason)])
  })

  test('passes on one person, however the name is spaced and capitalised', async () => {
    const { report } = await resultOf(twoNames({ family_name: ' bakHUIS ' }), TWO_NAMES.id)
    expect(report?.verdict).toBe('accepted')
    expect(report?.checks).toContainEqual({ check: 'same_person', outcome: 'passed' })
  })

  test('is skipped, and says so, where fewer than two credentials disclosed who they are about', async () => {
    const { report } = await resultOf(diplomaWith({}))
    const skipped = { check: 'same_person', outcome: 'skipped', reason: 'disclosed_by_fewer_than_two' }
    expect(report?.checks).toContainEqual(skipped)
  })
})

describe('policy', () => {
  const workBy =
    (name: keyof typeof ISSUERS): Making =>
    async (request) => {
      const { organisation, identifier } = ISSUERS[name]
      const issuer = await world.makeParty('credential_issuer', identifier, `${world.hostUrl}/${organisation}`)
      const copy = await issuing.issue('werkervaring', { issuer, status: null })
      return { vpToken: { werk: [await present(copy, [['role_title']], request, NOW)] } }
    }

  test('fails on an issuer that may issue the type and that the policy does not name', async () => {
    const failures = await failuresOf(workBy('school'), ONE_ISSUER.id)
    expect(failures).toEqual([failure('policy', 'issuer_not_accepted', 'werk')])
  })

  test('passes on the issuer that it names', async () => {
    expect(await failuresOf(workBy('employer'), ONE_ISSUER.id)).toEqual([])
  })
})

test('what is kept of an accepted answer is what was asked, in its place, and nothing that a credential always shows', async () => {
  const { claims } = await resultOf(async (request) => {
    const paths = [['grades', null, 'subject'], ['institution_name']]
    return {
      vpToken: {
        diploma: [await present(await issuing.issue('diploma'), paths, request, NOW)],
        werk: [await present(await issuing.issue('werkervaring'), [], request, NOW)],
      },
    }
  }, SUBJECTS.id)
  expect(claims).toEqual({
    diploma: [
      {
        grades: [{ subject: 'Nederlands 2F' }, { subject: 'Rekenen 2F' }, { subject: 'Proeve van bekwaamheid' }],
        institution_name: 'Vakcollege De Linde (demo)',
      },
    ],
    werk: [{}],
  })
})

test('of a list of which one element was shown, that one is kept', async () => {
  const { claims } = await resultOf(async (request) => {
    const paths = [['grades', 1, 'subject'], ['institution_name']]
    return {
      vpToken: {
        diploma: [await present(await issuing.issue('diploma'), paths, request, NOW)],
        werk: [await present(await issuing.issue('werkervaring'), [], request, NOW)],
      },
    }
  }, SUBJECTS.id)
  expect(claims?.diploma).toEqual([
    { grades: [{ subject: 'Rekenen 2F' }], institution_name: 'Vakcollege De Linde (demo)' },
  ])
})
