import { nodeCrypto } from '@wegwijzer/keys/node'
import { TRUST_ROLES } from '@wegwijzer/keys/x509'
import type { CryptoPort } from '@wegwijzer/protocol/crypto'
import { describe, expect, test } from 'vitest'
import { DAY, makeParties, NOW } from '../parties.testing.ts'
import { createChainValidator, validateForRole } from './role.ts'

const parties = await makeParties()
const list = await parties.readList()
const school = await parties.certify('credential_issuer', { commonName: 'School', organizationIdentifier: 'NTRNL-1' })

describe('a certificate of one role', () => {
  test.each(TRUST_ROLES)('counts for %s only when it is of that role', async (role) => {
    const context = { now: NOW, crypto: nodeCrypto }
    const path = validateForRole(list, role, school.chain, context)
    if (role === 'credential_issuer') {
      expect((await path).leaf.subject.organizationIdentifier).toBe('NTRNL-1')
      expect((await path).key.publicJwk).toEqual(school.signer.publicJwk)
    } else {
      await expect(path).rejects.toMatchObject({ code: 'untrusted_certificate' })
    }
  })
})

describe('a validator with a memory', () => {
  /** Counts the signatures that are verified. */
  function countingCrypto(): { readonly crypto: CryptoPort; readonly verified: () => number } {
    let count = 0
    const crypto: CryptoPort = {
      ...nodeCrypto,
      async importVerificationKey(jwk) {
        const key = await nodeCrypto.importVerificationKey(jwk)
        return {
          ...key,
          verify(data, signature) {
            count++
            return key.verify(data, signature)
          },
        }
      },
    }
    return { crypto, verified: () => count }
  }

  test('validates a chain once, and again for another role and another list', async () => {
    const { crypto, verified } = countingCrypto()
    const validate = createChainValidator(crypto)
    await validate(list, 'credential_issuer', school.chain, NOW)
    await validate(list, 'credential_issuer', school.chain, NOW + 1)
    expect(verified()).toBe(1)
    await expect(validate(list, 'status_list', school.chain, NOW)).rejects.toMatchObject({
      code: 'untrusted_certificate',
    })
    await validate(await parties.readList(), 'credential_issuer', school.chain, NOW)
    expect(verified()).toBe(2)
  })

  test('forgets a chain whose anchor left the list', async () => {
    const validate = createChainValidator(nodeCrypto)
    await validate(list, 'credential_issuer', school.chain, NOW)
    const { credential_issuer: _removed, ...trustAnchors } = parties.content.trustAnchors
    const later = await parties.readList({ trustAnchors })
    await expect(validate(later, 'credential_issuer', school.chain, NOW)).rejects.toMatchObject({
      code: 'untrusted_certificate',
    })
  })

  test('forgets a chain when its leaf ends', async () => {
    const validate = createChainValidator(nodeCrypto)
    const brief = await parties.certify('credential_issuer', { commonName: 'Brief' }, { notAfter: NOW + 10 })
    await validate(list, 'credential_issuer', brief.chain, NOW)
    await validate(list, 'credential_issuer', brief.chain, NOW + 10)
    await expect(validate(list, 'credential_issuer', brief.chain, NOW + 11)).rejects.toMatchObject({
      code: 'expired_certificate',
    })
    await expect(validate(list, 'credential_issuer', brief.chain, NOW - 2 * DAY)).rejects.toMatchObject({
      code: 'expired_certificate',
    })
  })

  test('does not take a chain with another leaf for the one it knows', async () => {
    const validate = createChainValidator(nodeCrypto)
    await validate(list, 'credential_issuer', school.chain, NOW)
    const other = await parties.certify('access_certificate', { commonName: 'School' })
    await expect(validate(list, 'credential_issuer', other.chain, NOW)).rejects.toMatchObject({
      code: 'untrusted_certificate',
    })
  })
})
