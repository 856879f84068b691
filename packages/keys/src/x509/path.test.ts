import { X509Certificate } from 'node:crypto'
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  Extension,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_keyUsage,
  id_ce_subjectKeyIdentifier,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  type TBSCertificate,
} from '@peculiar/asn1-x509'
import { beforeAll, describe, expect, test } from 'vitest'
import { generateNodeSigner, nodeCrypto } from '../node-crypto.ts'
import { webCrypto } from '../web-crypto.ts'
import { type Certificate, parseCertificate } from './certificate.ts'
import { DAY, LEAF_SUBJECT, makeIntermediate, makeLeaf, makeRoot, NOW, reissue, setExtension } from './chain.testing.ts'
import { type CertificateAuthority, makeIntermediateCa, makeSelfSignedCertificate } from './make-certificate.ts'
import { makeNameConstraints, type SubtreesInput } from './make-extensions.ts'
import { makeName } from './name.ts'
import { validatePath } from './path.ts'

const context = { now: NOW, crypto: nodeCrypto }

let root: CertificateAuthority
let intermediate: CertificateAuthority
let leaf: Certificate

beforeAll(async () => {
  root = await makeRoot()
  intermediate = await makeIntermediate(root)
  leaf = await makeLeaf(intermediate)
})

describe('accepts', () => {
  test('a leaf that the anchor issued', async () => {
    const direct = await makeLeaf(root)
    const path = await validatePath([direct], [root.certificate], context)
    expect(path.leaf).toBe(direct)
    expect(path.key.publicJwk).toEqual(direct.publicJwk)
  })

  test('a leaf below an intermediate, as node:crypto does', async () => {
    const path = await validatePath([leaf, intermediate.certificate], [root.certificate], context)
    expect(path.leaf).toBe(leaf)
    const [one, two, three] = [leaf, intermediate.certificate, root.certificate].map(
      ({ der }) => new X509Certificate(der),
    )
    expect(one && two && one.checkIssued(two) && one.verify(two.publicKey)).toBe(true)
    expect(two && three && two.checkIssued(three) && two.verify(three.publicKey)).toBe(true)
  })

  test('the same in WebCrypto', async () => {
    const path = await validatePath([leaf, intermediate.certificate], [root.certificate], {
      now: NOW,
      crypto: webCrypto,
    })
    expect(path.leaf).toBe(leaf)
  })

  test('one anchor among many', async () => {
    const others = [(await makeRoot()).certificate, (await makeRoot({ commonName: 'Other (demo)' })).certificate]
    await expect(
      validatePath([leaf, intermediate.certificate], [...others, root.certificate], context),
    ).resolves.toMatchObject({ leaf })
  })

  test('an anchor that was renewed under the same key, beside its expired certificate', async () => {
    const expired = await reissue(root.certificate, root.signer, (tbs) => {
      tbs.validity.notAfter.utcTime = new Date((NOW - 1) * 1000)
    })
    await expect(
      validatePath([leaf, intermediate.certificate], [expired, root.certificate], context),
    ).resolves.toMatchObject({ leaf })
  })

  test('a chain of four, but none of five', async () => {
    const chainOf = async (length: number) => {
      let ca = await makeRoot({ pathLength: 9 })
      const anchor = ca.certificate
      const authorities: Certificate[] = []
      for (let at = 1; at < length; at++) {
        ca = await makeUnboundedCa(ca, `Authority ${at} (demo)`)
        authorities.unshift(ca.certificate)
      }
      return validatePath([await makeLeaf(ca), ...authorities], [anchor], context)
    }
    await expect(chainOf(4)).resolves.toBeDefined()
    await expect(chainOf(5)).rejects.toMatchObject({ code: 'invalid_certificate' })
  })

  test('a certificate that does not name the key of its issuer [RFC 5280 §4.2.1.1]', async () => {
    const unnamed = await reissue(leaf, intermediate.signer, (tbs) =>
      setExtension(tbs, id_ce_authorityKeyIdentifier, undefined),
    )
    const path = await validatePath([unnamed, intermediate.certificate], [root.certificate], context)
    expect(path.leaf).toBe(unnamed)
  })

  test('an authority whose own key has no name [RFC 5280 §4.2.1.2]', async () => {
    const unnamed = await reissue(root.certificate, root.signer, (tbs) =>
      setExtension(tbs, id_ce_subjectKeyIdentifier, undefined, false),
    )
    await expect(validatePath([leaf, intermediate.certificate], [unnamed], context)).resolves.toMatchObject({ leaf })
  })

  test('the first and the last second of a certificate', async () => {
    const brief = await makeLeaf(root, { notBefore: NOW, notAfter: NOW })
    await expect(validatePath([brief], [root.certificate], context)).resolves.toMatchObject({ leaf: brief })
  })
})

