import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import {
  type Certificate,
  type CertificateAuthority,
  makeDevelopmentCa,
  makeLeafCertificate,
  makeSelfSignedCertificate,
  makeX5c,
  TRUST_ROLES,
  type TrustRole,
} from '@wegwijzer/keys/x509'
import type { EpochSeconds, Signer } from '@wegwijzer/protocol/crypto'

/** 2026-10-01T10:00:00Z */
export const NOW: EpochSeconds = 1_790_848_800
export const DAY = 86_400

/** The time of a world, which only a test moves. */
export interface Clock {
  now: EpochSeconds
}

export interface Organisation {
  readonly organisation: string
  readonly identifier: string
  readonly name: string
}

export const SCHOOL: Organisation = {
  organisation: 'roc-midden-nederland',
  identifier: 'NTRNL-90009992',
  name: 'ROC Midden-Nederland (demo)',
}
export const IDENTITY: Organisation = { organisation: 'pid', identifier: 'NTRNL-90009995', name: 'Identiteit (demo)' }
export const UWV: Organisation = { organisation: 'uwv', identifier: 'NTRNL-90009991', name: 'UWV (demo)' }
export const EMPLOYER: Organisation = {
  organisation: 'grand-contex',
  identifier: 'NTRNL-90001354',
  name: 'Grand Contex (demo)',
}
export const REGISTRAR: Organisation = {
  organisation: 'registrar',
  identifier: 'NTRNL-90009990',
  name: 'Registrar (demo)',
}

/** A key with the certificate that says whose it is, in one role. */
export interface Party {
  readonly signer: Signer
  readonly leaf: Certificate
  /** Base64 DER, leaf first, without the anchor. */
  readonly x5c: string[]
}

export interface CertificateOptions {
  /** The party's address, as SAN URI. */
  readonly url?: string
  readonly notBefore?: EpochSeconds
  readonly notAfter?: EpochSeconds
}

export interface Authorities {
  readonly anchors: ReadonlyMap<TrustRole, Uint8Array>
  /** Signs the trust list. */
  readonly keeper: Party
  readonly certify: (role: TrustRole, organisation: Organisation, options?: CertificateOptions) => Promise<Party>
}

/** One development CA per role, and the keeper of the trust list. */
export async function makeAuthorities(): Promise<Authorities> {
  const authorities = new Map<TrustRole, CertificateAuthority>()
  for (const role of TRUST_ROLES) {
    const input = { commonName: `Demo ${role}`, now: NOW, signer: generateNodeSigner(), crypto: nodeCrypto }
    authorities.set(role, await makeDevelopmentCa(input))
  }
  return {
    anchors: new Map([...authorities].map(([role, { certificate }]) => [role, certificate.der])),
    keeper: await makeKeeper(),
    async certify(role, { identifier, name }, { url, ...dates } = {}) {
      const ca = authorities.get(role)
      if (ca === undefined) throw new Error('every role has an authority')
      const signer = generateNodeSigner()
      const leaf = await makeLeafCertificate({
        ca,
        subject: { commonName: name, organizationName: name, organizationIdentifier: identifier, countryName: 'NL' },
        sanUris: url === undefined ? [] : [url],
        publicJwk: signer.publicJwk,
        notBefore: NOW - DAY,
        notAfter: NOW + 1000 * DAY,
        ...dates,
        crypto: nodeCrypto,
      })
      return { signer, leaf, x5c: makeX5c([leaf]) }
    },
  }
}

async function makeKeeper(): Promise<Party> {
  const signer = generateNodeSigner()
  const leaf = await makeSelfSignedCertificate({
    subject: { commonName: 'Demo trust list', countryName: 'NL' },
    signer,
    notBefore: NOW - DAY,
    notAfter: NOW + 1000 * DAY,
    crypto: nodeCrypto,
  })
  return { signer, leaf, x5c: makeX5c([leaf]) }
}
