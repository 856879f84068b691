import { describe, expect, test } from 'vitest'
import { addressKind, checkAddresses, parseTarget } from './address.ts'

describe('an address', () => {
  test.each([
    '1.1.1.1',
    '145.100.0.1',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a02:a44c::1',
  ])('%s is public', (address) => {
    expect(addressKind(address)).toBe('public')
  })

  test.each(['127.0.0.1', '127.0.0.53', '127.255.255.255', '::1'])('%s is this machine', (address) => {
    expect(addressKind(address)).toBe('loopback')
  })

  test.each([
    ['this network', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['behind a carrier', '100.64.0.1'],
    ['behind a carrier', '100.127.255.255'],
    ['the metadata service of a cloud', '169.254.169.254'],
    ['protocol assignments', '192.0.0.1'],
    ['documentation', '192.0.2.1'],
    ['documentation', '198.51.100.1'],
    ['documentation', '203.0.113.1'],
    ['the relay of 6to4', '192.88.99.1'],
    ['benchmarks', '198.18.0.1'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['IPv4 within', '::127.0.0.1'],
    ['IPv4 within', '::ffff:127.0.0.1'],
    ['IPv4 within', '::ffff:1.1.1.1'],
    ['IPv4 within', '::ffff:a9fe:a9fe'],
    ['IPv4 within', '::ffff:0:127.0.0.1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['NAT64', '64:ff9b:1::1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['link-local', 'fe80::1'],
    ['link-local, with a zone', 'fe80::1%eth0'],
    ['a zone on a public address', '2606:4700:4700::1111%eth0'],
    ['site-local', 'fec0::1'],
    ['unique local', 'fd12:3456::1'],
    ['multicast', 'ff02::1'],
    ['documentation', '2001:db8::1'],
    ['documentation', '3fff::1'],
    ['discard', '100::1'],
    ['not given out', '4000::1'],
    ['not an address', 'localhost'],
    ['nothing', ''],
  ])('for %s, %s, is forbidden', (_name, address) => {
    expect(addressKind(address)).toBe('forbidden')
  })
})

describe('addresses of a host', () => {
  test('may all be public', () => {
    expect(() => checkAddresses(['1.1.1.1', '2606:4700:4700::1111'], { allowLoopback: false })).not.toThrow()
  })

  test.each([
    ['one is private', ['1.1.1.1', '10.0.0.1']],
    ['one is this machine', ['1.1.1.1', '127.0.0.1']],
  ])('are refused when %s', (_name, addresses) => {
    expect(() => checkAddresses(addresses, { allowLoopback: false })).toThrow(
      expect.objectContaining({ reason: 'forbidden_address' }),
    )
  })

  test('may be this machine in development, and still not private', () => {
    expect(() => checkAddresses(['127.0.0.1', '::1'], { allowLoopback: true })).not.toThrow()
    expect(() => checkAddresses(['127.0.0.1', '10.0.0.1'], { allowLoopback: true })).toThrow(
      expect.objectContaining({ reason: 'forbidden_address' }),
    )
  })
})

describe('a URL', () => {
  test.each(['https://school.example', 'https://school.example:8443/path?query', 'https://1.1.1.1/', 'HTTPS://a.nl'])(
    '%s may be fetched',
    (url) => {
      expect(parseTarget(url, { allowLoopback: false })).toEqual(new URL(url))
    },
  )

  test.each([
    'http://school.example/',
    'http://1.1.1.1/',
    'http://localhost/',
    'http://127.0.0.1/',
    'ftp://school.example/',
    'file:///etc/passwd',
    'data:application/json,{}',
    'blob:https://school.example/1',
    'javascript:alert(1)',
    'openid4vp://authorize',
  ])('%s is of a forbidden scheme', (url) => {
    expect(() => parseTarget(url, { allowLoopback: false })).toThrow(
      expect.objectContaining({ name: 'OutboundError', reason: 'forbidden_scheme' }),
    )
  })

  test.each([
    'http://school.example/',
    'http://10.0.0.1/',
    'http://[fd00::1]/',
    'http://localhost.example/',
    'http://1.1.1.1/',
  ])('%s is of a forbidden scheme in development too', (url) => {
    expect(() => parseTarget(url, { allowLoopback: true })).toThrow(
      expect.objectContaining({ reason: 'forbidden_scheme' }),
    )
  })

  const LOOPBACK = [
    'localhost',
    'LOCALHOST',
    'localhost.',
    'issuer.localhost',
    '127.0.0.1',
    '127.0.0.1.',
    '127.1',
    '2130706433',
    '0x7f.1',
    '0x7f000001',
    '0177.0.0.01',
    '１２７.0.0.1',
    '127。0。0。1',
    '%31%32%37.0.0.1',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
  ]

  test.each(LOOPBACK)('to %s leads to this machine, which only development allows', (host) => {
    expect(() => parseTarget(`https://${host}/`, { allowLoopback: false })).toThrow(
      expect.objectContaining({ reason: 'forbidden_address' }),
    )
    expect(parseTarget(`http://${host}:4100/`, { allowLoopback: true }).port).toBe('4100')
  })

  test.each([
    ['a private address', 'https://10.0.0.1/'],
    ['a private address, in one number', 'https://167772161/'],
    ['a private address, in octal', 'https://012.0.0.1/'],
    ['the metadata service', 'https://169.254.169.254/latest'],
    ['the metadata service, in hexadecimal', 'https://0xA9FEA9FE/'],
    ['every address', 'https://0/'],
    ['a mapped address', 'https://[::ffff:127.0.0.1]/'],
    ['a mapped address, in hexadecimal', 'https://[::ffff:7f00:1]/'],
    ['a unique local address', 'https://[fd00::1]/'],
    ['a user', 'https://user@school.example/'],
    ['a password', 'https://:secret@school.example/'],
    ['a host within credentials', 'https://school.example@127.0.0.1/'],
    ['a number that is no address', 'https://999999999999/'],
    ['an endless path', `https://school.example/${'a'.repeat(5000)}`],
    ['a relative path', '/credential'],
    ['nothing', ''],
  ])('with %s is refused, in development too', (_name, url) => {
    expect(() => parseTarget(url, { allowLoopback: true })).toThrow(
      expect.objectContaining({ name: 'OutboundError', reason: 'forbidden_address' }),
    )
  })

  test('is not quoted when it is refused', () => {
    expect(() => parseTarget('https://user:secret@school.example/', { allowLoopback: false })).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/secret|school/) }),
    )
  })
})
