import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateNodeKey, nodeCrypto } from '@wegwijzer/keys/node'
import { encodePem, makeDevelopmentCa, makeLeafCertificate } from '@wegwijzer/keys/x509'

/** A certificate for TLS with its key and its authority, as files. */
export interface TestTlsFiles {
  readonly authorityFile: string
  /** PEM of the authority. */
  readonly authority: string
  readonly certificateFile: string
  readonly keyFile: string
}

/** @param hosts Names that the certificate is for; addresses are 127.0.0.1 alone. */
export async function makeTlsFiles(folder: string, hosts: readonly string[]): Promise<TestTlsFiles> {
  const now = Math.floor(Date.now() / 1000)
  const { signer } = generateNodeKey()
  const ca = await makeDevelopmentCa({ commonName: 'TLS test root', now, signer, crypto: nodeCrypto })
  const leaf = generateNodeKey()
  const certificate = await makeLeafCertificate({
    ca,
    subject: { commonName: 'TLS test server' },
    publicJwk: leaf.signer.publicJwk,
    sanDnsNames: hosts,
    sanIpAddresses: [Uint8Array.of(127, 0, 0, 1)],
    isForTlsServer: true,
    notBefore: now - 60,
    notAfter: now + 3600,
    crypto: nodeCrypto,
  })
  mkdirSync(folder, { recursive: true })
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }
  const authority = encodePem('CERTIFICATE', ca.certificate.der)
  return {
    authority,
    authorityFile: write('authority.pem', authority),
    certificateFile: write('certificate.pem', encodePem('CERTIFICATE', certificate.der)),
    keyFile: write('key.pem', encodePem('PRIVATE KEY', leaf.pkcs8)),
  }
}
