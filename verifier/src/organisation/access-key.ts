import { type MasterKey, unwrapSigner } from '@wegwijzer/keys/key-store'
import { nodeCrypto } from '@wegwijzer/keys/node'
import { parseX5c } from '@wegwijzer/keys/x509'
import { readCurrentSigningKey } from '@wegwijzer/organisation/signing-key'
import type { EpochSeconds, Signer } from '@wegwijzer/protocol/crypto'
import { decodeBase64 } from '@wegwijzer/protocol/jose'
import { makeX509HashClientId } from '@wegwijzer/protocol/openid4vp'
import type { Config } from '@wegwijzer/server/config'
import { isDemoCertificate } from '@wegwijzer/trust/certificates'
import type { VerifierDatabase } from '../database.ts'

/** The key that signs Request Objects; its certificate has the trust role of the same name. */
export const ACCESS_KEY_PURPOSE = 'access_certificate'

/** A key that signs requests, and who it makes the organisation to a wallet. */
export interface AccessKey {
  readonly id: string
  /** `x509_hash:…` of its certificate. */
  readonly clientId: string
  readonly signer: Signer
  readonly x5c: readonly string[]
}

export interface AccessKeys {
  /** @returns `undefined` when the organisation has no key whose certificate holds now; in production a demo's does not. */
  readCurrent(organisation: string, now: EpochSeconds): Promise<AccessKey | undefined>
  /**
   * The key that a request was announced with, also when a successor has taken over since: the wallet was told the hash of
   * its certificate.
   */
  read(organisation: string, id: string): Promise<AccessKey | undefined>
}

/**
 * Reads access keys from the database, so that one added by another program counts at once; an unwrapped one is remembered,
 * because unwrapping costs more than a signature.
 */
export function makeAccessKeys(
  db: VerifierDatabase,
  masterKey: MasterKey,
  environment: Config['environment'],
): AccessKeys {
  const opened = new Map<string, AccessKey>()

  async function open(id: string, organisation: string, wrapped: string, x5c: readonly string[]): Promise<AccessKey> {
    const [leaf] = x5c
    if (leaf === undefined) throw new Error('an access key is stored without its certificate')
    const key = {
      id,
      clientId: await makeX509HashClientId(decodeBase64(leaf), nodeCrypto),
      signer: unwrapSigner(masterKey, wrapped, { organisation, purpose: ACCESS_KEY_PURPOSE }),
      x5c,
    }
    opened.set(keyOf(organisation, id), key)
    return key
  }

  return {
    async readCurrent(organisation, now) {
      const stored = await readCurrentSigningKey(db, { organisation, purpose: ACCESS_KEY_PURPOSE }, now)
      if (!stored) return undefined
      const { id, wrapped, certificateChain } = stored
      if (environment === 'production' && parseX5c(certificateChain).some(isDemoCertificate)) return undefined
      return opened.get(keyOf(organisation, id)) ?? open(id, organisation, wrapped, certificateChain)
    },
    async read(organisation, id) {
      const known = opened.get(keyOf(organisation, id))
      if (known) return known
      const row = await db
        .selectFrom('signing_key')
        .select(['wrapped', 'certificate_chain'])
        .where('id', '=', id)
        .where('organisation', '=', organisation)
        .where('purpose', '=', ACCESS_KEY_PURPOSE)
        .executeTakeFirst()
      return row && open(id, organisation, row.wrapped, JSON.parse(row.certificate_chain))
    },
  }
}

function keyOf(organisation: string, id: string): string {
  return `${organisation} ${id}`
}
