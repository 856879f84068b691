import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { generateNodeSigner, nodeCrypto } from '../node-crypto.ts'
import { generateWebSigner, webCrypto } from '../web-crypto.ts'
import { parseCertificate } from './certificate.ts'
import { DAY, LEAF_SUBJECT, makeIntermediate, makeLeaf, makeRoot, NOW, reissue } from './chain.testing.ts'
import { makeSelfSignedCertificate } from './make-certificate.ts'
import { validatePath } from './path.ts'

describe('node:crypto agrees that', () => {
  test('a development CA is an authority that signed itself', async () => {
    const ca = new X509Certificate((await makeRoot({ organizationName: 'Wegwijzer' })).certificate.der)
    expect(ca.ca).toBe(true)
    expect(ca.verify(ca.publicKey)).toBe(true)
    expect(ca.checkIssued(ca)).toBe(true)
    expect(ca.subject).toBe('C=NL\nO=Wegwijzer\nCN=Root (demo)')
  })

  test('a leaf is no authority and has all its names', async () => {
    const ca = await makeRoot()
    const leaf = new X509Certificate((await makeLeaf(ca)).der)
    expect(leaf.ca).toBe(false)
    expect(leaf.subject).toBe(
      'C=NL\nO=ROC Midden Nederland\norganizationIdentifier=NTRNL-90001354\nCN=ROC Midden Nederland (demo)',
    )
    expect(leaf.checkIssued(new X509Certificate(ca.certificate.der))).toBe(true)
  })
})

test('a certificate for a TLS server names addresses and says what it is for', async () => {
  const sanIpAddresses = [Uint8Array.of(127, 0, 0, 1), Uint8Array.from({ length: 16 }, (_, at) => (at === 15 ? 1 : 0))]
  const made = await makeLeaf(await makeRoot(), { sanIpAddresses, isForTlsServer: true })
  const leaf = new X509Certificate(made.der)
  expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1')
  expect(leaf.checkIP('::1')).toBe('::1')
  expect(leaf.checkIP('127.0.0.2')).toBeUndefined()
  expect(leaf.checkHost('school.example')).toBe('school.example')
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
  expect(made.sanDnsNames).toEqual(['school.example'])
})

test('a certificate is made with WebCrypto as with node:crypto', async () => {
  const ca = await makeRoot({ signer: await generateWebSigner(), crypto: webCrypto })
  const leaf = await makeLeaf(ca, { crypto: webCrypto })
  await expect(validatePath([leaf], [ca.certificate], { now: NOW, crypto: nodeCrypto })).resolves.toBeDefined()
})

test('no two certificates have one serial number', async () => {
  const ca = await makeRoot()
  const leaves = await Promise.all(Array.from({ length: 50 }, () => makeLeaf(ca)))
  expect(new Set(leaves.map((leaf) => leaf.serialNumber)).size).toBe(50)
})

test('a date after 2049 is written and read', async () => {
  const leaf = await makeLeaf(await makeRoot(), { notAfter: Date.UTC(2051, 0, 1) / 1000 })
  expect(leaf.notAfter).toBe(Date.UTC(2051, 0, 1) / 1000)
  expect(new X509Certificate(leaf.der).validTo).toContain('2051')
})

test('an authority of another maker is named as its own certificate spells it', async () => {
  const ca = await makeRoot()
  const reordered = await reissue(ca.certificate, ca.signer, (tbs) => {
    tbs.subject.reverse()
    tbs.issuer.reverse()
  })
  const leaf = await makeLeaf({ certificate: reordered, signer: ca.signer })
  await expect(validatePath([leaf], [reordered], { now: NOW, crypto: nodeCrypto })).resolves.toBeDefined()
})

test('an intermediate allows no authority below it unless told', async () => {
  const intermediate = await makeIntermediate(await makeRoot())
  expect(intermediate.certificate).toMatchObject({ isCa: true, pathLength: 0 })
})

test('a certificate to be compared as a whole is signed by its own key and is no authority', async () => {
  const signer = generateNodeSigner()
  const certificate = await makeSelfSignedCertificate({
    subject: LEAF_SUBJECT,
    signer,
    crypto: nodeCrypto,
    notBefore: NOW,
    notAfter: NOW + DAY,
  })
  const oracle = new X509Certificate(certificate.der)
  expect(oracle.verify(oracle.publicKey)).toBe(true)
  expect(parseCertificate(certificate.der)).toMatchObject({ isCa: false, publicJwk: signer.publicJwk })
})
