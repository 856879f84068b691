import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { makeJwt } from '@wegwijzer/protocol/jose'
import { isJsonObject, type JsonObject } from '@wegwijzer/protocol/json'
import type fc from 'fast-check'
import { nearly, nearlyOctets, nearlyText } from '../mutations.testing.ts'

/** One way in for what a stranger wrote. */
export interface ParserTarget {
  /** The exported functions that it runs through; the first gives it its name. */
  readonly parsers: readonly [string, ...string[]]
  readonly inputs: fc.Arbitrary<unknown>
  /** May throw what says that the input is wrong; see `isRefusal`. */
  readonly parse: (input: never) => unknown
}

type Names = ParserTarget['parsers']

/** 2026-10-01T10:00:00Z */
export const NOW = 1_790_848_800
export const signer = generateNodeSigner()
export const key = await nodeCrypto.importVerificationKey(signer.publicJwk)

export function textTarget(
  parsers: Names,
  parse: (text: string) => unknown,
  ...samples: readonly [string, ...string[]]
): ParserTarget {
  return { parsers, inputs: nearlyText(...samples), parse }
}

export function valueTarget(
  parsers: Names,
  parse: (value: unknown) => unknown,
  ...samples: readonly [unknown, ...unknown[]]
): ParserTarget {
  return { parsers, inputs: nearly(...samples), parse }
}

export function octetsTarget(
  parsers: Names,
  parse: (octets: Uint8Array) => unknown,
  ...samples: readonly [Uint8Array, ...Uint8Array[]]
): ParserTarget {
  return { parsers, inputs: nearlyOctets(...samples), parse }
}

/** A JWT whose signature is always right, so that what is behind the signature is reached. */
export function jwtTarget(
  parsers: Names,
  parse: (jwt: string) => unknown,
  header: JsonObject,
  claims: JsonObject,
): ParserTarget {
  return {
    parsers,
    inputs: nearly([header, claims]),
    parse: async (changed: unknown) => {
      const [changedHeader, changedClaims]: readonly unknown[] = Array.isArray(changed) ? changed : []
      if (!isJsonObject(changedHeader) || !isJsonObject(changedClaims)) return undefined
      return parse(await makeJwt(changedHeader, changedClaims, signer))
    },
  }
}
