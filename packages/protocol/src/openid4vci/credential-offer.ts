import { Type } from 'typebox'
import { asProtocolError, ProtocolError } from '../errors.ts'
import { MAX_URL_LENGTH, type Message, parseIssuerIdentifier, parseMessage, type UrlRules } from '../oauth/oauth.ts'

/** @see OpenID4VCI 1.0 §4.1.1 credential-offer-parameters */
export const PRE_AUTHORIZED_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

/** What a Transaction Code looks like; an empty object still means that one is asked. */
const TransactionCode = Type.Object({
  /** Absent means `numeric`. */
  input_mode: Type.Optional(Type.Union([Type.Literal('numeric'), Type.Literal('text')])),
  length: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  description: Type.Optional(Type.String({ maxLength: 300 })),
})
export type TransactionCode = Message<typeof TransactionCode>

const CredentialOffer = Type.Object({
  credential_issuer: Type.String(),
  credential_configuration_ids: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
    minItems: 1,
    maxItems: 50,
    uniqueItems: true,
  }),
  grants: Type.Optional(
    Type.Object({
      authorization_code: Type.Optional(
        Type.Object({
          issuer_state: Type.Optional(Type.String({ maxLength: 4_000 })),
          authorization_server: Type.Optional(Type.String({ maxLength: MAX_URL_LENGTH })),
        }),
      ),
      [PRE_AUTHORIZED_CODE_GRANT]: Type.Optional(
        Type.Object({
          'pre-authorized_code': Type.String({ pattern: '^[ -~]+$', maxLength: 4_000 }),
          tx_code: Type.Optional(TransactionCode),
          authorization_server: Type.Optional(Type.String({ maxLength: MAX_URL_LENGTH })),
        }),
      ),
    }),
  ),
})
/** @see OpenID4VCI 1.0 §4.1.1 credential-offer-parameters */
export type CredentialOffer = Message<typeof CredentialOffer>

export interface CredentialOfferContents {
  readonly credentialIssuer: string
  readonly credentialConfigurationIds: readonly string[]
  readonly preAuthorizedCode: string
  /** Given, also when empty: the wallet must ask the worker for a code that came another way. */
  readonly txCode?: TransactionCode
}

/** Makes an offer for the pre-authorized code flow, from configuration and a code the issuer has stored. */
export function makeCredentialOffer(contents: CredentialOfferContents): CredentialOffer {
  const { credentialIssuer, credentialConfigurationIds, preAuthorizedCode, txCode } = contents
  return {
    credential_issuer: credentialIssuer,
    credential_configuration_ids: credentialConfigurationIds,
    grants: {
      [PRE_AUTHORIZED_CODE_GRANT]: {
        'pre-authorized_code': preAuthorizedCode,
        ...(txCode !== undefined && { tx_code: txCode }),
      },
    },
  }
}

/**
 * Parses an offer, which nobody signed: everything in it is a claim of whoever showed the link or code.
 *
 * Does not establish that the Credential Issuer exists, made this offer, or is trusted.
 *
 * Narrower than the specification: at most 50 configurations and 20,000 characters; a code is printable ASCII; a
 * Transaction Code has at most 100 characters and one of the two input modes named.
 *
 * @param text The `credential_offer` parameter, or the body behind `credential_offer_uri`.
 * @throws {ProtocolError} `invalid_credential_offer`
 * @see OpenID4VCI 1.0 §4.1.1 credential-offer-parameters
 * @see OpenID4VCI 1.0 §13.5 credential-offer-security
 */
export function parseCredentialOffer(text: string, rules: UrlRules = {}): CredentialOffer {
  const offer = parseMessage(CredentialOffer, text, 'invalid_credential_offer', OFFER_LIMITS)
  try {
    parseIssuerIdentifier(offer.credential_issuer, rules)
  } catch (error) {
    throw asProtocolError('invalid_credential_offer', error)
  }
  return offer
}

const OFFER_LIMITS = { maxLength: 20_000, maxDepth: 16 }

/**
 * The code of an offer, which the wallet exchanges for an access token.
 *
 * @throws {ProtocolError} `unsupported_grant_type` when the offer is not for the pre-authorized code flow.
 */
export function preAuthorizedCodeGrant(offer: CredentialOffer): PreAuthorizedCodeGrant {
  const grant = offer.grants?.[PRE_AUTHORIZED_CODE_GRANT]
  if (grant === undefined) throw new ProtocolError('unsupported_grant_type', 'the offer has no pre-authorized code')
  return grant
}

export type PreAuthorizedCodeGrant = NonNullable<
  NonNullable<CredentialOffer['grants']>[typeof PRE_AUTHORIZED_CODE_GRANT]
>
