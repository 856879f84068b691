import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { makeDevelopmentCa, makeLeafCertificate, makeX5c } from '@wegwijzer/keys/x509'
import type { PublicJwk, Signer } from '@wegwijzer/protocol/crypto'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { makeSdJwt } from '@wegwijzer/protocol/sd-jwt'
import { SD_JWT_VC_TYPE } from '@wegwijzer/protocol/sd-jwt-vc'

/** 1 October 2026, 10:00 UTC; what runs in this process has a clock that stands still. */
export const NOW = 1_790_848_800
export const DAY = 86_400

export const CLAIM_COUNT = 20

export interface CertifiedKey {
  readonly signer: Signer
  readonly x5c: readonly string[]
  readonly anchorDer: Uint8Array
}

/** A key with a certificate of the size that all ours have, under an authority of its own. */
export async function makeCertifiedKey(organizationIdentifier: string): Promise<CertifiedKey> {
  const ca = await makeDevelopmentCa({
    commonName: 'Bench authority',
    now: NOW,
    signer: generateNodeSigner(),
    crypto: nodeCrypto,
  })
  const signer = generateNodeSigner()
  const leaf = await makeLeafCertificate({
    ca,
    subject: {
      commonName: 'Bench (demo)',
      organizationName: 'Bench (demo)',
      organizationIdentifier,
      countryName: 'NL',
    },
    sanUris: ['https://issuer.example/bench'],
    publicJwk: signer.publicJwk,
    notBefore: NOW - DAY,
    notAfter: NOW + 300 * DAY,
    crypto: nodeCrypto,
  })
  return { signer, x5c: makeX5c([leaf]), anchorDer: ca.certificate.der }
}

/** What one SD-JWT VC is made of. */
export interface CredentialParts {
  readonly header: JsonObject
  /** Always visible. */
  readonly visible: JsonObject
  /** Twenty, each with a Disclosure of its own. */
  readonly hidden: JsonObject
}

export function makeCredentialParts(x5c: readonly string[], holderKey: PublicJwk, status: JsonObject): CredentialParts {
  return {
    header: { typ: SD_JWT_VC_TYPE, x5c },
    visible: {
      iss: 'https://issuer.example/bench',
      iat: NOW - DAY,
      exp: NOW + DAY,
      vct: 'https://wegwijzer.example/types/bench/1',
      cnf: { jwk: { ...holderKey } },
      status,
    },
    hidden: Object.fromEntries(
      Array.from({ length: CLAIM_COUNT }, (_, index) => [`claim_${index}`, `the value of claim ${index}`]),
    ),
  }
}

export function issueCredential({ header, visible, hidden }: CredentialParts, signer: Signer): Promise<string> {
  return makeSdJwt({
    header,
    claims: { ...visible, ...hidden },
    selectivelyDisclosable: Object.keys(hidden).map((name) => [name]),
    signer,
    crypto: nodeCrypto,
  })
}
