import { OrganisationId } from '@wegwijzer/server'
import { Type } from 'typebox'

const Text = Type.String({ minLength: 1, maxLength: 500 })

/** A text for people, in Dutch and English. */
export const InBothLanguages = Type.Object({ nl: Text, en: Text }, { additionalProperties: false })

/** Who an organisation is: the members that the profile of every program has. */
export const IDENTITY_MEMBERS = {
  id: OrganisationId,
  name: InBothLanguages,
  /** ETSI EN 319 412-1 §5.1.4, equal to `organizationIdentifier` in its certificates. */
  identifier: Type.String({ pattern: '^[A-Z]{5}-[A-Za-z0-9.-]{1,100}$' }),
  registeredNumbers: Type.Array(
    Type.Object(
      {
        type: Type.Union([Type.Literal('KVK'), Type.Literal('OIN'), Type.Literal('BRIN')]),
        value: Type.String({ minLength: 1, maxLength: 50 }),
      },
      { additionalProperties: false },
    ),
    { maxItems: 20 },
  ),
} as const
