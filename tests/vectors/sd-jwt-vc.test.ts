import { readdirSync } from 'node:fs'
import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { type ClaimPath, makeSdJwt, parseSdJwt } from '@wegwijzer/protocol/sd-jwt'
import {
  checkTypeConformance,
  parseTypeMetadata,
  selectivelyDisclosablePaths,
  verifySdJwtVc,
} from '@wegwijzer/protocol/sd-jwt-vc'
import { expect, test } from 'vitest'
import {
  describeWithReferenceData,
  readReferenceJson,
  readReferenceText,
  referencePath,
} from '../support/reference-data.ts'

const NOW = 1_700_000_000

describeWithReferenceData('vectors/sd-jwt-python, as SD-JWT VC', () => {
  test.each(['sd-jwt-vc/01', 'sd-jwt-vc/02', 'sd-jwt-vc/03-pid', 'rfc9901/arf-pid'])(
    '%s is refused, for it has no x5c [HAIP 1.0 §6.1.1]',
    async (name) => {
      const key = await nodeCrypto.importVerificationKey(generateNodeSigner().publicJwk)
      for (const file of ['sd_jwt_issuance.txt', 'sd_jwt_presentation.txt']) {
        const parsed = parseSdJwt(readReferenceText(`vectors/sd-jwt-python/${name}/${file}`))
        await expect(verifySdJwtVc(parsed, key, { now: NOW, crypto: nodeCrypto })).rejects.toMatchObject({
          code: 'invalid_sd_jwt',
          message: 'x5c is not a certificate chain',
        })
      }
    },
  )
})

interface TypeFile {
  readonly vct: string
  readonly claims: readonly { readonly path: ClaimPath; readonly sd?: string }[]
}

interface Fixture {
  readonly vct: string
  readonly claims: Readonly<Record<string, string | number | boolean | null>>
}

describeWithReferenceData('credential-types', () => {
  const types = [
    'baanintentie',
    'diploma',
    'inschrijving',
    'leerrekening',
    'scholingsbesluit',
    'vakcertificaat',
    'werkervaring',
    'ww-registratie',
  ]

  test.each(types)('%s is read, every claim with its path and sd', (name) => {
    const path = `credential-types/${name}.json`
    const file = readReferenceJson<TypeFile>(path)
    const metadata = parseTypeMetadata(readReferenceText(path))
    expect(metadata).toEqual(file)
  })

  test('no type is left out', () => {
    expect(readdirSync(referencePath('credential-types')).sort()).toEqual(types.map((name) => `${name}.json`))
  })

  test('the credentials of the fixtures, issued by their types, keep to them', async () => {
    const metadata = types.map((name) => parseTypeMetadata(readReferenceText(`credential-types/${name}.json`)))
    const fixtures = [
      ...readReferenceJson<{ diplomas: Fixture[] }>('fixtures/diplomas.json').diplomas,
      ...readReferenceJson<{ jobs: Fixture[] }>('fixtures/jobs.json').jobs,
      ...readReferenceJson<{ accounts: Fixture[] }>('fixtures/learning_accounts.json').accounts,
    ]
    expect(fixtures.length).toBeGreaterThan(20)
    const signer = generateNodeSigner()
    const key = await nodeCrypto.importVerificationKey(signer.publicJwk)
    for (const { vct, claims: userClaims } of fixtures) {
      const type = metadata.find((candidate) => candidate.vct === vct)
      if (type === undefined) throw new Error('a fixture of an unknown type')
      const claims = { vct, ...userClaims }
      const selectivelyDisclosable = selectivelyDisclosablePaths(type, claims)
      const header = { typ: 'dc+sd-jwt', x5c: ['AAAA'] }
      const compact = await makeSdJwt({ header, claims, selectivelyDisclosable, signer, crypto: nodeCrypto })
      const verified = await verifySdJwtVc(parseSdJwt(compact), key, { now: NOW, crypto: nodeCrypto })
      expect(verified.payload).toEqual(claims)
      expect(checkTypeConformance(type, verified.processed.claims, 'all')).toEqual([])
    }
  })
})
