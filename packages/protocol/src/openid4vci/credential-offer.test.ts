import { describe, expect, test } from 'vitest'
import {
  CREDENTIAL_OFFER_ENDPOINT,
  credentialOfferReferenceUri,
  credentialOfferUri,
  makeCredentialOffer,
  PRE_AUTHORIZED_CODE_GRANT,
  parseCredentialOffer,
  parseCredentialOfferUri,
  preAuthorizedCodeGrant,
} from './openid4vci.ts'

const offer = makeCredentialOffer({
  credentialIssuer: 'https://issuer.example/roc-midden-nederland',
  credentialConfigurationIds: ['diploma', 'baan+intentie'],
  preAuthorizedCode: 'oaKazRN8I0Ib+Z0C7JuMn5 %&=',
  txCode: { length: 6, description: 'U krijgt de code per brief.' },
})
const grant = offer.grants?.[PRE_AUTHORIZED_CODE_GRANT]

describe('an offer', () => {
  test('that was made is read as it was made [OpenID4VCI 1.0 §4.1.1]', () => {
    expect(parseCredentialOffer(JSON.stringify(offer))).toEqual(offer)
    expect(preAuthorizedCodeGrant(offer)['pre-authorized_code']).toBe('oaKazRN8I0Ib+Z0C7JuMn5 %&=')
  })

  test('asks no Transaction Code unless it has the object, even an empty one [OpenID4VCI 1.0 §4.1.1]', () => {
    const contents = {
      credentialIssuer: 'https://a.example',
      credentialConfigurationIds: ['a'],
      preAuthorizedCode: 'c',
    }
    expect(preAuthorizedCodeGrant(makeCredentialOffer(contents))).not.toHaveProperty('tx_code')
    expect(preAuthorizedCodeGrant(makeCredentialOffer({ ...contents, txCode: {} }))).toHaveProperty('tx_code', {})
  })

  test('may have members and grants that are not known here [OpenID4VCI 1.0 §4.1.1]', () => {
    const wider = { ...offer, extra: { deep: [1] }, grants: { ...offer.grants, 'urn:example:other': { a: 1 } } }
    expect(parseCredentialOffer(JSON.stringify(wider))).toMatchObject(offer)
  })

  test.each([
    ['no grants', undefined],
    ['empty grants', {}],
    ['another grant only', { authorization_code: { issuer_state: 'x' } }],
  ])('with %s is an offer, but not for a pre-authorized code', (_name, grants) => {
    const other = parseCredentialOffer(JSON.stringify({ ...offer, grants }))
    expect(() => preAuthorizedCodeGrant(other)).toThrow(expect.objectContaining({ code: 'unsupported_grant_type' }))
  })
})

describe('is refused as invalid_credential_offer', () => {
  test.each([
    ['without issuer', { credential_issuer: undefined }],
    ['whose issuer is no URL', { credential_issuer: 'roc' }],
    ['whose issuer has no TLS', { credential_issuer: 'http://issuer.example' }],
    ['whose issuer has a query', { credential_issuer: 'https://issuer.example?x' }],
    ['without configurations', { credential_configuration_ids: undefined }],
    ['with an empty list of configurations', { credential_configuration_ids: [] }],
    ['with the same configuration twice', { credential_configuration_ids: ['a', 'a'] }],
    ['with a configuration that is no string', { credential_configuration_ids: [{ format: 'dc+sd-jwt' }] }],
    ['with an empty configuration id', { credential_configuration_ids: [''] }],
    ['with a configuration id too long to be one', { credential_configuration_ids: ['a'.repeat(201)] }],
    ['with a state too long to send along', { grants: { authorization_code: { issuer_state: 'a'.repeat(4001) } } }],
    [
      'with a server too long to be one',
      { grants: { authorization_code: { authorization_server: 'a'.repeat(2049) } } },
    ],
    ['with an issuer too long to be one', { credential_issuer: `https://issuer.example/${'a'.repeat(2048)}` }],
    [
      'with more configurations than fit',
      { credential_configuration_ids: Array.from({ length: 51 }, (_, at) => `c${at}`) },
    ],
    ['with grants that are a list', { grants: [] }],
    ['with a grant that is a string', { grants: { [PRE_AUTHORIZED_CODE_GRANT]: 'code' } }],
    ['without a code', withGrant({ 'pre-authorized_code': undefined })],
    ['with an empty code', withGrant({ 'pre-authorized_code': '' })],
    ['with a code too long to be one', withGrant({ 'pre-authorized_code': 'a'.repeat(4001) })],
    ['with an authorization server too long to be one', withGrant({ authorization_server: 'a'.repeat(2049) })],
    ['with a code that is a number', withGrant({ 'pre-authorized_code': 1 })],
    ['with a line break in the code', withGrant({ 'pre-authorized_code': 'a\nb' })],
    ['with a Transaction Code that is a flag', withGrant({ tx_code: true })],
    ['with an input mode that does not exist', withGrant({ tx_code: { input_mode: 'voice' } })],
    ['with a length that is a string', withGrant({ tx_code: { length: '4' } })],
    ['with a length of nothing', withGrant({ tx_code: { length: 0 } })],
    ['with a length that fits no field', withGrant({ tx_code: { length: 101 } })],
    ['with a description over 300 characters', withGrant({ tx_code: { description: 'a'.repeat(301) } })],
    ['with an authorization server that is no string', withGrant({ authorization_server: {} })],
  ])('an offer %s [OpenID4VCI 1.0 §4.1.1]', (_name, change) => {
    expect(() => parseCredentialOffer(JSON.stringify({ ...offer, ...change }))).toThrow(
      expect.objectContaining({ name: 'ProtocolError', code: 'invalid_credential_offer' }),
    )
  })

  test.each([
    ['nothing', ''],
    ['no JSON', '<html>'],
    ['a JWT', 'eyJhbGciOiJub25lIn0.e30.'],
    ['a list', '[]'],
    ['a member twice', '{"credential_issuer":"https://a.example","credential_issuer":"https://b.example"}'],
    ['a prototype', '{"__proto__":{"grants":{}}}'],
    ['too deep', '['.repeat(20) + ']'.repeat(20)],
    ['too long', JSON.stringify({ ...offer, filler: 'a'.repeat(20_000) })],
  ])('what is %s', (_name, text) => {
    expect(() => parseCredentialOffer(text)).toThrow(expect.objectContaining({ code: 'invalid_credential_offer' }))
  })
})

