import { describe, expect, test } from 'vitest'
import { makeCredentialResponse, parseCredentialResponse } from './openid4vci.ts'

const response = makeCredentialResponse(['one~', 'two~'], '3fwe98js')

describe('a credential response', () => {
  test('is read as it was made [OpenID4VCI 1.0 §8.3]', () => {
    expect(parseCredentialResponse(JSON.stringify(response), 2)).toEqual({ kind: 'issued', ...response })
    const { notification_id: _, ...silent } = response
    expect(makeCredentialResponse(['one~', 'two~'])).toEqual(silent)
    expect(parseCredentialResponse(JSON.stringify(silent), 2)).toEqual({ kind: 'issued', ...silent })
  })

  test('may bring fewer Credentials than keys, and members that are not known [OpenID4VCI 1.0 §8.3]', () => {
    const text = '{"credentials":[{"credential":"one~","extra":1}],"c_nonce":"x"}'
    expect(parseCredentialResponse(text, 20)).toEqual({ kind: 'issued', credentials: [{ credential: 'one~' }] })
  })

  test('may say: later [OpenID4VCI 1.0 §8.3]', () => {
    expect(parseCredentialResponse('{"transaction_id":"8xLOxBtZp8","interval":3600}', 1)).toEqual({
      kind: 'deferred',
      transaction_id: '8xLOxBtZp8',
      interval: 3600,
    })
  })

  test.each([
    ['nothing', {}],
    ['no Credential', { credentials: [] }],
    ['Credentials outside a list', { credentials: { credential: 'one~' } }],
    ['a Credential outside an object', { credentials: ['one~'] }],
    ['the Credential of an earlier draft', { credential: 'one~' }],
    ['an empty Credential', { credentials: [{ credential: '' }] }],
    ['a Credential of another format', { credentials: [{ credential: { '@context': [] } }] }],
    ['more Credentials than keys', makeCredentialResponse(['a', 'b', 'c'])],
    ['a notification id that is no string', { ...response, notification_id: 1 }],
    ['an empty notification id', { ...response, notification_id: '' }],
    ['a notification id too long to send back', { ...response, notification_id: 'a'.repeat(1025) }],
    ['a Credential too long to be one', makeCredentialResponse(['a'.repeat(500_001)])],
    ['a ticket too long to send back', { transaction_id: 'a'.repeat(1025), interval: 1 }],
    ['a ticket for a time that nobody waits for', { transaction_id: 'x', interval: 1e300 }],
    ['Credentials now and later', { ...response, transaction_id: 'x', interval: 1 }],
    ['Credentials and a time to wait', { ...response, interval: 1 }],
    ['a time to wait and nothing to wait for', { interval: 1 }],
    ['a ticket without a time to wait', { transaction_id: 'x' }],
    ['a ticket with a time to wait of nothing', { transaction_id: 'x', interval: 0 }],
    ['a ticket with a time to wait that is a string', { transaction_id: 'x', interval: '1' }],
    ['a ticket and a notification id', { transaction_id: 'x', interval: 1, notification_id: 'y' }],
    ['an empty ticket', { transaction_id: '', interval: 1 }],
  ])('with %s is refused as invalid_credential_response [OpenID4VCI 1.0 §8.3]', (_name, body) => {
    expect(() => parseCredentialResponse(JSON.stringify(body), 2)).toThrow(
      expect.objectContaining({ name: 'ProtocolError', code: 'invalid_credential_response' }),
    )
  })

  test('longer than its Credentials may be is not parsed', () => {
    const text = JSON.stringify({ ...response, filler: 'a'.repeat(1_000_000) })
    expect(() => parseCredentialResponse(text, 1)).toThrow('too long')
  })
})
