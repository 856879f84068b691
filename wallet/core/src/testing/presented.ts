import { decodeBase64url, decodeUtf8, parseJws, readClaims } from '@wegwijzer/protocol/jose'
import type { AuthorizationResponse } from '@wegwijzer/protocol/openid4vp'
import { parseSdJwt } from '@wegwijzer/protocol/sd-jwt'
import type { TestVerifier } from './verifier.ts'

/** Everything that can be read in one presentation, by whoever got it. */
export interface Presented {
  /** Names of the claims that were disclosed; of an element of an array, what stands in it. */
  readonly disclosed: readonly unknown[]
  /** The issuer-signed JWT: the same twice is one copy twice. */
  readonly issuerJwt: string
  readonly keyBinding: Readonly<Record<string, unknown>>
  /** The text of all of it, decoded. */
  readonly text: string
}

/** The presentations of an answer, by the id of their query. */
export function presentationsIn(
  answer: AuthorizationResponse | undefined,
): Readonly<Record<string, readonly Presented[]>> {
  if (answer === undefined || !('vp_token' in answer)) throw new Error('this is no answer with presentations')
  return Object.fromEntries(
    Object.entries(answer.vp_token).map(([id, presentations]) => [id, presentations.map(readPresented)]),
  )
}

/** The presentations of the last answer that a verifier got. */
export function lastPresented({ answers }: TestVerifier): Readonly<Record<string, readonly Presented[]>> {
  return presentationsIn(answers.at(-1))
}

function readPresented(presentation: string): Presented {
  const [issuerJwt = '', ...encoded] = presentation.split('~')
  const { keyBindingJwt = '', issuerClaims } = parseSdJwt(presentation)
  const disclosures = encoded.slice(0, -1).map((one): unknown[] => JSON.parse(decodeUtf8(decodeBase64url(one))))
  return {
    disclosed: disclosures.map((disclosure) => disclosure.at(1)),
    issuerJwt,
    keyBinding: readClaims(parseJws(keyBindingJwt)),
    text: JSON.stringify([issuerClaims, disclosures]),
  }
}
