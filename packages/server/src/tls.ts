import { readFileSync } from 'node:fs'
import { createSecureContext, type SecureContextOptions, type TlsOptions } from 'node:tls'
import { ConfigError } from './config.ts'

/** A certificate chain, leaf first, and its private key; PEM. */
export interface TlsFiles {
  readonly certificateFile: string
  readonly keyFile: string
}

/** TLS 1.2 without forward secrecy or authenticated encryption is not spoken. @see RFC 9325 §4.2 */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
]

/**
 * How our programs speak TLS.
 *
 * @param handshakeTimeoutMs Until the handshake is done; whoever takes longer is cut off.
 * @throws {ConfigError} when the files cannot be read or are not a certificate and its key.
 * @see RFC 9325 §3.1.1, §4.2
 */
export function makeTlsOptions(files: TlsFiles, handshakeTimeoutMs: number): TlsOptions & SecureContextOptions {
  return {
    ...readTlsFiles(files),
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS.join(':'),
    honorCipherOrder: true,
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: handshakeTimeoutMs,
  }
}

function readTlsFiles({ certificateFile, keyFile }: TlsFiles): SecureContextOptions {
  const pair = {
    cert: readSetting('TLS_CERTIFICATE_FILE', certificateFile),
    key: readSetting('TLS_KEY_FILE', keyFile),
  }
  try {
    createSecureContext(pair)
  } catch {
    // What OpenSSL says may quote the file.
    throw new ConfigError(['TLS_CERTIFICATE_FILE and TLS_KEY_FILE must be PEM, a certificate and its key'])
  }
  return pair
}

function readSetting(name: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
    throw new ConfigError([`${name} cannot be read${code}`])
  }
}
