import { JWT_VC_JSON_FORMAT, SD_JWT_VC_FORMAT } from '@wegwijzer/protocol/openid4vci'
import type { CredentialTerms } from './profile.ts'

/** The formats in which a type can be issued; the first is what is meant where none is named. */
export const CREDENTIAL_FORMATS = [SD_JWT_VC_FORMAT, JWT_VC_JSON_FORMAT] as const
export type CredentialFormat = (typeof CREDENTIAL_FORMATS)[number]

const SUFFIX: Readonly<Record<CredentialFormat, string>> = {
  [SD_JWT_VC_FORMAT]: '',
  [JWT_VC_JSON_FORMAT]: `_${JWT_VC_JSON_FORMAT}`,
}

/** The credential configuration id; also the scope, and what an offer and a credential are stored under. */
export function configurationIdOf(type: string, format: CredentialFormat): string {
  return `${type}${SUFFIX[format]}`
}

/** Which type a configuration is of, and in which format. */
export function readConfigurationId(id: string): { readonly type: string; readonly format: CredentialFormat } {
  const suffix = SUFFIX[JWT_VC_JSON_FORMAT]
  if (!id.endsWith(suffix)) return { type: id, format: SD_JWT_VC_FORMAT }
  return { type: id.slice(0, -suffix.length), format: JWT_VC_JSON_FORMAT }
}

export function formatsOf({ alsoAs = [] }: Pick<CredentialTerms, 'alsoAs'>): readonly CredentialFormat[] {
  return [SD_JWT_VC_FORMAT, ...alsoAs]
}
