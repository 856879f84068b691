import { constants, deflateSync, inflateSync } from 'node:zlib'
import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { makeSelfSignedCertificate, makeX5c } from '@wegwijzer/keys/x509'
import { encodeUtf8 } from '@wegwijzer/protocol/jose'
import {
  makeStatusBitmap,
  makeStatusListToken,
  parseStatusReference,
  STATUS_LIST_MEDIA_TYPE,
  setStatusValue,
  verifyStatusListToken,
} from '@wegwijzer/protocol/status-list'
import { createStatusSource } from '@wegwijzer/trust/status'
import { addAnchor, makeEmptyTrustList, makeTrustList, verifyTrustList } from '@wegwijzer/trust/trust-list'
import { cpuOf, measureInTurns, shareOf } from './sampling.ts'
import { makePresentation, verifyPresentation } from './sd-jwt-rows.ts'
import { DAY, makeCertifiedKey, NOW } from './signed-credential.ts'
import { formatMicroseconds, makeLimitRow, makeShareRow, type Row } from './table.ts'

const ENTRIES = 1_000_000
const SET = ENTRIES / 100
const URI = 'https://issuer.example/bench/status-lists/1'
const ORGANISATION = 'NTRNL-90009992'
/** As the issuer compresses its lists (`issuer/src/status/signed-lists.ts`). */
const DEFLATE = { strategy: constants.Z_RLE, memLevel: 9 }

/** A list of a million entries of two bits, one in a hundred of them not valid: made, read, and asked at a verification. */
export async function measureStatusList(rounds: number): Promise<readonly Row[]> {
  const statusKey = await makeCertifiedKey(ORGANISATION)
  const entries = drawEntries()
  const rebuild = () => {
    const bitmap = makeStatusBitmap(2, ENTRIES)
    for (const { index, status } of entries) setStatusValue({ bits: 2, bitmap }, index, status)
    return makeStatusListToken({
      subject: URI,
      bits: 2,
      bitmap,
      deflate: (octets) => deflateSync(octets, DEFLATE),
      issuedAt: NOW,
      expiresAt: NOW + 7 * DAY,
      ttlSeconds: DAY / 2,
      signer: statusKey.signer,
      x5c: statusKey.x5c,
    })
  }
  const token = await rebuild()
  const key = await nodeCrypto.importVerificationKey(statusKey.signer.publicJwk)
  const inflate = (compressed: Uint8Array, maxOutputLength: number) => inflateSync(compressed, { maxOutputLength })

  const status = { status_list: { idx: findValid(entries), uri: URI } }
  const { presentation, issuerKey } = await makePresentation(await makeCertifiedKey(ORGANISATION), status)
  const trustList = await makeTrustListOf(statusKey.anchorDer)
  const body = encodeUtf8(token)
  const source = createStatusSource({
    // The list comes from memory: what is measured begins when it has arrived.
    fetch: async () => ({ status: 200, mediaType: STATUS_LIST_MEDIA_TYPE, headers: new Headers(), body }),
    trustList: () => trustList,
    now: () => NOW,
    crypto: nodeCrypto,
    inflate,
  })
  const verifyWithStatus = async () => {
    const verified = await verifyPresentation(presentation, issuerKey)
    const answer = await source.check(parseStatusReference(verified.status), ORGANISATION)
    if (answer.status !== 'valid') throw new Error(`the status is ${answer.status}`)
  }
  const repeat = (run: () => unknown) => async (times: number) => {
    for (let time = 0; time < times; time++) await run()
  }
  const samples = await measureInTurns(
    [
      { name: 'without', times: 200, run: repeat(() => verifyPresentation(presentation, issuerKey)) },
      { name: 'with', times: 200, run: repeat(verifyWithStatus) },
      { name: 'rebuild', times: 3, run: repeat(rebuild) },
      {
        name: 'decode',
        times: 10,
        run: repeat(() => verifyStatusListToken(token, { uri: URI, key, now: NOW, inflate })),
      },
    ],
    rounds,
  )
  const list = 'a list of 1,000,000 entries (two bits, 1 % set)'
  const time = (name: string) => formatMicroseconds(cpuOf(samples, name))
  return [
    makeShareRow(
      'verify with a cached list of 1,000,000 entries, of without',
      0.98,
      shareOf(samples, 'without', 'with'),
      `${time('with')}; without ${time('without')}`,
    ),
    makeLimitRow(
      `${list}: rebuild and sign`,
      { target: 6, unit: 'ms' },
      cpuOf(samples, 'rebuild') / 1000,
      `${SET} set`,
    ),
    makeLimitRow(`${list}: size`, { target: 30, unit: 'kB' }, token.length / 1000, `${token.length} octets, the token`),
    makeLimitRow(
      `${list}: first decode`,
      { target: 1, unit: 'ms' },
      cpuOf(samples, 'decode') / 1000,
      'signature, inflating and all checks',
    ),
  ]
}

/** Drawn with a fixed seed, so that every run compresses the same list. */
function drawEntries(): readonly { readonly index: number; readonly status: number }[] {
  const chosen = new Map<number, number>()
  for (let seed = 1; chosen.size < SET; ) {
    seed = (seed * 48_271) % 2_147_483_647
    // Nine in ten revoked, the others suspended.
    chosen.set(seed % ENTRIES, seed % 10 === 0 ? 2 : 1)
  }
  return [...chosen].map(([index, status]) => ({ index, status }))
}

function findValid(entries: readonly { readonly index: number }[]): number {
  const taken = new Set(entries.map(({ index }) => index))
  return Array.from({ length: SET + 1 }, (_, index) => index).findLast((index) => !taken.has(index)) ?? 0
}

async function makeTrustListOf(statusAnchor: Uint8Array) {
  const signer = generateNodeSigner()
  const certificate = await makeSelfSignedCertificate({
    subject: { commonName: 'Bench trust list', countryName: 'NL' },
    notBefore: NOW - DAY,
    notAfter: NOW + 300 * DAY,
    signer,
    crypto: nodeCrypto,
  })
  const content = addAnchor(makeEmptyTrustList([{ lang: 'nl', value: 'Bench' }]), 'status_list', statusAnchor)
  const signing = { signer, x5c: makeX5c([certificate]), issuedAt: NOW, nextUpdate: NOW + DAY }
  const compact = await makeTrustList(content, signing)
  return verifyTrustList(compact, { anchor: certificate.der, now: NOW, crypto: nodeCrypto })
}
