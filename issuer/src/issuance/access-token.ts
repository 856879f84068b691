import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { decodeBase64url, encodeBase64url } from '@wegwijzer/protocol/jose'
import type { IssuerSecrets } from '../secrets.ts'

/** What an access token says it is good for; what it was used for stands with its offer. */
export interface Grant {
  readonly offerId: string
  readonly credentialType: string
  /** Thumbprint of the DPoP key that it is bound to. */
  readonly thumbprint: string
  readonly clientId: string | undefined
  readonly expiresAt: EpochSeconds
}

const CIPHER = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Makes an access token that carries its grant, sealed: a request is judged by it before any row is read. Only the wallet has
 * it, and to the wallet it says nothing.
 */
export function sealAccessToken({ accessTokenKey }: IssuerSecrets, organisation: string, grant: Grant): string {
  const { offerId, credentialType, thumbprint, clientId = null, expiresAt } = grant
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(CIPHER, accessTokenKey, iv).setAAD(Buffer.from(organisation))
  const content = JSON.stringify([offerId, credentialType, thumbprint, clientId, expiresAt])
  const sealed = Buffer.concat([iv, cipher.update(content), cipher.final()])
  return encodeBase64url(Buffer.concat([sealed, cipher.getAuthTag()]))
}

/** @returns `undefined` for a token that is not ours, of another organisation, or expired. */
export function openAccessToken(
  secrets: IssuerSecrets,
  organisation: string,
  accessToken: string,
  now: EpochSeconds,
): Grant | undefined {
  const content = unseal(secrets, organisation, accessToken)
  if (content === undefined) return undefined
  const [offerId, credentialType, thumbprint, clientId, expiresAt]: readonly unknown[] = JSON.parse(content)
  if (typeof offerId !== 'string' || typeof credentialType !== 'string' || typeof thumbprint !== 'string') {
    throw new Error('a sealed access token is malformed')
  }
  if (typeof expiresAt !== 'number' || expiresAt <= now) return undefined
  return {
    offerId,
    credentialType,
    thumbprint,
    clientId: typeof clientId === 'string' ? clientId : undefined,
    expiresAt,
  }
}

function unseal({ accessTokenKey }: IssuerSecrets, organisation: string, accessToken: string): string | undefined {
  try {
    const octets = decodeBase64url(accessToken)
    const decipher = createDecipheriv(CIPHER, accessTokenKey, octets.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(organisation))
      .setAuthTag(octets.subarray(-TAG_BYTES))
    return Buffer.concat([decipher.update(octets.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]).toString()
  } catch {
    return undefined
  }
}
