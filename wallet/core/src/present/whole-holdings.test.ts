import type { CredentialQuery } from '@wegwijzer/protocol/dcql'
import type { JsonObject } from '@wegwijzer/protocol/json'
import type { ClaimPath } from '@wegwijzer/protocol/sd-jwt'
import { createMemoryRecords } from '@wegwijzer/storage/records/memory'
import type { RegistrationCertificate } from '@wegwijzer/trust/registration'
import { describe, expect, test } from 'vitest'
import type { HeldCredential } from '../holdings/held-credential.ts'
import { keepCredential } from '../holdings/holdings.ts'
import { matchHoldings } from './match-holdings.ts'

const NOW = 1_790_812_800
const VCT = 'https://wegwijzer.example/types/diploma/1'
const VC = 'https://www.w3.org/2018/credentials#VerifiableCredential'
const WHOLE: readonly ClaimPath[] = [['credentialSubject']]

/** Holds one W3C diploma, and asks for it; a test changes one thing. */
async function match({
  claims = { qualification_name: 'Logistiek medewerker', eqf_level: 4 },
  asked = WHOLE,
  registered = asked,
  isPublicBody = false,
  query = {},
  isSdJwt = false,
}: {
  readonly claims?: JsonObject
  readonly asked?: readonly ClaimPath[]
  readonly registered?: readonly ClaimPath[]
  readonly isPublicBody?: boolean
  readonly query?: Partial<CredentialQuery>
  readonly isSdJwt?: boolean
} = {}) {
  const records = createMemoryRecords()
  const credential: HeldCredential = {
    id: 'abcdefghjk',
    vct: VCT,
    issuer: { organisation: 'roc', identifier: 'NTRNL-1', name: [], credentialIssuer: 'https://issuer.example/roc' },
    claims,
    receivedAt: NOW,
    authorityKeyIds: [],
    display: { name: [], claims: [] },
    ...(!isSdJwt && { format: 'jwt_vc_json' }),
  }
  await records.write(keepCredential(credential, [{ credentialId: credential.id, sdJwt: 'x', pkcs8: 'x' }]))
  const one: CredentialQuery = {
    id: 'diploma',
    format: 'jwt_vc_json',
    meta: { type_values: [[VC, VCT]] },
    ...(asked.length > 0 && { claims: asked.map((path) => ({ path })) }),
    ...query,
  }
  const registration: RegistrationCertificate = {
    name: 'Opleider (demo)',
    sub: 'NTRNL-2',
    country: 'NL',
    registry_uri: 'https://registrar.example',
    entitlements: ['https://uri.etsi.org/19475/Entitlement/Service_Provider'],
    privacy_policy: 'https://verifier.example/privacy',
    support_uri: 'https://verifier.example/verwijderen',
    purpose: [],
    srv_description: [],
    intended_use_id: 'test',
    credentials: [
      {
        format: one.format,
        meta: { ...(one.meta.type_values && { type_values: one.meta.type_values }) },
        claim: registered.map((path) => ({ path })),
      },
    ],
    public_body: isPublicBody,
    iat: NOW,
    exp: NOW + 1,
    status: {},
  }
  const { match: found } = await matchHoldings({ records, now: () => NOW }, { credentials: [one] }, registration)
  return found.queries.get('diploma')
}

describe('a W3C credential, which shows everything, answers', () => {
  test.each<[string, Parameters<typeof match>[0]]>([
    ['who asks all at once', {}],
    [
      'who asks every claim by name',
      { asked: ['qualification_name', 'eqf_level'].map((name) => ['credentialSubject', name]) },
    ],
    [
      'whichever alternative of types it has [OpenID4VP 1.0 §B.1.1]',
      { query: { meta: { type_values: [['urn:x'], [VCT]] } } },
    ],
    ['a public body with a BSN', { claims: { bsn: '999990019' }, isPublicBody: true }],
  ])('%s', async (_name, change) => {
    expect((await match(change))?.candidates).toHaveLength(1)
  })
})

describe('it does not answer', () => {
  test.each<[string, Parameters<typeof match>[0], string]>([
    ['who asks a part', { asked: [['credentialSubject', 'qualification_name']] }, 'not_permitted'],
    ['who asks nothing of it', { asked: [] }, 'not_permitted'],
    ['who registered a part', { registered: [['credentialSubject', 'qualification_name']] }, 'not_permitted'],
    ['who registered nothing', { registered: [] }, 'not_permitted'],
    ['who may not see a BSN that is in it', { claims: { bsn: '999990019' } }, 'not_permitted'],
    ['who may not see a BSN deep in it', { claims: { person: [{ bsn: '999990019' }] } }, 'not_permitted'],
    [
      'who asks another type',
      { query: { meta: { type_values: [[VC, 'https://wegwijzer.example/types/pid/1']] } } },
      'type',
    ],
    ['who asks one more type', { query: { meta: { type_values: [[VC, VCT, 'urn:x']] } } }, 'type'],
    ['who wants it bare', { query: { require_cryptographic_holder_binding: false } }, 'holder_binding'],
    ['who asks an SD-JWT', { query: { format: 'dc+sd-jwt', meta: { vct_values: [VCT] } } }, 'type'],
    ['who asks by a certificate', { query: { trusted_authorities: [{ type: 'aki', values: ['AAAA'] }] } }, 'authority'],
  ])('%s', async (_name, change, reason) => {
    expect(await match(change)).toMatchObject({ candidates: [], unmet: { reason } })
  })

  test('an SD-JWT, to who asks a W3C credential', async () => {
    expect(await match({ isSdJwt: true })).toMatchObject({ candidates: [], unmet: { reason: 'type' } })
  })
})
