import { readFile } from 'node:fs/promises'
import { CREDENTIAL_TYPES } from '@wegwijzer/schemas'
import type { Door } from '@wegwijzer/server'
import { Problem } from '@wegwijzer/server/problem'
import { TRUST_LIST_MEDIA_TYPE } from '@wegwijzer/trust/trust-list'
import { Type } from 'typebox'

/** Path of the type metadata of one version of a type, below the wallet host's public address. */
export function typeMetadataPath({ name, version }: { readonly name: string; readonly version: string }): string {
  return `/types/${name}/${version}`
}

/** A version never changes, so a copy may be kept for as long as anyone likes. */
const IMMUTABLE = 'public, max-age=31536000, immutable'
const TRUST_LIST_MAX_AGE_SECONDS = 5

/**
 * Serves what everyone needs to know whom to believe: the trust list, exactly as its keeper signed it, and the type
 * metadata, byte for byte as `vct#integrity` has it.
 */
export function addTrustRoutes(door: Door, trustListFile: string): void {
  door.get('/trust-list.jwt', { config: { errors: 'problem', cors: 'wallet' } }, async (_request, reply) => {
    const list = await readFile(trustListFile, 'utf8').catch((cause: unknown) => {
      throw new Problem(503, 'There is no trust list: its keeper has not signed one yet.', {
        headers: { 'retry-after': '5' },
        cause,
      })
    })
    reply.header('cache-control', `public, max-age=${TRUST_LIST_MAX_AGE_SECONDS}`).type(TRUST_LIST_MEDIA_TYPE)
    return list
  })

  const documents = new Map(CREDENTIAL_TYPES.map((type) => [typeMetadataPath(type), type.typeMetadataBytes]))
  door.get(
    '/types/:name/:version',
    {
      config: { errors: 'problem', cors: 'wallet' },
      schema: { params: Type.Object({ name: Type.String({ maxLength: 64 }), version: Type.String({ maxLength: 8 }) }) },
    },
    async (request, reply) => {
      const document = documents.get(typeMetadataPath(request.params))
      if (document === undefined) {
        throw new Problem(404, 'There is no such credential type or version.')
      }
      reply.header('cache-control', IMMUTABLE).type('application/json')
      return Buffer.from(document)
    },
  )
}
