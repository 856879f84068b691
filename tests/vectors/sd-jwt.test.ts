import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import type { PublicJwk } from '@wegwijzer/protocol/crypto'
import { parseJws, parsePublicJwk } from '@wegwijzer/protocol/jose'
import type { JsonObject } from '@wegwijzer/protocol/json'
import {
  claimPathKey,
  listClaims,
  makeSdJwt,
  NEVER_DISCLOSABLE_CLAIMS,
  type ProcessedSdJwt,
  parseIssuedSdJwt,
  parseSdJwt,
  readConfirmationKey,
  selectDisclosures,
  verifyKeyBinding,
  verifySdJwt,
} from '@wegwijzer/protocol/sd-jwt'
import { describe, expect, test } from 'vitest'
import {
  describeWithReferenceData,
  hasReferenceData,
  readReferenceJson,
  readReferenceText,
  referencePath,
} from '../support/reference-data.ts'

const ROOT = 'vectors/sd-jwt-python'

/** The examples of RFC 9901 and of SD-JWT VC, and the test cases of the reference implementation, by folder. */
const COMPACT: Readonly<Record<string, readonly string[]>> = {
  rfc9901: [
    'address_only_flat',
    'address_only_recursive',
    'address_only_structured',
    'address_only_structured_one_open',
    'arf-pid',
    'complex_eidas',
    'complex_eidas_proposal',
    'complex_ekyc',
    'jsonld',
    'simple',
    'simple_structured',
    'w3c-vc',
    'w3c-vc_for_slide_deck',
  ],
  'sd-jwt-vc': ['01', '02', '03-pid'],
  testcases: [
    'array_data_types',
    'array_full_sd',
    'array_in_sd',
    'array_nested_in_plain',
    'array_none_disclosed',
    'array_of_nulls',
    'array_of_objects',
    'array_of_scalars',
    'array_recursive_sd',
    'array_recursive_sd_some_disclosed',
    'header_mod',
    'key_binding',
    'no_sd',
    'object_data_types',
    'recursions',
  ],
}

/** Out of scope: the optional JSON serialization of RFC 9901 §8. */
const JSON_SERIALIZED: Readonly<Record<string, readonly string[]>> = {
  rfc9901: ['json_serialization_flattened'],
  'sd-jwt-vc': [],
  testcases: ['json_serialization_flattened'],
}

/** The middle of the examples' validity, and before the Key Binding JWTs were made. */
const NOW = 1_700_000_000

