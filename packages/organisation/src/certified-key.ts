import { generateWrappedKey, type MasterKey } from '@wegwijzer/keys/key-store'
import { parseX5c } from '@wegwijzer/keys/x509'
import type { EpochSeconds, PublicJwk } from '@wegwijzer/protocol/crypto'
import { isSameKey } from '@wegwijzer/protocol/jose'
import type { Database } from '@wegwijzer/storage/sql'
import { insertSigningKey, readCurrentSigningKey } from './signing-key.ts'
import type { OrganisationTables } from './tables.ts'

export interface CertifiedKeyWanted {
  readonly organisation: string
  readonly purpose: string
  /** Organisation identifier that the certificate must have, such as `NTRNL-90001354`. */
  readonly identifier: string
  readonly masterKey: MasterKey
  /** Has the key certified. @returns The chain without its anchor, leaf first, base64 DER. */
  readonly certify: (publicJwk: PublicJwk) => Promise<readonly string[]>
}

/**
 * Makes sure that an organisation has a key for this purpose whose certificate holds now: a new one is made, certified and
 * stored when it has none.
 *
 * @throws {Error} when the certificate is of another key or another organisation than it was asked for.
 */
export async function ensureCertifiedKey(
  db: Database<OrganisationTables>,
  { organisation, purpose, identifier, masterKey, certify }: CertifiedKeyWanted,
  now: EpochSeconds,
): Promise<void> {
  const context = { organisation, purpose }
  if (await readCurrentSigningKey(db, context, now)) return
  const { wrapped, signer } = generateWrappedKey(masterKey, context)
  const certificateChain = await certify(signer.publicJwk)
  const [leaf] = parseX5c(certificateChain)
  if (!leaf || !isSameKey(leaf.publicJwk, signer.publicJwk)) throw new Error('the certificate is of another key')
  if (leaf.subject.organizationIdentifier !== identifier) throw new Error('the certificate is of another organisation')
  const { notBefore, notAfter } = leaf
  await insertSigningKey(db, { ...context, wrapped, certificateChain, notBefore, notAfter }, now)
}
