import { ProtocolError } from '@wegwijzer/protocol/errors'
import { decodeBase64, encodeBase64 } from '@wegwijzer/protocol/jose'

/** The labels of RFC 7468 that this project writes and reads. */
export type PemLabel = 'CERTIFICATE' | 'PRIVATE KEY'

export function encodePem(label: PemLabel, der: Uint8Array): string {
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

/**
 * Reads every block of one label; other blocks and text around them are passed over.
 *
 * @param text A file of configuration, not a message.
 * @throws {ProtocolError} `invalid_pem` when there is no such block or one does not decode.
 * @see RFC 7468 §3
 */
export function decodePem(label: PemLabel, text: string): readonly [Uint8Array, ...Uint8Array[]] {
  const blocks = text.matchAll(new RegExp(`-----BEGIN ${label}-----([^-]*)-----END ${label}-----`, 'g'))
  const [first, ...others] = Array.from(blocks, ([, content = '']) => decodeContent(content))
  if (!first) throw new ProtocolError('invalid_pem', `the file has no block of label ${label}`)
  return [first, ...others]
}

function decodeContent(content: string): Uint8Array {
  try {
    return decodeBase64(content.replaceAll(/\s/g, ''))
  } catch (cause) {
    throw new ProtocolError('invalid_pem', 'a block of the file is not base64', { cause })
  }
}