describe.each(Object.entries(COMPACT))('%s', (suite, names) => {
  describeWithReferenceData.each(names)(`vectors/sd-jwt-python/${suite}/%s`, (name) => {
    const folder = `${ROOT}/${suite}/${name}`
    const settings = hasReferenceData ? readSettings(`${ROOT}/${suite}/settings.yml`) : undefined

    async function verify(compact: string): Promise<ProcessedSdJwt> {
      const parsed = parseSdJwt(compact)
      const issuerKey = await nodeCrypto.importVerificationKey(parsePublicJwk(settings?.issuerKey))
      const typ = String(parsed.issuerJws.header.typ)
      expect(['example+sd-jwt', 'dc+sd-jwt']).toContain(typ)
      return verifySdJwt(parsed, issuerKey, { typ, now: NOW, crypto: nodeCrypto })
    }

    const issued = () => readReferenceText(`${folder}/sd_jwt_issuance.txt`)
    const presented = () => readReferenceText(`${folder}/sd_jwt_presentation.txt`)

    test('what was issued is verified with the issuer key of the settings, and has all user claims', async () => {
      const held = await verify(parseIssuedSdJwt(issued()).compact)
      expect(held.sdJwt.issuerClaims).toEqual(readReferenceJson(`${folder}/sd_jwt_payload.json`))
      expect(held.payload).toMatchObject(readReferenceJson<JsonObject>(`${folder}/user_claims.json`))
    })

    test('what was presented has exactly the verified contents', async () => {
      const received = await verify(presented())
      expect(received.payload).toEqual(readReferenceJson(`${folder}/verified_contents.json`))
    })

    test('the same claims, selected from what was issued, are the same presentation', async () => {
      const received = await verify(presented())
      // Single values: the path of an object would select everything below it.
      const values = listClaims(received).filter(({ value }) => typeof value !== 'object' || value === null)
      const selected = selectDisclosures(
        await verify(issued()),
        values.map(({ path }) => path),
      )
      expect(selected.split('~').sort()).toEqual(received.sdJwt.compact.split('~').sort())
    })

    test('our own issuing makes the same claims selectively disclosable', async () => {
      const theirs = await verify(issued())
      const signer = generateNodeSigner()
      const compact = await makeSdJwt({
        header: theirs.sdJwt.issuerJws.header,
        claims: theirs.payload,
        selectivelyDisclosable: theirs.disclosed.map(({ path }) => path),
        signer,
        crypto: nodeCrypto,
      })
      const ours = await verifySdJwt(parseSdJwt(compact), await nodeCrypto.importVerificationKey(signer.publicJwk), {
        typ: String(theirs.sdJwt.issuerJws.header.typ),
        now: NOW,
        crypto: nodeCrypto,
      })
      expect(ours.payload).toEqual(theirs.payload)
      expect(claimsByPath(ours)).toEqual(claimsByPath(theirs))
    })

    test('its key binding is right for its audience, nonce and time, and for no other', async () => {
      const received = await verify(presented())
      if (received.sdJwt.keyBindingJwt === undefined) {
        expect(readdirSync(referencePath(folder))).not.toContain('kb_jwt_payload.json')
        return
      }
      const key = readConfirmationKey(received.payload)
      expect(key).toEqual(parsePublicJwk(settings?.holderKey))
      const claims = readReferenceJson<{ iat: number }>(`${folder}/kb_jwt_payload.json`)
      const expected = {
        audience: settings?.verifier ?? '',
        nonce: settings?.nonce ?? '',
        now: claims.iat,
        maxAgeSeconds: 60,
        crypto: nodeCrypto,
      }
      const holderKey = await nodeCrypto.importVerificationKey(key)
      expect(await verifyKeyBinding(received.sdJwt, holderKey, expected)).toEqual(claims)
      const issuerKey = await nodeCrypto.importVerificationKey(parsePublicJwk(settings?.issuerKey))
      await expect(verifyKeyBinding(received.sdJwt, issuerKey, expected)).rejects.toMatchObject({
        code: 'invalid_key_binding',
      })
      for (const other of [{ nonce: '' }, { audience: 'other' }, { now: claims.iat + 61 }, { now: claims.iat - 61 }]) {
        await expect(verifyKeyBinding(received.sdJwt, holderKey, { ...expected, ...other })).rejects.toMatchObject({
          code: 'key_binding_mismatch',
        })
      }
    })

    test('its printed parts are those of the whole', () => {
      expect(issued().startsWith(`${readReferenceText(`${folder}/sd_jwt_jws_part.txt`)}~`)).toBe(true)
      const names = readdirSync(referencePath(folder))
      const { keyBindingJwt, issuerClaims, disclosures } = parseSdJwt(presented())
      expect(names.includes('kb_jwt_serialized.txt')).toBe(keyBindingJwt !== undefined)
      if (keyBindingJwt !== undefined) {
        expect(keyBindingJwt).toBe(readReferenceText(`${folder}/kb_jwt_serialized.txt`))
        expect(parseJws(keyBindingJwt).header).toEqual(readReferenceJson(`${folder}/kb_jwt_header.json`))
      }
      if (!names.includes('decoy_digests.json')) return
      // A decoy looks like any digest, and nothing opens it.
      const decoys = readReferenceJson<string[]>(`${folder}/decoy_digests.json`)
      for (const decoy of decoys) expect(JSON.stringify(issuerClaims)).toContain(decoy)
      const digests = disclosures.map(({ encoded }) => createHash('sha256').update(encoded).digest('base64url'))
      expect(digests.length).toBeGreaterThan(0)
      for (const digest of digests) {
        expect(JSON.stringify(issuerClaims)).toContain(digest)
        expect(decoys).not.toContain(digest)
      }
    })

    test('neither is verified with another key, nor after its end', async () => {
      const other = await nodeCrypto.importVerificationKey(generateNodeSigner().publicJwk)
      const parsed = parseSdJwt(presented())
      const expected = { typ: String(parsed.issuerJws.header.typ), now: NOW, crypto: nodeCrypto }
      await expect(verifySdJwt(parsed, other, expected)).rejects.toMatchObject({ code: 'invalid_signature' })
      if (parsed.issuerClaims.exp === undefined) return
      const issuerKey = await nodeCrypto.importVerificationKey(parsePublicJwk(settings?.issuerKey))
      await expect(verifySdJwt(parsed, issuerKey, { ...expected, now: 1_883_000_060 })).rejects.toMatchObject({
        code: 'expired',
      })
    })
  })

  describeWithReferenceData(`vectors/sd-jwt-python/${suite}`, () => {
    const jsonSerialized = JSON_SERIALIZED[suite] ?? []

    test.each(jsonSerialized)('%s, in the JSON serialization, is refused', (name) => {
      for (const file of ['sd_jwt_issuance.json', 'sd_jwt_presentation.json']) {
        const text = readReferenceText(`${ROOT}/${suite}/${name}/${file}`)
        expect(() => parseSdJwt(text)).toThrow(expect.objectContaining({ code: 'invalid_sd_jwt' }))
      }
    })

    test.each(jsonSerialized)('%s, put together in the compact serialization, is verified', async (name) => {
      const folder = `${ROOT}/${suite}/${name}`
      const settings = readSettings(`${ROOT}/${suite}/settings.yml`)
      const issuerKey = await nodeCrypto.importVerificationKey(parsePublicJwk(settings.issuerKey))
      const compactOf = (file: string): string => {
        const {
          payload,
          protected: header,
          signature,
          header: { disclosures, kb_jwt: keyBinding = '' },
        } = readSerialized(`${folder}/${file}`)
        return [[header, payload, signature].join('.'), ...disclosures, keyBinding].join('~')
      }
      const at = async (compact: string) => {
        const parsed = parseSdJwt(compact)
        const typ = String(parsed.issuerJws.header.typ)
        return verifySdJwt(parsed, issuerKey, { typ, now: NOW, crypto: nodeCrypto })
      }
      expect(compactOf('sd_jwt_jws_part.json')).toBe(compactOf('sd_jwt_issuance.json'))
      const held = await at(compactOf('sd_jwt_issuance.json'))
      expect(held.sdJwt.issuerClaims).toEqual(readReferenceJson(`${folder}/sd_jwt_payload.json`))
      expect(held.payload).toMatchObject(readReferenceJson<JsonObject>(`${folder}/user_claims.json`))
      const received = await at(compactOf('sd_jwt_presentation.json'))
      expect(received.payload).toEqual(readReferenceJson(`${folder}/verified_contents.json`))
      const { iat, aud, nonce, ...claims } = readReferenceJson<{ iat: number; aud: string; nonce: string }>(
        `${folder}/kb_jwt_payload.json`,
      )
      const holderKey = await nodeCrypto.importVerificationKey(parsePublicJwk(settings.holderKey))
      const expected = { audience: aud, nonce, now: iat, maxAgeSeconds: 60, crypto: nodeCrypto }
      expect(await verifyKeyBinding(received.sdJwt, holderKey, expected)).toEqual({ iat, aud, nonce, ...claims })
      const header = readReferenceJson(`${folder}/kb_jwt_header.json`)
      for (const jwt of [received.sdJwt.keyBindingJwt ?? '', readReferenceText(`${folder}/kb_jwt_serialized.txt`)])
        expect(parseJws(jwt).header).toEqual(header)
    })

    test('no folder is left out', () => {
      const folders = readdirSync(referencePath(`${ROOT}/${suite}`)).filter((entry) => entry !== 'settings.yml')
      expect(folders.sort()).toEqual([...names, ...jsonSerialized].sort())
    })

    test('the claims that are never disclosable here are disclosable in no example', () => {
      for (const name of names) {
        const { disclosures } = parseSdJwt(readReferenceText(`${ROOT}/${suite}/${name}/sd_jwt_issuance.txt`))
        const topLevel = disclosures.flatMap((disclosure) => disclosure.name ?? [])
        expect(topLevel.filter((claim) => NEVER_DISCLOSABLE_CLAIMS.has(claim))).toEqual([])
      }
    })
  })
})

