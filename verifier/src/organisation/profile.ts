import { IDENTITY_MEMBERS } from '@wegwijzer/organisation/profile'
import { type Static, Type } from 'typebox'
import { Check, Errors } from 'typebox/value'

const Text = Type.String({ minLength: 1, maxLength: 500 })

/** An organisation that asks presentations, as data: who it is, and where a worker turns to. */
export const VerifierProfile = Type.Object(
  {
    ...IDENTITY_MEMBERS,
    /** ISO 3166-1 alpha-2, in capitals. */
    country: Type.String({ pattern: '^[A-Z]{2}$' }),
    /** Who answers questions and requests for deletion. */
    contact: Type.Object({ email: Type.String({ pattern: '^[^@\\s]+@[^@\\s]+$', maxLength: 200 }) }),
    /** Where a worker complains. */
    supervisoryAuthority: Type.Object({ name: Text, uri: Type.String({ pattern: '^https://', maxLength: 500 }) }),
  },
  { additionalProperties: false },
)
export type VerifierProfile = Readonly<Static<typeof VerifierProfile>>

/**
 * Reads a profile, as its file or its row has it.
 *
 * @throws {TypeError} with the first mistake.
 */
export function parseVerifierProfile(value: unknown): VerifierProfile {
  if (Check(VerifierProfile, value)) return value
  const [first] = Errors(VerifierProfile, value)
  throw new TypeError(`the profile of a verifier is malformed at ${first?.instancePath || 'its root'}`)
}

/** The public address of an organisation here, its identifier in certificates. @param verifierUrl Base URL of the program. */
export function verifierUrlOf(verifierUrl: string, organisation: string): string {
  return `${verifierUrl}/${organisation}`
}
