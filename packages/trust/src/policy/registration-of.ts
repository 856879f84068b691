import type { DcqlQuery } from '@wegwijzer/protocol/dcql'
import { type ClaimPath, claimPathKey } from '@wegwijzer/protocol/sd-jwt'
import { makeLocalizedTexts } from '../localized-text.ts'
import {
  ENTITLEMENTS,
  REGISTRATION_POLICY_ID,
  type RegisteredCredential,
  type RegistrationContent,
  type SupervisoryAuthority,
} from '../registration/registration.ts'
import type { Policy } from './policy-file.ts'

/** What a registrar knows of an organisation beside what it wants to ask. */
export interface RegisteredOrganisation {
  /** Organisation identifier, such as `NTRNL-90001354`. */
  readonly identifier: string
  /** For people. */
  readonly name: string
  readonly legalName?: string
  /** ISO 3166-1 alpha-2, in capitals. */
  readonly country: string
  /** Public address of the organisation at its Verifier; relative addresses of a policy are below it. */
  readonly url: string
  readonly registryUri: string
  readonly supervisoryAuthority?: SupervisoryAuthority
}

/** What a registrar certifies for this policy: exactly what it asks, and nothing that it might ask one day. */
export function registrationOf(policy: Policy, organisation: RegisteredOrganisation): RegistrationContent {
  const { legalName, supervisoryAuthority } = organisation
  const resolve = (reference: string): string => new URL(reference, `${organisation.url.replace(/\/$/, '')}/`).href
  return {
    name: organisation.name,
    sub: organisation.identifier,
    ...(legalName !== undefined && { sub_ln: legalName }),
    country: organisation.country,
    registry_uri: organisation.registryUri,
    srv_description: makeLocalizedTexts(policy.serviceDescription),
    entitlements: [ENTITLEMENTS.serviceProvider],
    privacy_policy: resolve(policy.privacyPolicy),
    ...(policy.infoUri !== undefined && { info_uri: resolve(policy.infoUri) }),
    support_uri: resolve(policy.supportUri),
    ...(supervisoryAuthority !== undefined && { supervisory_authority: supervisoryAuthority }),
    policy_id: [REGISTRATION_POLICY_ID],
    purpose: makeLocalizedTexts(policy.purpose),
    credentials: registeredCredentials(policy.dcql),
    intended_use_id: policy.intendedUseId,
    public_body: policy.publicBody,
  }
}

/** One entry per format and types, with the paths of all queries for them; no `claim` where none is asked. */
function registeredCredentials({ credentials }: DcqlQuery): readonly RegisteredCredential[] {
  const groups = Map.groupBy(credentials, ({ format, meta }) =>
    JSON.stringify([format, meta.vct_values, meta.type_values]),
  )
  return [...groups.values()].flatMap((queries) => {
    const [first] = queries
    if (first === undefined) return []
    const { format, meta } = first
    const paths = new Map<string, ClaimPath>()
    for (const { path } of queries.flatMap(({ claims = [] }) => claims)) paths.set(claimPathKey(path), path)
    const claim = [...paths.values()].map((path) => ({ path }))
    const { vct_values, type_values } = meta
    const types = { ...(vct_values && { vct_values }), ...(type_values && { type_values }) }
    return [{ format, meta: types, ...(claim.length > 0 && { claim }) }]
  })
}
