import { readReferenceJson } from './reference-data.ts'

type Claims = Readonly<Record<string, unknown>>

interface FixtureCredential {
  readonly id: string
  readonly person: string
  readonly claims: Claims
}

interface FixtureRequest {
  readonly id: string
  readonly expected_disclosure: Readonly<Record<string, Claims>>
  readonly must_not_see: readonly string[]
}

/** The claims of one credential of the fixtures, by its id: `D01`, `J02`. */
export function fixtureClaims(id: string): Claims {
  const { diplomas } = readReferenceJson<{ readonly diplomas: readonly FixtureCredential[] }>('fixtures/diplomas.json')
  const { jobs } = readReferenceJson<{ readonly jobs: readonly FixtureCredential[] }>('fixtures/jobs.json')
  const found = [...diplomas, ...jobs].find((credential) => credential.id === id)
  if (found === undefined) throw new Error(`the fixtures have no credential ${id}`)
  return found.claims
}

/** One request of a scenario, by its id: `S1b`. */
export function fixtureRequest(id: string): FixtureRequest {
  const { scenarios } = readReferenceJson<{
    readonly scenarios: readonly { readonly requests: readonly FixtureRequest[] }[]
  }>('fixtures/verification_scenarios.json')
  const found = scenarios.flatMap(({ requests }) => requests).find((request) => request.id === id)
  if (found === undefined) throw new Error(`the fixtures have no request ${id}`)
  return found
}
