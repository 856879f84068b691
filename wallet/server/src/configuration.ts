import { readFile } from 'node:fs/promises'
import { decodePem } from '@wegwijzer/keys/x509'
import type { Door } from '@wegwijzer/server'
import { Problem } from '@wegwijzer/server/problem'

export interface WalletConfigurationSources {
  readonly trustListUrl: string
  readonly trustListAnchorFile: string
  readonly isDevelopment: boolean
}

/**
 * Serves what the app must know of this installation: where the trust list is, and the certificate (DER, base64) that signs it.
 *
 * The anchor comes from the same host as the app itself: who could change one could change the other.
 */
export function addConfiguration(door: Door, sources: WalletConfigurationSources): void {
  door.get('/configuration.json', { config: { errors: 'problem', cors: 'wallet' } }, async (_request, reply) => {
    const pem = await readFile(sources.trustListAnchorFile, 'utf8').catch((cause: unknown) => {
      throw new Problem(503, 'There is no certificate of the trust list yet.', {
        headers: { 'retry-after': '5' },
        cause,
      })
    })
    const [anchor] = decodePem('CERTIFICATE', pem)
    reply.header('cache-control', 'no-cache')
    return {
      trustListUrl: sources.trustListUrl,
      trustListAnchor: Buffer.from(anchor).toString('base64'),
      isDevelopment: sources.isDevelopment,
    }
  })
}
