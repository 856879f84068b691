import { hash } from 'node:crypto'
import { type JsonMembers, type JsonSchema, readBytes, readMembers } from './json-schema.ts'

/** The credential types, each a folder of this package. */
export const CREDENTIAL_TYPE_NAMES = [
  'diploma',
  'vakcertificaat',
  'werkervaring',
  'leerrekening',
  'ww-registratie',
  'scholingsbesluit',
  'inschrijving',
  'baanintentie',
  'pid',
] as const

export type CredentialTypeName = (typeof CREDENTIAL_TYPE_NAMES)[number]

/** One version of a credential type. It never changes: what changes gets another `vct`. */
export interface CredentialType {
  readonly name: CredentialTypeName
  readonly version: string
  /** SD-JWT VC draft -13 §3.2.2.1: `https://wegwijzer.example/types/{name}/{version}`; the demo identity has a URN. */
  readonly vct: string
  /** The type metadata exactly as it is served: every byte counts for `typeMetadataIntegrity`. */
  readonly typeMetadataBytes: Uint8Array
  readonly typeMetadataText: string
  /** The value of `vct#integrity`, SD-JWT VC draft -13 §7: `sha256-` and padded base64. */
  readonly typeMetadataIntegrity: string
  /** What an issuer may supply as claims. */
  readonly claimsSchema: JsonSchema
  /** A fictional person's. */
  readonly example: JsonMembers
}

export const CREDENTIAL_TYPES: readonly CredentialType[] = CREDENTIAL_TYPE_NAMES.map(readCredentialType)

export function findCredentialType(vct: string): CredentialType | undefined {
  return CREDENTIAL_TYPES.find((type) => type.vct === vct)
}

/** @returns The newest version of the type. */
export function credentialTypeNamed(name: CredentialTypeName): CredentialType {
  const type = CREDENTIAL_TYPES.find((candidate) => candidate.name === name)
  if (!type) throw new Error(`there is no credential type ${name}`)
  return type
}

export function isCredentialTypeName(name: string): name is CredentialTypeName {
  return CREDENTIAL_TYPE_NAMES.some((known) => known === name)
}

function readCredentialType(name: CredentialTypeName): CredentialType {
  const typeMetadataBytes = readBytes(`${name}/type-metadata.json`)
  const { vct } = readMembers(`${name}/type-metadata.json`)
  const version = typeof vct === 'string' && /[/:]([0-9]+)$/.exec(vct)?.[1]
  if (typeof vct !== 'string' || !version) throw new Error(`schemas/${name}: vct does not end in a version`)
  return {
    name,
    version,
    vct,
    typeMetadataBytes,
    typeMetadataText: new TextDecoder().decode(typeMetadataBytes),
    typeMetadataIntegrity: `sha256-${hash('sha256', typeMetadataBytes, 'base64')}`,
    claimsSchema: readMembers(`${name}/schema.json`),
    example: readMembers(`${name}/example.json`),
  }
}
