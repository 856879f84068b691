import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateWrappedKey, type MasterKey, unwrapSigner } from '@wegwijzer/keys/key-store'
import {
  type Certificate,
  type CertificateAuthority,
  decodePem,
  encodePem,
  parseCertificate,
} from '@wegwijzer/keys/x509'
import type { EpochSeconds, Signer } from '@wegwijzer/protocol/crypto'
import { writeDurably } from './durable-file.ts'

/** Where keys are kept, and what they are wrapped with. */
export interface KeyPlace {
  readonly dataDir: string
  readonly masterKey: MasterKey
}

export interface StoredIdentity {
  /** `authorities` or `registrar`: the key is bound to it and to the purpose. */
  readonly directory: string
  readonly purpose: string
  readonly makeCertificate: (signer: Signer) => Promise<Certificate>
  /** A certificate that ends before this moment gets a successor, for the same key. Absent, it is kept as it is. */
  readonly wantedUntil?: EpochSeconds
}

/** Opens a key and its certificate kept as two files, the key wrapped under the master key; makes both when they are not there. */
export async function openStoredIdentity(
  { dataDir, masterKey }: KeyPlace,
  { directory, purpose, makeCertificate, wantedUntil = 0 }: StoredIdentity,
): Promise<CertificateAuthority> {
  const context = { organisation: directory, purpose }
  const certificateFile = join(dataDir, directory, `${purpose}.pem`)
  const keyFile = join(dataDir, directory, `${purpose}.key`)
  const isThere = existsSync(certificateFile)
  if (!isThere) writeDurably(keyFile, `${generateWrappedKey(masterKey, context).wrapped}\n`)
  const signer = unwrapSigner(masterKey, readFileSync(keyFile, 'utf8').trim(), context)
  if (isThere) {
    const [der] = decodePem('CERTIFICATE', readFileSync(certificateFile, 'utf8'))
    const certificate = parseCertificate(der)
    if (certificate.notAfter >= wantedUntil) return { certificate, signer }
  }
  const certificate = await makeCertificate(signer)
  // Last, because its presence says that the key is there.
  writeDurably(certificateFile, encodePem('CERTIFICATE', certificate.der))
  return { certificate, signer }
}
