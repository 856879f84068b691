import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { DcqlQuery } from '@wegwijzer/protocol/dcql'
import { registrationOf } from '@wegwijzer/trust/policy'
import type { RegistrationContent } from '@wegwijzer/trust/registration'
import type { Organisation, Party } from './authorities.ts'

/** What is wrong with a registration certificate. */
export interface RegistrationChanges {
  readonly registration?: (content: RegistrationContent) => RegistrationContent
  readonly registeredAt?: EpochSeconds
  readonly registeredUntil?: EpochSeconds
  /** Signs it instead of the registrar. */
  readonly registrar?: Party
  /** Where its status stands. */
  readonly statusUri?: string
}

export interface IntendedUse {
  readonly organisation: Organisation
  readonly url: string
  readonly isPublicBody: boolean
  readonly registryUrl: string
  /** Exactly this is registered. */
  readonly dcql: DcqlQuery
}

export const PURPOSE = { nl: 'Wij schrijven u in.', en: 'We register you.' }

/** What a registrar certifies of a use that asks this, by way of the same function as a real policy. */
export function registrationContent(use: IntendedUse): RegistrationContent {
  const { organisation, url, isPublicBody, registryUrl, dcql } = use
  return registrationOf(
    {
      id: 'test',
      version: 1,
      title: PURPOSE,
      serviceDescription: { nl: 'Werk zoeken', en: 'Finding work' },
      purpose: PURPOSE,
      legalGround: { text: PURPOSE, checkedOn: null, checkedBy: null },
      retention: { days: 28, text: PURPOSE },
      intendedUseId: 'test-use',
      publicBody: isPublicBody,
      privacyPolicy: 'privacy',
      supportUri: 'verwijderen',
      dcql,
      acceptedIssuers: {},
    },
    { identifier: organisation.identifier, name: organisation.name, country: 'NL', url, registryUri: registryUrl },
  )
}
