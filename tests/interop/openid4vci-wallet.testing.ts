import { Openid4vciClient } from '@openid4vc/openid4vci'
import { jwkSigner, makeCallbacks } from './openid4vc-callbacks.testing.ts'
import { makePeerKey, type PeerKey } from './peer-keys.testing.ts'

/** What the peer's wallet collected at our issuer. */
export interface CollectedByPeer {
  readonly credentials: readonly string[]
  /** In the order in which they were proved. */
  readonly keys: readonly PeerKey[]
  readonly notificationStatus: number
}

export interface PeerOptions {
  readonly count?: number
  readonly txCode?: string | undefined
  /** Its way out, in the place of Node's. */
  readonly fetch?: typeof fetch
}

/** @openid4vc/openid4vci as the wallet: offer, metadata, token, nonce, a batch of copies, notification. */
export async function collectAsPeer(
  credentialOffer: string,
  { count = 3, txCode, fetch: send }: PeerOptions = {},
): Promise<CollectedByPeer> {
  const dpopKey = makePeerKey()
  const keys = Array.from({ length: count }, makePeerKey)
  const callbacks = makeCallbacks({ keys: [dpopKey, ...keys] })
  const client = new Openid4vciClient({ callbacks: { ...callbacks, ...(send && { fetch: send }) } })

  const offer = await client.resolveCredentialOffer(credentialOffer)
  const issuerMetadata = await client.resolveIssuerMetadata(offer.credential_issuer)
  const { accessTokenResponse, dpop } = await client.retrievePreAuthorizedCodeAccessTokenFromOffer({
    credentialOffer: offer,
    issuerMetadata,
    dpop: { signer: jwkSigner(dpopKey) },
    ...(txCode !== undefined && { txCode }),
  })
  if (dpop === undefined) throw new Error('the token is not bound to a key')
  const { access_token: accessToken } = accessTokenResponse

  const [credentialConfigurationId = ''] = offer.credential_configuration_ids
  const { c_nonce: nonce } = await client.requestNonce({ issuerMetadata })
  const proofs = await Promise.all(
    keys.map((key) =>
      client.createCredentialRequestJwtProof({
        issuerMetadata,
        credentialConfigurationId,
        nonce,
        signer: jwkSigner(key),
      }),
    ),
  )
  const { credentialResponse } = await client.retrieveCredentials({
    issuerMetadata,
    credentialConfigurationId,
    accessToken,
    dpop,
    proofs: { jwt: proofs.map(({ jwt }) => jwt) },
  })
  const { credentials = [], notification_id: notificationId = '' } = credentialResponse
  const { response } = await client.sendNotification({
    issuerMetadata,
    accessToken,
    dpop,
    notification: { event: 'credential_accepted', notificationId },
  })
  return {
    credentials: credentials.map((one) =>
      String(typeof one === 'object' && one !== null && 'credential' in one ? one.credential : one),
    ),
    keys,
    notificationStatus: response.status,
  }
}
