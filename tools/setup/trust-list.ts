import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodeCrypto } from '@wegwijzer/keys/node'
import { encodePem, makeX5c, TRUST_ROLES } from '@wegwijzer/keys/x509'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import {
  addAnchor,
  makeEmptyTrustList,
  makeTrustList,
  type TrustList,
  type TrustListContent,
  TrustListContentSchema,
  verifyTrustList,
} from '@wegwijzer/trust/trust-list'
import { Check } from 'typebox/value'
import type { Authorities } from './authorities.ts'
import { writeDurably } from './durable-file.ts'
import type { Installation } from './installation.ts'
import { SetupError } from './setup-error.ts'

/** How long a signed list holds; it is signed again at each start and at each change. */
const VALID_DAYS = 30

/** What the keeper of the list edits; a new one has the development authorities under their roles and no organisation. */
export function readTrustListContent({
  config: { dataDir },
  authorities,
}: Pick<Installation, 'config' | 'authorities'>): TrustListContent {
  const file = contentFile(dataDir)
  if (existsSync(file)) {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (!Check(TrustListContentSchema, content)) throw new SetupError(`${file} is not the content of a trust list`)
    return content
  }
  const empty = makeEmptyTrustList([
    { lang: 'nl', value: 'Wegwijzer vertrouwenslijst (demo)' },
    { lang: 'en', value: 'Wegwijzer trust list (demo)' },
  ])
  return TRUST_ROLES.reduce((list, role) => addAnchor(list, role, authorities.byRole[role].certificate.der), empty)
}

/** A list that is signed and not yet anywhere. */
export interface SignedTrustList {
  readonly content: TrustListContent
  readonly compact: string
  /** As those read it to whom it is served. */
  readonly list: TrustList
}

/** @throws {ProtocolError} `invalid_trust_list` when nobody would accept it. */
export async function signTrustList(
  { trustListSigner: { signer, certificate } }: Authorities,
  content: TrustListContent,
  now: EpochSeconds,
): Promise<SignedTrustList> {
  const compact = await makeTrustList(content, {
    issuedAt: now,
    nextUpdate: now + VALID_DAYS * 86_400,
    signer,
    x5c: makeX5c([certificate]),
  })
  const list = await verifyTrustList(compact, { anchor: certificate.der, now, crypto: nodeCrypto })
  return { content, compact, list }
}

/** Keeps the content, and puts list and anchor where the wallet host serves them. */
export function publishTrustList(
  { config: { dataDir }, authorities }: Pick<Installation, 'config' | 'authorities'>,
  { content, compact }: Pick<SignedTrustList, 'content' | 'compact'>,
): void {
  writeDurably(contentFile(dataDir), `${JSON.stringify(content, undefined, 2)}\n`)
  writeDurably(join(dataDir, 'trust-list.jwt'), compact)
  writeDurably(
    join(dataDir, 'trust-list-anchor.pem'),
    encodePem('CERTIFICATE', authorities.trustListSigner.certificate.der),
  )
}

/** Signs what the keeper has now, with a new date. */
export async function signTrustListAgain(installation: Installation, now: EpochSeconds): Promise<void> {
  const { authorities } = installation
  publishTrustList(installation, await signTrustList(authorities, readTrustListContent(installation), now))
}

function contentFile(dataDir: string): string {
  return join(dataDir, 'trust-list.json')
}