describe('refuses, as untrusted_certificate', () => {
  const untrusted = { code: 'untrusted_certificate' }

  test('every chain when there is no anchor', async () => {
    await expect(validatePath([leaf, intermediate.certificate], [], context)).rejects.toMatchObject(untrusted)
  })

  test('a chain of another authority of the same name', async () => {
    const impostor = await makeRoot()
    await expect(validatePath([leaf, intermediate.certificate], [impostor.certificate], context)).rejects.toMatchObject(
      untrusted,
    )
  })

  test('a chain of another authority of the same name and key identifier', async () => {
    const impostor = generateNodeSigner()
    const forged = await reissue(leaf, impostor, () => {})
    await expect(validatePath([forged], [intermediate.certificate], context)).rejects.toMatchObject(untrusted)
  })

  test('a chain that lacks its intermediate', async () => {
    await expect(validatePath([leaf], [root.certificate], context)).rejects.toMatchObject(untrusted)
  })

  test('an anchor with another key identifier than the chain names [RFC 5280 §4.2.1.1]', async () => {
    const wrong = await reissue(intermediate.certificate, root.signer, (tbs) =>
      setExtension(tbs, id_ce_authorityKeyIdentifier, otherKeyId(), false),
    )
    await expect(validatePath([leaf, wrong], [root.certificate], context)).rejects.toMatchObject(untrusted)
  })
})

describe('refuses, as expired_certificate [RFC 5280 §6.1.3 (a)(2)]', () => {
  const expired = { code: 'expired_certificate' }

  test.each([
    ['a leaf of yesterday', { notAfter: NOW - 1 }],
    ['a leaf of tomorrow', { notBefore: NOW + 1 }],
  ])('%s', async (_name, change) => {
    const outside = await makeLeaf(root, change)
    await expect(validatePath([outside], [root.certificate], context)).rejects.toMatchObject(expired)
  })

  test('an intermediate that has expired', async () => {
    const later = { now: NOW + 366 * DAY, crypto: nodeCrypto }
    const young = await makeLeaf(intermediate, { notAfter: NOW + 1000 * DAY })
    await expect(validatePath([young, intermediate.certificate], [root.certificate], later)).rejects.toMatchObject(
      expired,
    )
  })

  test('an anchor that has expired', async () => {
    const brief = await makeRoot({ validDays: 1 })
    const outliving = await makeLeaf(brief, { notAfter: NOW + 10 * DAY })
    const later = { now: NOW + 2 * DAY, crypto: nodeCrypto }
    await expect(validatePath([outliving], [brief.certificate], later)).rejects.toMatchObject(expired)
  })
})

