import { ProtocolError } from '@wegwijzer/protocol/errors'
import { type IssuableConfiguration, isSdJwtVcConfiguration, JWT_VC_JSON_FORMAT } from '@wegwijzer/protocol/openid4vci'
import { VERIFIABLE_CREDENTIAL } from '@wegwijzer/protocol/w3c'
import type { HeldCredential } from '../holdings/held-credential.ts'

/**
 * The type of what a configuration issues, as the trust list names it: of a W3C credential the one type beside
 * `VerifiableCredential`.
 *
 * Narrower than the specification: a W3C credential with more types than that is not known here.
 *
 * @throws {ProtocolError} `unsupported_credential_configuration`
 * @see OpenID4VCI 1.0 §A.1.1.2 server-metadata-jwt-vc-json
 */
export function readConfiguration(configuration: IssuableConfiguration): Pick<HeldCredential, 'vct' | 'format'> {
  if (isSdJwtVcConfiguration(configuration)) return { vct: configuration.vct }
  const [vct, ...others] = configuration.credential_definition.type.filter((type) => type !== VERIFIABLE_CREDENTIAL)
  if (vct === undefined || others.length > 0) {
    throw new ProtocolError('unsupported_credential_configuration', 'the credential has not one type of its own')
  }
  return { vct, format: JWT_VC_JSON_FORMAT }
}
