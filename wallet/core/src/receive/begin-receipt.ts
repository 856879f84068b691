import { decodeUtf8, encodeBase64url, encodeUtf8 } from '@wegwijzer/protocol/jose'
import type { UrlRules } from '@wegwijzer/protocol/oauth'
import {
  type CredentialOffer,
  parseCredentialOffer,
  parseCredentialOfferUri,
  preAuthorizedCodeGrant,
  selectCredentialConfiguration,
} from '@wegwijzer/protocol/openid4vci'
import { readTypeMetadata, type WalletContext } from '../platform.ts'
import { nameOfType } from '../type-texts.ts'
import { judging, WalletError } from '../wallet-error.ts'
import { checkRegistered, readTrustedIssuer } from './issuer-metadata.ts'
import { asKnownIssuer, checkMayIssue } from './known-issuer.ts'
import { readConfiguration } from './offered-configuration.ts'
import { type OfferedReceipt, type OfferedType, readStarted } from './receipt.ts'
import { countRefusedCodes } from './refused-codes.ts'

const MAX_OFFER_BYTES = 64_000

/**
 * Reads an offer and establishes, before anything of it is shown, that the trust list knows its issuer and lets it issue what
 * is offered.
 *
 * Does not yet use the offer: the worker may still say no, and the issuer hears nothing.
 *
 * @param offerUri A link or the text of a QR code.
 * @throws {WalletError} `invalid_input` when it is no offer; `not_trusted` with `issuer_unknown`, `type_not_allowed` or
 *   `type_not_registered`, and as `readTrustedIssuer`.
 * @see OpenID4VCI 1.0 §4.1 credential-offer
 */
export async function beginReceipt(context: WalletContext, offerUri: string): Promise<OfferedReceipt> {
  const rules = urlRules(context)
  const offer = await readOffer(context, offerUri, rules)
  const issuer = await readTrustedIssuer(context, offer.credential_issuer)
  const { list, entry, metadata } = issuer
  const types = await Promise.all(
    offer.credential_configuration_ids.map(async (configurationId): Promise<OfferedType> => {
      const configuration = await judging('refused', () => selectCredentialConfiguration(metadata, configurationId))
      const { vct, format } = await judging('refused', () => readConfiguration(configuration))
      checkMayIssue(entry, vct)
      checkRegistered(issuer, { vct, format })
      const type = await judging('not_trusted', () => readTypeMetadata(context, list, vct))
      return { configurationId, vct, ...(format && { format }), name: nameOfType(type, vct) }
    }),
  )
  const { 'pre-authorized_code': code, tx_code } = await judging('refused', () => preAuthorizedCodeGrant(offer))
  const id = await receiptId(context, offer.credential_issuer, code)
  const resumed = (await readStarted(context.records, id, context.now())) !== undefined
  const refusedCodes = await countRefusedCodes(context.records, id, context.now())
  return {
    id,
    offer,
    issuer: asKnownIssuer(entry, offer.credential_issuer),
    types,
    resumed,
    ...(tx_code !== undefined &&
      !resumed && { txCode: { ...readTxCode(tx_code), ...(refusedCodes > 0 && { refusedCodes }) } }),
  }
}

export function urlRules({ allowHttp }: WalletContext): UrlRules {
  return { allowHttp }
}

/** A document that the other side publishes. @throws {WalletError} `refused` when it does not. */
export async function fetchJson({ fetch }: WalletContext, url: string, maxBytes: number): Promise<string> {
  const answer = await fetch({ url, accept: ['application/json'], maxBytes })
  if (answer.status !== 200) throw new WalletError('refused', 'not_published', 'the other side does not publish this')
  return decodeUtf8(answer.body)
}

async function readOffer(context: WalletContext, uri: string, rules: UrlRules): Promise<CredentialOffer> {
  const received = await judging('invalid_input', () => parseCredentialOfferUri(uri, rules))
  if (received.by === 'value') return received.offer
  const text = await judging('refused', () => fetchJson(context, received.url, MAX_OFFER_BYTES))
  return judging('invalid_input', () => parseCredentialOffer(text, rules))
}

/** The same for the same offer, and telling nothing of its code. */
async function receiptId({ crypto }: WalletContext, issuer: string, code: string): Promise<string> {
  return encodeBase64url(await crypto.digest('sha-256', encodeUtf8(JSON.stringify([issuer, code]))))
}

function readTxCode({
  input_mode,
  length,
  description,
}: NonNullable<ReturnType<typeof preAuthorizedCodeGrant>['tx_code']>) {
  return {
    inputMode: input_mode ?? 'numeric',
    ...(length !== undefined && { length }),
    ...(description !== undefined && { description }),
  }
}
