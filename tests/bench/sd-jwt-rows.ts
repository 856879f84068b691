import { createPrivateKey, createPublicKey } from 'node:crypto'
import { generateNodeKey, nodeCrypto } from '@wegwijzer/keys/node'
import type { VerificationKey } from '@wegwijzer/protocol/crypto'
import {
  makeKeyBindingJwt,
  type ProcessedSdJwt,
  parseIssuedSdJwt,
  parseSdJwt,
  processSdJwt,
  selectDisclosures,
  verifyKeyBinding,
} from '@wegwijzer/protocol/sd-jwt'
import { type VerifiedSdJwtVc, verifySdJwtVc } from '@wegwijzer/protocol/sd-jwt-vc'
import * as floor from './floor.ts'
import { cpuOf, measureInTurns, shareOf } from './sampling.ts'
import { issueCredential, makeCertifiedKey, makeCredentialParts, NOW } from './signed-credential.ts'
import { formatMicroseconds, makeShareRow, type Row } from './table.ts'

const BINDING = { aud: 'x509_hash:bench', nonce: 'nonce-0123456789abcdef', iat: NOW }
const STATUS = { status_list: { idx: 77, uri: 'https://issuer.example/bench/status-lists/1' } }

/** The whole verification of a presentation, but for whom to trust. */
export async function verifyPresentation(presentation: string, issuerKey: VerificationKey): Promise<VerifiedSdJwtVc> {
  const sdJwt = parseSdJwt(presentation)
  const verified = await verifySdJwtVc(sdJwt, issuerKey, { now: NOW, crypto: nodeCrypto })
  if (verified.holderKey === undefined) throw new Error('the credential has no holder key')
  const holderKey = await nodeCrypto.importVerificationKey(verified.holderKey)
  const { aud: audience, nonce } = BINDING
  await verifyKeyBinding(sdJwt, holderKey, { audience, nonce, now: NOW, maxAgeSeconds: 300, crypto: nodeCrypto })
  return verified
}

/** A presentation of all twenty claims, and the key to verify it with. */
export async function makePresentation(issuer: Awaited<ReturnType<typeof makeCertifiedKey>>, status = STATUS) {
  const holder = generateNodeKey()
  const parts = makeCredentialParts(issuer.x5c, holder.signer.publicJwk, status)
  const credential = await issueCredential(parts, issuer.signer)
  const paths = Object.keys(parts.hidden).map((name) => [name])
  const bind = (held: ProcessedSdJwt) =>
    makeKeyBindingJwt({
      presentation: selectDisclosures(held, paths),
      hashAlgorithm: held.sdJwt.hashAlgorithm,
      audience: BINDING.aud,
      nonce: BINDING.nonce,
      issuedAt: NOW,
      signer: holder.signer,
      crypto: nodeCrypto,
    })
  const held = await processSdJwt(parseIssuedSdJwt(credential), nodeCrypto)
  const issuerKey = await nodeCrypto.importVerificationKey(issuer.signer.publicJwk)
  return { parts, holder, credential, bind, held, presentation: await bind(held), issuerKey }
}

/** An SD-JWT VC of twenty claims, all disclosed: issued, presented, verified; each beside its floor. */
export async function measureSdJwt(rounds: number): Promise<readonly Row[]> {
  const issuer = await makeCertifiedKey('NTRNL-90009992')
  const made = await makePresentation(issuer)
  const { parts, credential, presentation, issuerKey } = made
  const names = new Set(Object.keys(parts.hidden))
  const floorIssuer = floor.generateKey().privateKey
  const floorHolder = createPrivateKey({ key: Buffer.from(made.holder.pkcs8), format: 'der', type: 'pkcs8' })
  const floorIssuerKey = createPublicKey({ key: { ...issuer.signer.publicJwk }, format: 'jwk' })
  // Both make and read the same octets: what the floor makes, the real code accepts.
  await verifyPresentation(floor.present(credential, names, floorHolder, BINDING), issuerKey)
  floor.verifyPresentation(presentation, floorIssuerKey)

  const subject = (name: string, run: () => unknown) => ({
    name,
    times: 150,
    run: async (times: number) => {
      for (let time = 0; time < times; time++) await run()
    },
  })
  const samples = await measureInTurns(
    [
      subject('floor issue', () => floor.issue(parts, floorIssuer)),
      subject('issue', () => issueCredential(parts, issuer.signer)),
      subject('floor present', () => floor.present(credential, names, floorHolder, BINDING)),
      subject('present', async () => made.bind(await processSdJwt(parseIssuedSdJwt(credential), nodeCrypto))),
      subject('present parsed', () => made.bind(made.held)),
      subject('floor verify', () => floor.verifyPresentation(presentation, floorIssuerKey)),
      subject('verify', () => verifyPresentation(presentation, issuerKey)),
    ],
    rounds,
  )
  const row = (what: string, target: number | undefined, least: string, actual: string) =>
    makeShareRow(
      `SD-JWT VC, 20 claims: ${what}, of floor`,
      target,
      shareOf(samples, least, actual),
      `${formatMicroseconds(cpuOf(samples, actual))}; floor ${formatMicroseconds(cpuOf(samples, least))}`,
    )
  return [
    row('issue', 0.6, 'floor issue', 'issue'),
    row('present, from the stored text', 0.6, 'floor present', 'present'),
    row('present, already parsed', undefined, 'floor present', 'present parsed'),
    row('verify with key binding', 0.75, 'floor verify', 'verify'),
  ]
}
