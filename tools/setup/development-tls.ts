import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { generateNodeKey, nodeCrypto } from '@wegwijzer/keys/node'
import { type CertificateAuthority, encodePem, makeDevelopmentCa, makeLeafCertificate } from '@wegwijzer/keys/x509'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { type Config, developmentTlsFiles } from '@wegwijzer/server/config'
import { RENEWAL_SECONDS } from './authorities.ts'
import { writeDurably } from './durable-file.ts'
import { ipOctets } from './ip-octets.ts'
import { type KeyPlace, openStoredIdentity } from './stored-identity.ts'

const SECONDS_PER_DAY = 86_400
/** Longer than this some browsers believe no authority, not even one's own. */
const CERTIFICATE_DAYS = 365

/** Whether these programs show the certificate that is made here, and not one of somebody else. */
export function hasDevelopmentTls({ dataDir, tls }: Pick<Config, 'dataDir' | 'tls'>): boolean {
  return tls?.certificateFile === developmentTlsFiles(dataDir).certificateFile
}

/**
 * Makes sure that the data folder has an authority for TLS and a certificate of it for every host of the settings, good for
 * another month. Both keys can be read by the owner alone; the authority's is wrapped under the master key too.
 *
 * Whoever lets a browser believe the authority lets it certify these host names and no others: they are its constraint.
 * Addresses are not constrained.
 */
export async function prepareDevelopmentTls(
  place: KeyPlace,
  config: Pick<Config, 'addresses' | 'dataDir' | 'host'>,
  now: EpochSeconds,
): Promise<void> {
  const hosts = hostsOf(config)
  const sanDnsNames = hosts.filter((host) => ipOctets(host) === undefined)
  const authority = await openStoredIdentity(place, {
    directory: 'tls',
    purpose: 'authority',
    async makeCertificate(signer) {
      const commonName = 'Wegwijzer development TLS authority (demo)'
      const nameConstraints = { permitted: { dnsNames: sanDnsNames } }
      return (await makeDevelopmentCa({ commonName, now, signer, nameConstraints, crypto: nodeCrypto })).certificate
    },
  })
  const { certificateFile, keyFile } = developmentTlsFiles(config.dataDir)
  if (existsSync(keyFile) && isGoodFor(certificateFile, authority, hosts, now)) return

  const { signer, pkcs8 } = generateNodeKey()
  const certificate = await makeLeafCertificate({
    ca: authority,
    subject: { commonName: 'Wegwijzer (demo)' },
    publicJwk: signer.publicJwk,
    sanDnsNames,
    sanIpAddresses: hosts.flatMap((host) => ipOctets(host) ?? []),
    isForTlsServer: true,
    notBefore: now - SECONDS_PER_DAY,
    notAfter: Math.min(now + CERTIFICATE_DAYS * SECONDS_PER_DAY, authority.certificate.notAfter),
    crypto: nodeCrypto,
  })
  writeDurably(keyFile, encodePem('PRIVATE KEY', pkcs8))
  // Last, because its presence says that the key is there.
  writeDurably(certificateFile, encodePem('CERTIFICATE', certificate.der))
}

function isGoodFor(
  certificateFile: string,
  authority: CertificateAuthority,
  hosts: readonly string[],
  now: EpochSeconds,
): boolean {
  if (!existsSync(certificateFile)) return false
  const certificate = new X509Certificate(readFileSync(certificateFile))
  return (
    certificate.validToDate.getTime() / 1000 >= now + RENEWAL_SECONDS &&
    certificate.checkIssued(new X509Certificate(authority.certificate.der)) &&
    hosts.every((host) => (ipOctets(host) === undefined ? certificate.checkHost(host) : certificate.checkIP(host)))
  )
}

/** Every host by which these programs may be called: this machine, the address that is bound, the public addresses. */
function hostsOf({ addresses, host }: Pick<Config, 'addresses' | 'host'>): readonly string[] {
  const publicHosts = Object.values(addresses).map(({ url }) => new URL(url).hostname.replace(/^\[(.*)\]$/, '$1'))
  return [...new Set(['localhost', '127.0.0.1', '::1', host, ...publicHosts])]
}
