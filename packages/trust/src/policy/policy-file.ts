import { DcqlQuerySchema, parseDcqlQuery } from '@wegwijzer/protocol/dcql'
import { asProtocolError, ProtocolError } from '@wegwijzer/protocol/errors'
import type { Immutable } from '@wegwijzer/protocol/json'
import { type Static, Type } from 'typebox'
import { Check, Errors } from 'typebox/value'
import { type BilingualText, BilingualTextSchema } from '../localized-text.ts'
import { asksForBsn } from '../registration/registration.ts'

const Text = Type.String({ minLength: 1, maxLength: 500 })
/** Absolute, or relative to the Verifier's public address of the organisation. */
const UriReference = Type.String({ minLength: 1, maxLength: 2000 })
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })

/** Why this may be asked. Without a day and a person it is a note to ourselves and no legal ground. */
const LegalGroundSchema = Type.Object(
  {
    text: BilingualTextSchema,
    checkedOn: Type.Union([Day, Type.Null()]),
    checkedBy: Type.Union([Text, Type.Null()]),
  },
  { additionalProperties: false },
)

/** How long what was received is kept, in days and in words. */
const RetentionSchema = Type.Object(
  { days: Type.Integer({ minimum: 0, maximum: 3650 }), text: BilingualTextSchema },
  { additionalProperties: false },
)

/** `may_issue`: whoever the trust list lets issue the type; or these organisations, by identifier, and only these. */
const AcceptedIssuersSchema = Type.Union([Type.Literal('may_issue'), Type.Array(Text, { minItems: 1, maxItems: 1000 })])

/**
 * What a Verifier asks, from whom, why and for how long: a file, and the source of the registration certificate.
 *
 * Unlike messages of others it may have no other members: in a file of ours an unknown member is a spelling mistake.
 */
export const PolicySchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }),
    version: Type.Integer({ minimum: 1 }),
    title: BilingualTextSchema,
    /** What the service is in which this is asked. */
    serviceDescription: BilingualTextSchema,
    purpose: BilingualTextSchema,
    legalGround: LegalGroundSchema,
    retention: RetentionSchema,
    intendedUseId: Text,
    publicBody: Type.Boolean(),
    privacyPolicy: UriReference,
    /** Where a worker asks for deletion. */
    supportUri: UriReference,
    infoUri: Type.Optional(UriReference),
    dcql: DcqlQuerySchema,
    /** By the id of the Credential Query; each has an entry. */
    acceptedIssuers: Type.Record(Type.String(), AcceptedIssuersSchema),
  },
  { additionalProperties: false },
)

export type Policy = Immutable<Static<typeof PolicySchema>>
export type AcceptedIssuers = Immutable<Static<typeof AcceptedIssuersSchema>>

/**
 * Reads a policy file.
 *
 * Does not compare it with a registration certificate: activation does, with `findOverAsking`.
 *
 * @throws {ProtocolError} `invalid_policy`; the message names the member, for the person who wrote the file.
 */
export function parsePolicy(value: unknown): Policy {
  if (!Check(PolicySchema, value)) throw invalid(whereItIsWrong(value))
  const policy: Policy = value
  checkDcql(policy)
  const { checkedOn, checkedBy } = policy.legalGround
  if ((checkedOn === null) !== (checkedBy === null)) throw invalid('legalGround is checked by a person on a day')
  checkAcceptedIssuers(policy)
  if (!policy.publicBody && policy.dcql.credentials.some(asksForBsn)) throw invalid('only a public body may ask a BSN')
  return policy
}

function checkDcql({ dcql }: Policy): void {
  try {
    parseDcqlQuery(dcql)
  } catch (error) {
    throw asProtocolError('invalid_policy', error)
  }
}

function checkAcceptedIssuers({ dcql, acceptedIssuers }: Policy): void {
  const asked = dcql.credentials.map(({ id }) => id).sort()
  const named = Object.keys(acceptedIssuers).sort()
  if (JSON.stringify(asked) !== JSON.stringify(named)) {
    throw invalid('acceptedIssuers has one entry for each credential of dcql')
  }
}

/** The legal ground, as far as someone has checked it: an unchecked one is shown to nobody. */
export function checkedLegalGround({ legalGround }: Policy): BilingualText | undefined {
  return legalGround.checkedOn === null || legalGround.checkedBy === null ? undefined : legalGround.text
}

function whereItIsWrong(value: unknown): string {
  const [error] = Errors(PolicySchema, value)
  return error === undefined ? 'not a policy' : `the policy at "${error.instancePath}" ${error.message}`
}

function invalid(message: string): ProtocolError {
  return new ProtocolError('invalid_policy', message)
}
