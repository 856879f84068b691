import { expect, test } from 'vitest'
import { ipOctets } from './ip-octets.ts'

test.each([
  ['127.0.0.1', '7f000001'],
  ['::1', '00000000000000000000000000000001'],
  ['2001:db8::', '20010db8000000000000000000000000'],
  ['2001:db8:1:2:3:4:5:6', '20010db8000100020003000400050006'],
  ['::ffff:10.0.0.1', '00000000000000000000ffff0a000001'],
])('%s has the octets that a certificate names it by', (address, octets) => {
  expect(ipOctets(address)).toEqual(new Uint8Array(Buffer.from(octets, 'hex')))
})

test('a name has none', () => {
  expect(ipOctets('localhost')).toBeUndefined()
})
