import type { ApiDescription } from '@wegwijzer/server'
import { type CredentialFormat, readConfigurationId } from '../organisation/credential-format.ts'

export const ISSUER_API: ApiDescription = {
  title: 'Wegwijzer issuer API',
  description:
    'For the systems of an organisation that issues credentials: offer a credential to a worker, follow the offer, list what was issued, suspend and revoke it.',
  version: '1.0.0',
  contact: {
    name: 'Wegwijzer',
    email: 'info@wegwijzer.example',
    url: 'https://wegwijzer.example/contact',
  },
}

/** A configuration in the terms of this API. */
export function describeConfiguration(id: string): {
  readonly credentialType: string
  readonly format: CredentialFormat
} {
  const { type, format } = readConfigurationId(id)
  return { credentialType: type, format }
}

/** RFC 3339, in UTC, whole seconds. */
export function formatTime(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString().replace('.000Z', 'Z')
}
