import { readFile } from 'node:fs/promises'
import { inflateSync } from 'node:zlib'
import { createDidResolver } from '@wegwijzer/keys/did'
import { nodeCrypto } from '@wegwijzer/keys/node'
import { decodePem, parseCertificate, x509Hash } from '@wegwijzer/keys/x509'
import type { OutboundFetch } from '@wegwijzer/outbound'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { Config } from '@wegwijzer/server/config'
import { createChainReader, createChainValidator, isDemoCertificate } from '@wegwijzer/trust/certificates'
import { createStatusSource } from '@wegwijzer/trust/status'
import { createTrustListSource } from '@wegwijzer/trust/trust-list'
import { createTypeMetadataSource } from '@wegwijzer/trust/type-metadata'
import type { Trust } from './context.ts'
import type { VerifierDatabase } from './database.ts'
import { makeTrustListMemory } from './trust-list-memory.ts'

/** A demonstration adds organisations while it runs, and wants to see them. */
const LIST_MAX_AGE_SECONDS = { development: 5, production: 300 } as const

/**
 * Makes what decides whom to believe. Of the trust list only its address and its anchor are known beforehand.
 *
 * @throws {Error} when the anchor's file cannot be read, or holds a demo trust root in production.
 */
export async function makeTrust(
  config: Pick<Config, 'environment' | 'trustListAnchorFile' | 'trustListUrl'>,
  {
    db,
    fetch,
    now,
  }: { readonly db: VerifierDatabase; readonly fetch: OutboundFetch; readonly now: () => EpochSeconds },
): Promise<Trust> {
  const crypto = nodeCrypto
  const [anchor] = decodePem('CERTIFICATE', await readFile(config.trustListAnchorFile, 'utf8'))
  if (config.environment === 'production' && isDemoCertificate(parseCertificate(anchor))) {
    throw new Error('production does not rely on a demo trust root: set TRUST_LIST_ANCHOR')
  }
  const list = createTrustListSource({
    fetch,
    url: config.trustListUrl,
    anchor,
    now,
    crypto,
    remember: makeTrustListMemory(db, await x509Hash(anchor, crypto)),
    maxAgeSeconds: LIST_MAX_AGE_SECONDS[config.environment],
  })
  const validateChain = createChainValidator(crypto)
  return {
    list,
    chains: createChainReader(crypto),
    validateChain,
    status: createStatusSource({
      fetch,
      trustList: () => list.current(),
      now,
      crypto,
      validateChain,
      inflate: (compressed, maxBytes) => inflateSync(compressed, { maxOutputLength: maxBytes }),
    }),
    typeMetadata: createTypeMetadataSource({ fetch, crypto }),
    dids: createDidResolver({ fetch, now, allowHttp: config.environment === 'development' }),
  }
}
