import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Certificate, decodePem, parseCertificate } from '@wegwijzer/keys/x509'
import { decodeBase64, parseJws, readClaims } from '@wegwijzer/protocol/jose'
import type { Config } from '@wegwijzer/server/config'
import { isDemoCertificate } from '@wegwijzer/trust/certificates'
import { demoKeysFile } from '../setup/demo-keys.ts'

/**
 * Looks for what must not be in production: demo API keys, and certificates that say "(demo)", as those of `npm start` do.
 *
 * Does not look into the databases: each program refuses what a demo authority certified itself.
 *
 * @returns One line for each thing found.
 */
export function findDemoTraces({ dataDir, trustListAnchorFile }: Config): readonly string[] {
  const authorities = join(dataDir, 'authorities')
  const certificateFiles = [
    trustListAnchorFile,
    ...(existsSync(authorities) ? readdirSync(authorities) : [])
      .filter((name) => name.endsWith('.pem'))
      .map((name) => join(authorities, name)),
  ]
  return [
    ...(existsSync(demoKeysFile(dataDir))
      ? [`${demoKeysFile(dataDir)} has the API keys of the demo organisations`]
      : []),
    ...certificateFiles
      .filter((file) => existsSync(file) && readCertificates(file).some(isDemoCertificate))
      .map((file) => `${file} is a demo certificate`),
    ...findInTrustList(join(dataDir, 'trust-list.jwt')),
  ]
}

/** The list that our own wallet host would serve. Its signature is the affair of those who read it. */
function findInTrustList(file: string): readonly string[] {
  if (!existsSync(file)) return []
  const { trustAnchors } = readClaims(parseJws(readFileSync(file, 'utf8')), { maxLength: 8_000_000, maxDepth: 16 })
  const anchors = Object.values(trustAnchors ?? {}).flat()
  const hasDemoAnchor = anchors.some(
    (anchor) => typeof anchor === 'string' && isDemoCertificate(parseCertificate(decodeBase64(anchor))),
  )
  return hasDemoAnchor ? [`${file} names demo authorities`] : []
}

function readCertificates(file: string): readonly Certificate[] {
  return decodePem('CERTIFICATE', readFileSync(file, 'utf8')).map((der) => parseCertificate(der))
}
