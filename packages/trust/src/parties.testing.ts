import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import {
  type Certificate,
  type CertificateAuthority,
  type CertificateSubject,
  makeDevelopmentCa,
  makeLeafCertificate,
  makeSelfSignedCertificate,
  makeX5c,
  TRUST_ROLES,
  type TrustRole,
} from '@wegwijzer/keys/x509'
import type { OutboundFetch, OutboundRequest } from '@wegwijzer/outbound'
import type { EpochSeconds, Signer } from '@wegwijzer/protocol/crypto'
import { encodeUtf8 } from '@wegwijzer/protocol/jose'
import type { TrustListContent, TrustListEntry } from './trust-list/content.ts'
import { addAnchor, addEntry, makeEmptyTrustList } from './trust-list/edit.ts'
import { makeTrustList, type TrustList, verifyTrustList } from './trust-list/token.ts'

/** 1 October 2026, the day of the fixtures. */
export const NOW: EpochSeconds = 1_790_812_800
export const DAY = 86_400

/** A key and its certificate chain, leaf first. */
export interface Party {
  readonly signer: Signer
  readonly chain: readonly Certificate[]
  readonly leaf: Certificate
  readonly x5c: string[]
}

/** Real keys and certificates of a small world: one authority per role, and the keeper of the trust list. */
export async function makeParties() {
  const authorities = new Map<TrustRole, CertificateAuthority>()
  for (const role of TRUST_ROLES) {
    const signer = generateNodeSigner()
    authorities.set(
      role,
      await makeDevelopmentCa({ commonName: `Demo ${role}`, now: NOW, signer, crypto: nodeCrypto, pathLength: 1 }),
    )
  }
  const authorityOf = (role: TrustRole): CertificateAuthority => {
    const authority = authorities.get(role)
    if (authority === undefined) throw new Error('every role has an authority')
    return authority
  }

  const certify = async (
    role: TrustRole,
    subject: CertificateSubject,
    dates: { readonly notBefore?: EpochSeconds; readonly notAfter?: EpochSeconds } = {},
  ): Promise<Party> => {
    const signer = generateNodeSigner()
    const leaf = await makeLeafCertificate({
      ca: authorityOf(role),
      subject: { countryName: 'NL', ...subject },
      publicJwk: signer.publicJwk,
      notBefore: NOW - DAY,
      notAfter: NOW + 300 * DAY,
      ...dates,
      crypto: nodeCrypto,
    })
    return { signer, chain: [leaf], leaf, x5c: makeX5c([leaf]) }
  }

  const keeperSigner = generateNodeSigner()
  const keeperCertificate = await makeSelfSignedCertificate({
    subject: { commonName: 'Demo trust list', countryName: 'NL' },
    signer: keeperSigner,
    notBefore: NOW - DAY,
    notAfter: NOW + 1000 * DAY,
    crypto: nodeCrypto,
  })
  const keeper: Party = {
    signer: keeperSigner,
    chain: [keeperCertificate],
    leaf: keeperCertificate,
    x5c: makeX5c([keeperCertificate]),
  }

  let content: TrustListContent = addEntry(
    makeEmptyTrustList([{ lang: 'nl', value: 'Vertrouwenslijst (demo)' }]),
    SCHOOL,
  )
  for (const role of TRUST_ROLES) content = addAnchor(content, role, authorityOf(role).certificate.der)

  /** The list with these changes, as everyone else reads it. */
  const readList = async (changes: Partial<TrustListContent> = {}): Promise<TrustList> => {
    const compact = await makeTrustList(
      { ...content, ...changes },
      { issuedAt: NOW, nextUpdate: NOW + DAY, signer: keeper.signer, x5c: keeper.x5c },
    )
    return verifyTrustList(compact, { anchor: keeper.leaf.der, now: NOW, crypto: nodeCrypto })
  }

  return { authorityOf, certify, keeper, content, readList }
}

export const SCHOOL: TrustListEntry = {
  organisation: 'roc-midden-nederland',
  identifier: 'NTRNL-90000001',
  name: [
    { lang: 'nl', value: 'ROC Midden-Nederland (demo)' },
    { lang: 'en', value: 'ROC Midden-Nederland (demo)' },
  ],
  registeredNumbers: [{ type: 'BRIN', value: '99ZZ' }],
  roles: ['credential_issuer'],
  credentialIssuers: ['http://localhost:4100/roc-midden-nederland'],
  mayIssue: [
    {
      vct: 'https://wegwijzer.example/types/diploma/1',
      typeMetadataUri: 'http://localhost:4000/types/diploma/1',
      typeMetadataIntegrity: 'sha256-AAAA',
    },
  ],
}

/** The port to the network, answered from a map: what is not in it cannot be reached. */
export function serveFrom(documents: ReadonlyMap<string, string>): {
  readonly fetch: OutboundFetch
  readonly requests: readonly OutboundRequest[]
} {
  const requests: OutboundRequest[] = []
  const fetch: OutboundFetch = async (request) => {
    requests.push(request)
    // An answer takes a moment, so that two who ask at once really meet.
    await new Promise((resolve) => setImmediate(resolve))
    const document = documents.get(request.url)
    if (document === undefined) throw new TypeError('unreachable')
    if (document === '404') return { status: 404, mediaType: undefined, headers: new Headers(), body: new Uint8Array() }
    return { status: 200, mediaType: request.accept[0], headers: new Headers(), body: encodeUtf8(document) }
  }
  return { fetch, requests }
}
