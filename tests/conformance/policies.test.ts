import { parseDcqlQuery } from '@wegwijzer/protocol/dcql'
import { expect, test } from 'vitest'
import { projectFiles, readProjectFile } from '../support/project-files.ts'

/** What our Verifier may ask under the policies that come with it. */
const queries = projectFiles(/^verifier\/policies\/.*\.json$/).map((file) => {
  const { dcql } = JSON.parse(readProjectFile(file)) as { dcql: unknown }
  return [file, parseDcqlQuery(dcql)] as const
})

test.each(queries)('%s points at no claim more than once in a query [OpenID4VP 1.0 §6.1]', (_file, { credentials }) => {
  for (const { claims = [] } of credentials) {
    const paths = claims.map(({ path }) => JSON.stringify(path))
    expect(new Set(paths).size).toBe(paths.length)
  }
})

test('there are policies to look at', () => {
  expect(queries.length).toBeGreaterThanOrEqual(5)
})
