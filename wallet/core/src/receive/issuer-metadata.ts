import { parseX5c } from '@wegwijzer/keys/x509'
import { ProtocolError } from '@wegwijzer/protocol/errors'
import { decodeUtf8 } from '@wegwijzer/protocol/jose'
import { wellKnownUrl } from '@wegwijzer/protocol/oauth'
import {
  type CredentialIssuerMetadata,
  parseCredentialIssuerMetadata,
  readSignedMetadataX5c,
  SD_JWT_VC_FORMAT,
  SIGNED_METADATA_MEDIA_TYPE,
  verifySignedMetadata,
} from '@wegwijzer/protocol/openid4vci'
import {
  type IssuerRegistrationCertificate,
  providesAttestation,
  verifyIssuerRegistration,
} from '@wegwijzer/trust/registration'
import type { TrustList, TrustListEntry } from '@wegwijzer/trust/trust-list'
import type { WalletContext } from '../platform.ts'
import { judging, WalletError } from '../wallet-error.ts'
import { findIssuer } from './known-issuer.ts'

const MAX_METADATA_BYTES = 1_000_000

/** An issuer that may be asked: the trust list knows it, and nothing that it says of itself is untrue. */
export interface TrustedIssuer {
  readonly list: TrustList
  readonly entry: TrustListEntry
  readonly metadata: CredentialIssuerMetadata
  /** `undefined` when the issuer shows none. */
  readonly registration: IssuerRegistrationCertificate | undefined
}

/**
 * Reads an issuer's metadata and checks its registration certificate, before anything is asked of it (ARF RPRC_22, RPRC_23).
 *
 * An issuer without registration certificate is asked all the same: not every Member State gives them, and the trust list
 * says what it may issue. One that does not hold is refused.
 *
 * @throws {WalletError} `not_trusted` with `issuer_unknown`, `issuer_invalid_registration`, `issuer_registration_revoked`,
 *   `issuer_registration_status_unavailable`, or what is wrong with signed metadata; `refused` when it publishes none.
 */
export async function readTrustedIssuer(context: WalletContext, credentialIssuer: string): Promise<TrustedIssuer> {
  const list = await judging('not_trusted', () => context.trust.current())
  const entry = findIssuer(list, credentialIssuer)
  const metadata = await readMetadata(context, { list, entry, credentialIssuer })
  return { list, entry, metadata, registration: await readRegistration(context, list, entry, metadata) }
}

/** @throws {WalletError} `not_trusted` with `type_not_registered` when the issuer's registration does not name the type. */
export function checkRegistered(
  { registration }: TrustedIssuer,
  { vct, format = SD_JWT_VC_FORMAT }: { readonly vct: string; readonly format?: string | undefined },
): void {
  if (registration === undefined || providesAttestation(registration, { format, vct })) return
  throw new WalletError('not_trusted', 'type_not_registered', 'the issuer is not registered as one of this type')
}

interface Expected {
  readonly list: TrustList
  readonly entry: TrustListEntry
  readonly credentialIssuer: string
}

/** Signed where the issuer signs it: then nothing unsigned is looked at. @see OpenID4VCI 1.0 §12.2.2 credential-issuer-wellknown */
async function readMetadata(context: WalletContext, expected: Expected): Promise<CredentialIssuerMetadata> {
  const { credentialIssuer } = expected
  const rules = { allowHttp: context.allowHttp }
  const answer = await judging('refused', () =>
    context.fetch({
      url: wellKnownUrl(credentialIssuer, 'openid-credential-issuer', rules),
      accept: [SIGNED_METADATA_MEDIA_TYPE, 'application/json'],
      maxBytes: MAX_METADATA_BYTES,
    }),
  )
  if (answer.status !== 200) throw new WalletError('refused', 'not_published', 'the issuer does not publish metadata')
  if (answer.mediaType === SIGNED_METADATA_MEDIA_TYPE) {
    return judging('not_trusted', () => verifyMetadata(context, decodeUtf8(answer.body), expected))
  }
  return judging('refused', () => parseCredentialIssuerMetadata(decodeUtf8(answer.body), credentialIssuer, rules))
}

/** Signed by this very organisation, under a certificate in the role of credential issuer. */
async function verifyMetadata(
  { validateChain, now, allowHttp }: WalletContext,
  compact: string,
  { list, entry, credentialIssuer }: Expected,
): Promise<CredentialIssuerMetadata> {
  const chain = parseX5c(await readSignedMetadataX5c(compact))
  const { leaf, key } = await validateChain(list, 'credential_issuer', chain, now())
  if (leaf.subject.organizationIdentifier !== entry.identifier) {
    throw new ProtocolError('invalid_credential_issuer_metadata', 'the metadata is signed by another organisation')
  }
  return verifySignedMetadata(compact, { credentialIssuer, now: now(), key, rules: { allowHttp } })
}

async function readRegistration(
  context: WalletContext,
  list: TrustList,
  { identifier }: TrustListEntry,
  metadata: CredentialIssuerMetadata,
): Promise<IssuerRegistrationCertificate | undefined> {
  try {
    return await verifyIssuerRegistration(metadata.issuer_info, { ...context, list, identifier, now: context.now() })
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    // Other words than for a verifier: here it is the issuer that is not what it says.
    throw new WalletError('not_trusted', `issuer_${error.code}`, error.message, { cause: error })
  }
}