describe('refuses, as invalid_certificate', () => {
  const invalid = { code: 'invalid_certificate' }

  test('an empty chain', async () => {
    await expect(validatePath([], [root.certificate], context)).rejects.toMatchObject(invalid)
  })

  test('a chain of five', async () => {
    const chain = [leaf, ...Array.from({ length: 4 }, () => intermediate.certificate)]
    await expect(validatePath(chain, [root.certificate], context)).rejects.toMatchObject(invalid)
  })

  test('the trust anchor within the chain [HAIP 1.0 §5]', async () => {
    const chain = [leaf, intermediate.certificate, root.certificate]
    await expect(validatePath(chain, [root.certificate], context)).rejects.toMatchObject(invalid)
  })

  test('a leaf that is the trust anchor itself [HAIP 1.0 §5]', async () => {
    await expect(validatePath([leaf], [leaf], context)).rejects.toMatchObject(invalid)
  })

  test('an anchor that is not self-signed, within the chain', async () => {
    await expect(
      validatePath([leaf, intermediate.certificate], [intermediate.certificate], context),
    ).rejects.toMatchObject(invalid)
  })

  test('a self-signed leaf, also when it is given as an anchor elsewhere [HAIP 1.0 §6.1.1]', async () => {
    const alone = await makeSelfSignedCertificate({
      subject: LEAF_SUBJECT,
      signer: generateNodeSigner(),
      crypto: nodeCrypto,
      notBefore: NOW,
      notAfter: NOW + DAY,
    })
    await expect(validatePath([alone], [root.certificate], context)).rejects.toMatchObject(invalid)
    await expect(validatePath([alone], [parseCertificate(alone.der)], context)).rejects.toMatchObject(invalid)
  })

  test('a chain in the wrong order', async () => {
    await expect(validatePath([intermediate.certificate, leaf], [root.certificate], context)).rejects.toMatchObject({
      code: 'untrusted_certificate',
    })
  })

  test.each<[string, (tbs: TBSCertificate) => void]>([
    [
      'is a certificate authority [RFC 5280 §4.2.1.9]',
      (tbs) => setExtension(tbs, id_ce_basicConstraints, new BasicConstraints({ cA: true })),
    ],
    [
      'may sign certificates [RFC 5280 §4.2.1.9]',
      (tbs) =>
        setExtension(tbs, id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyCertSign)),
    ],
    [
      'may only agree on keys [RFC 5280 §4.2.1.3]',
      (tbs) => setExtension(tbs, id_ce_keyUsage, new KeyUsage(KeyUsageFlags.keyAgreement)),
    ],
    ['does not say what its key is for', (tbs) => setExtension(tbs, id_ce_keyUsage, undefined)],
    [
      'has a key that is not on the curve',
      (tbs) => new Uint8Array(tbs.subjectPublicKeyInfo.subjectPublicKey).fill(1, 1),
    ],
    [
      'names another key identifier than its issuer has [RFC 5280 §4.2.1.1]',
      (tbs) => setExtension(tbs, id_ce_authorityKeyIdentifier, otherKeyId(), false),
    ],
    ['names another issuer', (tbs) => (tbs.issuer = AsnConvert.parse(makeName({ commonName: 'Another root' }), Name))],
    ['names its issuer in other letters [RFC 5280 §6.1.3 (a)(4)]', (tbs) => (tbs.issuer = inCapitals(tbs.issuer))],
  ])('a leaf that %s', async (_name, change) => {
    const changed = await reissue(leaf, intermediate.signer, change)
    await expect(validatePath([changed, intermediate.certificate], [root.certificate], context)).rejects.toMatchObject(
      invalid,
    )
  })

  test('a leaf that the next certificate did not sign', async () => {
    const forged = await reissue(leaf, generateNodeSigner(), () => {})
    expect(new X509Certificate(forged.der).verify(new X509Certificate(intermediate.certificate.der).publicKey)).toBe(
      false,
    )
    await expect(validatePath([forged, intermediate.certificate], [root.certificate], context)).rejects.toMatchObject(
      invalid,
    )
  })

  test.each<[string, (tbs: TBSCertificate) => void]>([
    ['is no authority [RFC 5280 §6.1.4 (k)]', (tbs) => setExtension(tbs, id_ce_basicConstraints, undefined)],
    [
      'says that it is no authority [RFC 5280 §6.1.4 (k)]',
      (tbs) => setExtension(tbs, id_ce_basicConstraints, new BasicConstraints({ cA: false })),
    ],
    [
      'may not sign certificates [RFC 5280 §6.1.4 (n)]',
      (tbs) => setExtension(tbs, id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature)),
    ],
    ['does not say what its key is for', (tbs) => setExtension(tbs, id_ce_keyUsage, undefined)],
    [
      'may not name this leaf [RFC 5280 §6.1.3 (b)]',
      (tbs) => tbs.extensions?.push(onlyFor({ uriHosts: ['other.example'] })),
    ],
    [
      'has another key identifier than the leaf names [RFC 5280 §4.2.1.2]',
      (tbs) => setExtension(tbs, id_ce_subjectKeyIdentifier, otherKeyId().keyIdentifier, false),
    ],
    ['has another name than the leaf says', (tbs) => (tbs.subject = inCapitals(tbs.subject))],
  ])('an intermediate that %s', async (_name, change) => {
    const changed = await reissue(intermediate.certificate, root.signer, change)
    await expect(validatePath([leaf, changed], [root.certificate], context)).rejects.toMatchObject(invalid)
  })

  test('a leaf that was issued by a leaf', async () => {
    const signer = generateNodeSigner()
    const first = await makeLeaf(root, { publicJwk: signer.publicJwk })
    const second = await makeLeaf(
      { certificate: first, signer },
      { subject: { commonName: 'Another party', countryName: 'NL' } },
    )
    await expect(validatePath([second, first], [root.certificate], context)).rejects.toMatchObject(invalid)
  })

  test('an intermediate that was issued to the name of its issuer', async () => {
    const rollover = generateNodeSigner()
    const selfIssued = await reissue(intermediate.certificate, root.signer, (tbs) => (tbs.subject = tbs.issuer))
    await expect(
      validatePath(
        [await makeLeaf({ certificate: selfIssued, signer: rollover }), selfIssued],
        [root.certificate],
        context,
      ),
    ).rejects.toMatchObject(invalid)
  })

  test('an authority without a name [RFC 5280 §4.1.2.6]', async () => {
    const nameless = await reissue(intermediate.certificate, root.signer, (tbs) => (tbs.subject = new Name()))
    const below = await makeLeaf({ certificate: nameless, signer: intermediate.signer })
    await expect(validatePath([below, nameless], [root.certificate], context)).rejects.toMatchObject(invalid)
  })

  test('more authorities below the anchor than it allows [RFC 5280 §6.1.4 (l)]', async () => {
    const narrow = await makeRoot({ pathLength: 0 })
    const below = await makeIntermediate(narrow)
    await expect(
      validatePath([await makeLeaf(below), below.certificate], [narrow.certificate], context),
    ).rejects.toMatchObject(invalid)
  })

  test('more authorities below an intermediate than it allows [RFC 5280 §6.1.4 (l)]', async () => {
    const wide = await makeRoot({ pathLength: 2 })
    const first = await makeIntermediate(wide)
    const below = await makeIntermediate(first)
    const renamed = await reissue(below.certificate, first.signer, (tbs) => (tbs.subject = inCapitals(tbs.subject)))
    const second = { certificate: renamed, signer: below.signer }
    await expect(
      validatePath([await makeLeaf(second), second.certificate, first.certificate], [wide.certificate], context),
    ).rejects.toMatchObject(invalid)
  })

  test.each<[string, (tbs: TBSCertificate) => void]>([
    ['is no authority', (tbs) => setExtension(tbs, id_ce_basicConstraints, undefined)],
    [
      'may not sign certificates',
      (tbs) => setExtension(tbs, id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature)),
    ],
    [
      'may not name an intermediate below it [RFC 5280 §6.1.3 (b)]',
      (tbs) => tbs.extensions?.push(onlyFor({ subjects: [LEAF_SUBJECT] })),
    ],
  ])('an anchor that %s', async (_name, change) => {
    const changed = await reissue(root.certificate, root.signer, change)
    await expect(validatePath([leaf, intermediate.certificate], [changed], context)).rejects.toMatchObject(invalid)
  })
})

/** An authority that may have any number of others below it. */
async function makeUnboundedCa(ca: CertificateAuthority, commonName: string): Promise<CertificateAuthority> {
  const validity = { notBefore: NOW - DAY, notAfter: NOW + DAY }
  const subject = { commonName, countryName: 'NL' }
  const signer = generateNodeSigner()
  const made = await makeIntermediateCa({ ca, subject, signer, ...validity, crypto: nodeCrypto })
  const certificate = await reissue(made.certificate, ca.signer, (tbs) =>
    setExtension(tbs, id_ce_basicConstraints, new BasicConstraints({ cA: true })),
  )
  return { certificate, signer }
}

function onlyFor(permitted: SubtreesInput): Extension {
  return AsnConvert.parse(makeNameConstraints({ permitted }), Extension)
}

function otherKeyId(): AuthorityKeyIdentifier {
  return new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(new Uint8Array(20).fill(7)) })
}

/** The same name for RFC 5280 §7.1, in other octets. */
function inCapitals(name: Name): Name {
  for (const { value } of [...name].flatMap((relativeName) => [...relativeName])) {
    if (value.utf8String !== undefined) value.utf8String = value.utf8String.toUpperCase()
  }
  return name
}
