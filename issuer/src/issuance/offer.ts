import {
  type CredentialOffer,
  credentialOfferReferenceUri,
  credentialOfferUri,
  makeCredentialOffer,
} from '@wegwijzer/protocol/openid4vci'
import { type Door, OAuthError, OrganisationParams } from '@wegwijzer/server'
import { Type } from 'typebox'
import type { IssuerContext } from '../context.ts'
import type { IssuingOrganisation } from '../organisation/organisations.ts'
import { hashSecret, type IssuerSecrets, preAuthorizedCodeOf, TX_CODE_LENGTH } from '../secrets.ts'
import { readOpenOffer } from './offer-store.ts'

const Params = Type.Object({
  ...OrganisationParams.properties,
  reference: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
})

/**
 * Serves an offer by reference, as often as it is asked for, while it is open.
 *
 * @see OpenID4VCI 1.0 §4.1.3 sending-credential-offer-by-reference-using-credential-offer-uri-parameter
 */
export function addOfferRoute(door: Door, { db, now, organisations, secrets }: IssuerContext): void {
  door.get(
    '/:organisation/credential-offers/:reference',
    { config: { errors: 'oauth', cors: 'wallet' }, schema: { params: Params } },
    async (request) => {
      const organisation = await organisations.require(request.params.organisation)
      const { reference } = request.params
      const open = await readOpenOffer(db, organisation.id, hashSecret(reference), now())
      if (!open) throw new OAuthError('invalid_request', 'there is no such offer, or it is over', { status: 404 })
      return describeOffer(secrets, organisation, { ...open, reference })
    },
  )
}

interface ShownOffer {
  readonly reference: string
  readonly credentialType: string
  readonly hasTxCode: boolean
}

function describeOffer(
  secrets: IssuerSecrets,
  { id, credentialIssuer, profile }: IssuingOrganisation,
  { reference, credentialType, hasTxCode }: ShownOffer,
): CredentialOffer {
  const { nl, en } = profile.name
  return makeCredentialOffer({
    credentialIssuer,
    credentialConfigurationIds: [credentialType],
    preAuthorizedCode: preAuthorizedCodeOf(secrets, id, reference),
    ...(hasTxCode && {
      txCode: {
        input_mode: 'numeric',
        length: TX_CODE_LENGTH,
        description: `De code die u kreeg van ${nl}. / The code you got from ${en}.`.slice(0, 300),
      },
    }),
  })
}

/** Both ways in which the organisation may hand an offer on: in the link itself, and as a short link to our wallet. */
export function linksToOffer(
  { secrets, walletUrl }: Pick<IssuerContext, 'secrets' | 'walletUrl'>,
  organisation: IssuingOrganisation,
  offer: ShownOffer,
): { readonly credentialOffer: string; readonly walletLink: string } {
  const reference = `${organisation.credentialIssuer}/credential-offers/${offer.reference}`
  return {
    credentialOffer: credentialOfferUri(describeOffer(secrets, organisation, offer)),
    walletLink: credentialOfferReferenceUri(reference, `${walletUrl}/ontvangen`),
  }
}
