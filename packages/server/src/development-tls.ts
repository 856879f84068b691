import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { TlsFiles } from './tls.ts'

/** Where `npm start -- --https` keeps what it makes, below the data folder. */
export interface DevelopmentTlsFiles extends TlsFiles {
  /** The certificate of the authority that whoever calls these programs must trust. */
  readonly authorityFile: string
}

export function developmentTlsFiles(dataDir: string): DevelopmentTlsFiles {
  const place = (name: string) => join(dataDir, 'tls', name)
  return {
    authorityFile: place('authority.pem'),
    certificateFile: place('certificate.pem'),
    keyFile: place('key.pem'),
  }
}

/**
 * Adds the TLS settings of a data folder that `npm start -- --https` made, for the commands beside it: what is given in the
 * environment stands, production gets nothing, and so does a folder without them.
 */
export function addDevelopmentTls(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  if (env.WEGWIJZER_ENV !== 'development') return env
  const { authorityFile, certificateFile, keyFile } = developmentTlsFiles(resolve(env.DATA_DIR || 'data'))
  if (!existsSync(authorityFile)) return env
  const hasOwn = Boolean(env.TLS_CERTIFICATE_FILE || env.TLS_KEY_FILE)
  return {
    ...env,
    ...(!hasOwn && { TLS_CERTIFICATE_FILE: certificateFile, TLS_KEY_FILE: keyFile }),
    OUTBOUND_CA_FILE: env.OUTBOUND_CA_FILE || authorityFile,
  }
}