function withGrant(change: object): object {
  return { grants: { [PRE_AUTHORIZED_CODE_GRANT]: { ...grant, ...change } } }
}

describe('a link carries an offer', () => {
  test.each([undefined, 'haip-vci://', 'https://wallet.example/ontvangen', 'https://wallet.example/?lang=nl'])(
    'by value, to the wallet at %s [OpenID4VCI 1.0 §4.1.2]',
    (endpoint) => {
      const uri = credentialOfferUri(offer, endpoint)
      expect(uri.startsWith(endpoint ?? CREDENTIAL_OFFER_ENDPOINT)).toBe(true)
      expect(parseCredentialOfferUri(uri)).toEqual({ by: 'value', offer })
    },
  )

  test.each([undefined, 'haip-vci://', 'https://wallet.example/ontvangen'])(
    'by reference, to the wallet at %s [OpenID4VCI 1.0 §4.1.3]',
    (endpoint) => {
      const url = 'https://issuer.example/offers/GkurKxf5T0Y-mnPFCHqWOMiZi4VS138cQO_V7PZHAdM?a=b'
      expect(parseCredentialOfferUri(credentialOfferReferenceUri(url, endpoint))).toEqual({ by: 'reference', url })
    },
  )

  test('with parameters that are not known here, white space around it, a fragment behind it', () => {
    const uri = credentialOfferUri(offer, 'https://wallet.example/ontvangen?utm=1')
    expect(parseCredentialOfferUri(` ${uri}&other=2#top\n`)).toEqual({ by: 'value', offer })
  })

  test('of 64,000 characters, and no longer one', () => {
    const padded = (length: number) => `${credentialOfferUri(offer)}&filler=`.padEnd(length, 'a')
    expect(parseCredentialOfferUri(padded(64_000))).toEqual({ by: 'value', offer })
    expect(() => parseCredentialOfferUri(padded(64_001))).toThrow(
      expect.objectContaining({ code: 'invalid_credential_offer' }),
    )
  })

  test('to a wallet of this machine in development', () => {
    const uri = credentialOfferUri(offer, 'http://localhost:4000/ontvangen')
    expect(parseCredentialOfferUri(uri, { allowHttp: true })).toEqual({ by: 'value', offer })
    expect(() => parseCredentialOfferUri(uri)).toThrow('https')
  })
})

describe('a link is refused as invalid_credential_offer', () => {
  const value = encodeURIComponent(JSON.stringify(offer))
  const reference = encodeURIComponent('https://issuer.example/offers/1')
  test.each([
    ['that has no offer', 'openid-credential-offer://?other=1'],
    ['that has no query', 'openid-credential-offer://'],
    [
      'that carries it both ways',
      `openid-credential-offer://?credential_offer=${value}&credential_offer_uri=${reference}`,
    ],
    ['that carries it twice', `openid-credential-offer://?credential_offer=${value}&credential_offer=${value}`],
    ['that refers twice', `haip-vci://?credential_offer_uri=${reference}&credential_offer_uri=${reference}`],
    ['that has it in the fragment', `https://wallet.example/#?credential_offer=${value}`],
    ['of a scheme for something else', `openid4vp://?credential_offer=${value}`],
    ['of no scheme', `?credential_offer=${value}`],
    ['that has the scheme of a wallet within', `x?openid-credential-offer://?credential_offer=${value}`],
    ['without TLS', `http://wallet.example/?credential_offer=${value}`],
    ['whose escapes are no UTF-8', `openid-credential-offer://?credential_offer=${value.replace('diploma', '%ff')}`],
    ['that is too long', `openid-credential-offer://?credential_offer=${value}&filler=${'a'.repeat(64_000)}`],
    ['to an offer without TLS', `openid-credential-offer://?credential_offer_uri=http://issuer.example/1`],
    ['to an offer that is a script', 'openid-credential-offer://?credential_offer_uri=javascript:alert(1)'],
    ['to an offer inside the link', 'openid-credential-offer://?credential_offer_uri=data:application/json,{}'],
    ['to an offer with a password', 'openid-credential-offer://?credential_offer_uri=https://a:b@issuer.example/'],
    ['to nowhere', 'openid-credential-offer://?credential_offer_uri='],
    ['with an offer that is none', 'openid-credential-offer://?credential_offer=%7B%7D'],
  ])('%s [OpenID4VCI 1.0 §4.1]', (_name, uri) => {
    expect(() => parseCredentialOfferUri(uri)).toThrow(
      expect.objectContaining({ name: 'ProtocolError', code: 'invalid_credential_offer' }),
    )
  })
})
