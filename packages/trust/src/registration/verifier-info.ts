import { ProtocolError } from '@wegwijzer/protocol/errors'
import { decodeBase64url, decodeUtf8 } from '@wegwijzer/protocol/jose'
import { type Immutable, isJsonObject, type JsonObject, type JsonValue } from '@wegwijzer/protocol/json'
import type { VerifierInfo } from '@wegwijzer/protocol/openid4vp'
import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import { LocalizedTextsSchema } from '../localized-text.ts'
import type { RegistrationContent } from './certificate.ts'

/** `format` of a registration certificate, in a request and in an issuer's metadata. */
export const REGISTRATION_CERTIFICATE_FORMAT = 'registration_cert'
const REGISTRAR_DATASET_FORMAT = 'registrar_dataset'

/** Attestations about a Verifier in one request; more is not read. */
const MAX_ATTESTATIONS = 20

/** What ETSI TS 119 472-2 repeats beside the certificate. Not signed by the registrar: nothing is decided by it. */
export const RegistrarDatasetSchema = Type.Object({
  identifier: Type.String({ maxLength: 500 }),
  srvDescription: LocalizedTextsSchema,
  registryURI: Type.String({ maxLength: 2000 }),
  intendedUseIdentifier: Type.String({ maxLength: 500 }),
  purpose: LocalizedTextsSchema,
  policyURI: Type.String({ maxLength: 2000 }),
})

export type RegistrarDataset = Immutable<Static<typeof RegistrarDatasetSchema>>

export interface RegistrationInfo {
  /** Compact JWT, not verified. */
  readonly certificate: string
  /** `undefined` when it is absent or has another form. */
  readonly dataset: RegistrarDataset | undefined
}

/**
 * The `verifier_info` of a request under one registration.
 *
 * @param certificate Compact JWT.
 * @see OpenID4VP 1.0 §5.11 verifier-info
 */
export function makeVerifierInfo(certificate: string, content: RegistrationContent): readonly VerifierInfo[] {
  const dataset: RegistrarDataset & JsonObject = {
    identifier: content.sub,
    srvDescription: content.srv_description,
    registryURI: content.registry_uri,
    intendedUseIdentifier: content.intended_use_id,
    purpose: content.purpose,
    policyURI: content.privacy_policy,
  }
  return [
    { format: REGISTRAR_DATASET_FORMAT, data: dataset },
    { format: REGISTRATION_CERTIFICATE_FORMAT, data: certificate },
  ]
}

/**
 * Finds the registration certificate in the `verifier_info` of a request; believes in nothing of it.
 *
 * Narrower than the specification: exactly one certificate, of the one intended use, for all that the request asks
 * (`credential_ids` is refused). Wider: `data` may be the compact JWT or base64url of it, because sources differ.
 *
 * @throws {ProtocolError} `registration_missing`, or `invalid_registration` when `verifier_info` has no such form.
 * @see OpenID4VP 1.0 §5.1 new_parameters
 */
export function findRegistration(verifierInfo: unknown): RegistrationInfo {
  if (verifierInfo === undefined) throw missing()
  if (!Array.isArray(verifierInfo) || verifierInfo.length > MAX_ATTESTATIONS || !verifierInfo.every(isJsonObject)) {
    throw invalid('verifier_info is not a list of attestations')
  }
  const attestations: readonly JsonObject[] = verifierInfo
  const [certificate, second] = attestations.filter(({ format }) => format === REGISTRATION_CERTIFICATE_FORMAT)
  if (certificate === undefined) throw missing()
  if (second !== undefined) throw invalid('a request has one registration certificate')
  if ('credential_ids' in certificate) throw invalid('a registration certificate covers the whole request')
  const dataset = attestations.find(({ format }) => format === REGISTRAR_DATASET_FORMAT)?.data
  return {
    certificate: readCompactRegistration(certificate.data),
    dataset: Check(RegistrarDatasetSchema, dataset) ? dataset : undefined,
  }
}

/** @throws {ProtocolError} `invalid_registration` */
export function readCompactRegistration(data: JsonValue | undefined): string {
  if (typeof data !== 'string') throw invalid('the registration certificate is not a string')
  if (data.includes('.')) return data
  try {
    return decodeUtf8(decodeBase64url(data))
  } catch {
    throw invalid('the registration certificate is not a compact JWT')
  }
}

function missing(): ProtocolError {
  return new ProtocolError('registration_missing', 'the request has no registration certificate')
}

function invalid(message: string): ProtocolError {
  return new ProtocolError('invalid_registration', message)
}