function claimsByPath(held: ProcessedSdJwt): ReadonlyMap<string, unknown> {
  return new Map(listClaims(held).map(({ path, ...claim }) => [claimPathKey(path), claim]))
}

interface FlattenedSdJwt {
  readonly payload: string
  readonly protected: string
  readonly signature: string
  readonly header: { readonly disclosures: readonly string[]; readonly kb_jwt?: string }
}

/** The files hold JSON in a JSON string. */
function readSerialized(path: string): FlattenedSdJwt {
  return JSON.parse(readReferenceJson<string>(path)) as FlattenedSdJwt
}

interface Settings {
  readonly verifier: string
  readonly nonce: string
  readonly issuerKey: PublicJwk
  readonly holderKey: PublicJwk
}

/** The few lines of the settings that verification needs; they are written alike in every suite. */
function readSettings(path: string): Settings {
  const text = readReferenceText(path)
  const [issuer, holder] = text.split('holder_key:')
  return {
    verifier: field(text, 'verifier'),
    nonce: field(text, 'key_binding_nonce'),
    issuerKey: readKey(issuer ?? ''),
    holderKey: readKey(holder ?? ''),
  }
}

function readKey(text: string): PublicJwk {
  return { kty: 'EC', crv: 'P-256', x: field(text, 'x'), y: field(text, 'y') }
}

function field(text: string, name: string): string {
  const value = text.match(new RegExp(`^\\s*${name}: "?([^"\\s]+)"?`, 'm'))?.[1]
  if (value === undefined) throw new Error(`the settings have no ${name}`)
  return value
}
