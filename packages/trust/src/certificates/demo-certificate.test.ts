import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { makeDevelopmentCa, makeLeafCertificate, makeSelfSignedCertificate } from '@wegwijzer/keys/x509'
import { expect, test } from 'vitest'
import { isDemoCertificate } from './demo-certificate.ts'

const NOW = 1_790_848_800
const dates = { notBefore: NOW - 60, notAfter: NOW + 60 }
const crypto = nodeCrypto

test.each([
  ['a demo authority', 'Authority (demo)', 'School', true],
  ['another authority', 'Authority', 'School (demo)', false],
])('what %s certified is told by the name of the authority', async (_name, authority, school, isDemo) => {
  const ca = await makeDevelopmentCa({ commonName: authority, now: NOW, signer: generateNodeSigner(), crypto })
  const { publicJwk } = generateNodeSigner()
  const leaf = await makeLeafCertificate({ ca, subject: { commonName: school }, publicJwk, ...dates, crypto })
  expect(isDemoCertificate(ca.certificate)).toBe(isDemo)
  expect(isDemoCertificate(leaf)).toBe(isDemo)
})

test('a certificate that signs itself is its own authority', async () => {
  const subject = { commonName: 'Trust list (demo)' }
  const certificate = await makeSelfSignedCertificate({ subject, signer: generateNodeSigner(), ...dates, crypto })
  expect(isDemoCertificate(certificate)).toBe(true)
})
