import { deflateSync } from 'node:zlib'
import { nodeCrypto } from '@wegwijzer/keys/node'
import {
  decodePem,
  encodePem,
  makeSelfSignedCertificate,
  makeX5c,
  parseCertificate,
  parseX5c,
  validatePath,
} from '@wegwijzer/keys/x509'
import { encodeBase64url, encodeUtf8, makeJwt, parseJws, readClaims } from '@wegwijzer/protocol/jose'
import { parseStatusReference, readStatus, readStatusX5c, verifyStatusListToken } from '@wegwijzer/protocol/status-list'
import { readCookie } from '@wegwijzer/server'
import { openBackup } from '@wegwijzer/storage/records'
import { parsePolicy } from '@wegwijzer/trust/policy'
import { addAnchor, makeEmptyTrustList, makeTrustList, verifyTrustList } from '@wegwijzer/trust/trust-list'
import { readProjectFile } from '../../support/project-files.ts'
import {
  jwtTarget,
  key,
  NOW,
  octetsTarget,
  type ParserTarget,
  signer,
  textTarget,
  valueTarget,
} from './parser-target.testing.ts'

const certificate = await makeSelfSignedCertificate({
  subject: { commonName: 'Trust list', organizationName: 'a', organizationIdentifier: 'NTRNL-1', countryName: 'NL' },
  notBefore: NOW - 60,
  notAfter: NOW + 86_400,
  signer,
  crypto: nodeCrypto,
})
const x5c = makeX5c([certificate])
const pem = encodePem('CERTIFICATE', certificate.der)
const trustList = await makeTrustList(
  addAnchor(makeEmptyTrustList([{ lang: 'nl', value: 'Lijst' }]), 'status_list', certificate.der),
  { issuedAt: NOW, nextUpdate: NOW + 86_400, signer, x5c },
)
const LIST_URI = 'https://school.example/list'
const BACKUP_HEADER = {
  format: 'wegwijzer-backup',
  version: 1,
  // Never a key that would be derived: what takes half a second by design is not what is looked for.
  key: { kdf: 'argon2id', memoryKib: 1, iterations: 1, parallelism: 1, salt: 'aa', wrapped: 'bb' },
}

/** Certificates, status, trust, policies, cookies and backups. */
export const trustTargets: readonly ParserTarget[] = [
  octetsTarget(['parseCertificate'], parseCertificate, certificate.der),
  textTarget(['decodePem'], (text) => decodePem('CERTIFICATE', text), pem, pem + pem),
  valueTarget(
    ['parseX5c', 'validatePath'],
    async (value) => validatePath(parseX5c(value), [certificate], { now: NOW, crypto: nodeCrypto }),
    x5c,
    [...x5c, ...x5c],
  ),
  valueTarget(['parseStatusReference'], parseStatusReference, { status_list: { idx: 1, uri: LIST_URI } }),
  textTarget(['readStatusX5c'], readStatusX5c, 'eyJhbGciOiJFUzI1NiIsInR5cCI6InN0YXR1c2xpc3Qrand0In0.e30.AAAA'),
  jwtTarget(
    ['verifyStatusListToken', 'decompressStatusBitmap', 'readStatus', 'readStatusValue'],
    async (jwt) => readStatus(await verifyStatusListToken(jwt, { uri: LIST_URI, key, now: NOW }), 1),
    { typ: 'statuslist+jwt', x5c },
    {
      sub: LIST_URI,
      iat: NOW,
      exp: NOW + 60,
      ttl: 5,
      status_list: { bits: 2, lst: encodeBase64url(deflateSync(Buffer.alloc(64))) },
    },
  ),
  octetsTarget(
    ['decompressStatusBitmap'],
    async (octets) => {
      const claims = { sub: LIST_URI, iat: NOW, status_list: { bits: 8, lst: encodeBase64url(octets) } }
      return verifyStatusListToken(await makeJwt({ typ: 'statuslist+jwt' }, claims, signer), {
        uri: LIST_URI,
        key,
        now: NOW,
      })
    },
    deflateSync(Buffer.alloc(4096)),
    deflateSync(Buffer.alloc(32 * 2 ** 20)),
  ),
  jwtTarget(
    ['verifyTrustList'],
    (jwt) => verifyTrustList(jwt, { anchor: certificate.der, now: NOW, crypto: nodeCrypto }),
    { typ: 'trust-list+jwt', x5c },
    readClaims(parseJws(trustList)),
  ),
  valueTarget(['parsePolicy'], parsePolicy, JSON.parse(readProjectFile('verifier/policies/uwv/uwv-inschrijving.json'))),
  textTarget(['readCookie'], (text) => readCookie(text, { name: 'a', isSecure: true }), '__Host-a=AAAA; b=c', 'a=b'),
  octetsTarget(
    ['openBackup'],
    (octets) => openBackup(octets, 'een lange zin die niemand raadt'),
    encodeUtf8(`${JSON.stringify(BACKUP_HEADER)}\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`),
  ),
]
