import { join } from 'node:path'
import { nodeCrypto } from '@wegwijzer/keys/node'
import { makeX5c } from '@wegwijzer/keys/x509'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import { REGISTRAR_STATUS_LIST_PATH } from '@wegwijzer/wallet-server'
import { openRegistrar, type Registrar } from '@wegwijzer/wallet-server/registrar'
import { type Authorities, certify, RENEWAL_SECONDS } from './authorities.ts'
import { writeDurably } from './durable-file.ts'
import { type KeyPlace, openStoredIdentity } from './stored-identity.ts'

/** Public address of the demo registrar. */
export function registrarUrlOf(walletUrl: string): string {
  return `${walletUrl}/registrar`
}

/** Opens the demo registrar, with keys certified in its two roles; the wallet host serves its status list. */
export async function openDemoRegistrar(
  place: KeyPlace,
  authorities: Authorities,
  walletUrl: string,
  now: EpochSeconds,
): Promise<Registrar> {
  const party = {
    subject: {
      commonName: 'Register van ontvangers (demo)',
      organizationName: 'Register van ontvangers (demo)',
      organizationIdentifier: 'NTRNL-90009990',
      countryName: 'NL',
    },
    uri: registrarUrlOf(walletUrl),
  }
  const openSigner = async (role: 'registration_certificate' | 'status_list') => {
    const { signer, certificate } = await openStoredIdentity(place, {
      directory: 'registrar',
      purpose: role,
      makeCertificate: ({ publicJwk }) => certify(authorities, role, party, publicJwk, now),
      wantedUntil: now + RENEWAL_SECONDS,
    })
    return { signer, x5c: makeX5c([certificate]) }
  }
  return openRegistrar({
    stateFile: join(place.dataDir, 'registrar', 'state.json'),
    statusListUri: `${walletUrl}${REGISTRAR_STATUS_LIST_PATH}`,
    registrationSigner: await openSigner('registration_certificate'),
    statusListSigner: await openSigner('status_list'),
    crypto: nodeCrypto,
    writeFile: writeDurably,
  })
}
