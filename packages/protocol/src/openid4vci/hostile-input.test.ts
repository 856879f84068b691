import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ProtocolError } from '../errors.ts'
import type { JsonValue } from '../json/json.ts'
import { parseAuthorizationServerMetadata, parseDpopAuthorization, parseOAuthError } from '../oauth/oauth.ts'
import {
  authorizationServerOf,
  checkAnonymousPreAuthorizedCode,
  credentialsToRequest,
  makeAuthorizationServerMetadata,
  makeCredentialIssuerMetadata,
  makeCredentialOffer,
  makeCredentialRequest,
  makeCredentialResponse,
  makeNotificationRequest,
  makeTokenResponse,
  PRE_AUTHORIZED_CODE_GRANT,
  parseCredentialIssuerMetadata,
  parseCredentialOffer,
  parseCredentialOfferUri,
  parseCredentialRequest,
  parseCredentialResponse,
  parseNonceResponse,
  parseNotificationRequest,
  parseTokenRequest,
  parseTokenResponse,
  selectCredentialConfiguration,
} from './openid4vci.ts'

const ISSUER = 'https://issuer.example/roc'

const offer = makeCredentialOffer({
  credentialIssuer: ISSUER,
  credentialConfigurationIds: ['diploma'],
  preAuthorizedCode: 'code',
  txCode: { input_mode: 'numeric', length: 4, description: 'code' },
})
const metadata = makeCredentialIssuerMetadata({
  credentialIssuer: ISSUER,
  credentialEndpoint: `${ISSUER}/credential`,
  nonceEndpoint: `${ISSUER}/nonce`,
  notificationEndpoint: `${ISSUER}/notification`,
  batchSize: 20,
  display: [{ name: 'ROC', locale: 'nl-NL' }],
  credentials: {
    diploma: {
      vct: 'https://wegwijzer.example/types/diploma/1',
      scope: 'diploma',
      display: [{ name: 'Diploma', locale: 'nl-NL' }],
      claims: [{ path: ['grades', null], display: [{ name: 'Cijfer', locale: 'nl-NL' }] }],
    },
  },
})
const server = makeAuthorizationServerMetadata({
  issuer: ISSUER,
  tokenEndpoint: `${ISSUER}/token`,
  scopes: ['diploma'],
})
const detail = { type: 'openid_credential', credential_configuration_id: 'diploma', credential_identifiers: ['d'] }

/** Each parsing function, what is done with its result at once, and a message that it accepts. */
const PARSERS: readonly (readonly [name: string, parse: (text: string) => unknown, valid: object])[] = [
  ['an offer', (text) => authorizationServerOf(metadata, parseCredentialOffer(text)), offer],
  [
    'an issuer’s metadata',
    (text) => selectCredentialConfiguration(parseCredentialIssuerMetadata(text, ISSUER), 'diploma'),
    metadata,
  ],
  [
    'a server’s metadata',
    (text) => checkAnonymousPreAuthorizedCode(parseAuthorizationServerMetadata(text, ISSUER)),
    server,
  ],
  [
    'a token response',
    (text) => credentialsToRequest(parseTokenResponse(text), 'diploma'),
    { ...makeTokenResponse({ accessToken: 'a', expiresInSeconds: 60 }), authorization_details: [detail] },
  ],
  ['a nonce response', parseNonceResponse, { c_nonce: 'n' }],
  ['a credential response', (text) => parseCredentialResponse(text, 20), makeCredentialResponse(['a~'], 'n')],
  ['an error', parseOAuthError, { error: 'invalid_grant', error_description: 'x' }],
]

/** What an HTTP server has parsed already. */
const BODIES: readonly (readonly [name: string, parse: (body: unknown) => unknown, valid: object])[] = [
  ['a token request', parseTokenRequest, { grant_type: PRE_AUTHORIZED_CODE_GRANT, 'pre-authorized_code': 'c' }],
  [
    'a credential request',
    (body) => parseCredentialRequest(body, 20),
    makeCredentialRequest({ credential_configuration_id: 'diploma' }, ['a.b.c']),
  ],
  ['a notification', parseNotificationRequest, makeNotificationRequest('n', 'credential_accepted')],
]

describe('whatever comes, it is read or refused with a ProtocolError', () => {
  test.each(PARSERS)('%s as text', (_name, parse, valid) => {
    expect(() => parse(JSON.stringify(valid))).not.toThrow()
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => refusesCleanly(() => parse(text))))
    fc.assert(fc.property(broken(valid), (body) => refusesCleanly(() => parse(JSON.stringify(body)))))
  })

  test.each(BODIES)('%s as a body', (_name, parse, valid) => {
    expect(() => parse(valid)).not.toThrow()
    fc.assert(fc.property(fc.anything(), (body) => refusesCleanly(() => parse(body))))
    fc.assert(fc.property(broken(valid), (body) => refusesCleanly(() => parse(body))))
  })

  test('a link', () => {
    const link = fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true, withFragments: true }))
    const scheme = fc.constantFrom('openid-credential-offer://?', 'haip-vci://?', 'https://a.example/?', '')
    const name = fc.constantFrom('credential_offer=', 'credential_offer_uri=', '')
    fc.assert(
      fc.property(scheme, name, link, (start, parameter, rest) =>
        refusesCleanly(() => parseCredentialOfferUri(`${start}${parameter}${rest}`)),
      ),
    )
  })

  test('an Authorization header', () => {
    fc.assert(fc.property(fc.string(), (text) => refusesCleanly(() => parseDpopAuthorization(`DPoP ${text}`))))
  })
})

/** The message with one value, anywhere in it, in exchange for another one. */
function broken(valid: object): fc.Arbitrary<JsonValue> {
  const message = JSON.parse(JSON.stringify(valid)) as JsonValue
  return fc.tuple(fc.constantFrom(...placesIn(message)), fc.jsonValue()).map(([place, value]) => {
    return exchange(message, place, value as JsonValue)
  })
}

function placesIn(value: JsonValue): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [[]]
  return [[], ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner).map((place) => [name, ...place]))]
}

function exchange(value: JsonValue, [name, ...rest]: readonly string[], by: JsonValue): JsonValue {
  if (name === undefined || typeof value !== 'object' || value === null) return by
  const entries = Object.entries(value).map(
    ([key, inner]) => [key, key === name ? exchange(inner, rest, by) : inner] as const,
  )
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)
}

function refusesCleanly(parse: () => unknown): void {
  try {
    parse()
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError)
  }
}
