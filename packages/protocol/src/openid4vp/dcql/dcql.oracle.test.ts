import { DcqlPresentationResult, DcqlQuery as Oracle } from 'dcql'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json.ts'
import type { ClaimPath, ConcreteClaimPath } from '../../sd-jwt/sd-jwt.ts'
import { selectAnswer } from './answer.ts'
import { type Candidate, indexCandidates } from './candidates.ts'
import { selectByPath } from './claims-path.ts'
import { parseDcqlQuery } from './dcql-query.ts'
import { evaluateVpToken, type PresentedCredential } from './evaluate.ts'
import { type DcqlMatch, matchCredentials } from './match.ts'
import type { CredentialQuery } from './types.ts'

/**
 * Random queries over random wallets, judged by us and by an implementation that is not ours.
 *
 * Left out, because the other implementation does not follow the specification there: claims that are `null` (it calls them
 * absent), empty arrays (it selects their elements), arrays of elements of more than one kind (it skips those of the wrong kind, §7.1.1 aborts) and names of members
 * as steps into an array (it reads `length`). The tests of `claims-path.ts` hold us to the specification.
 */
const TYPES = ['diploma', 'job', 'pid'].map((name) => `https://types.example/${name}`)
const KEY_IDS = ['AAAA', 'BBBB', 'CCCC']

const scalar = fc.oneof(fc.constantFrom('x', 'y'), fc.integer({ min: 0, max: 2 }), fc.boolean())
const claims: fc.Arbitrary<JsonObject> = fc.record(
  {
    name: scalar,
    level: scalar,
    address: fc.record({ city: scalar, street: scalar }, { requiredKeys: [], noNullPrototype: true }),
    tags: fc.array(fc.constantFrom('x', 'y', 'z'), { minLength: 1, maxLength: 3 }),
    grades: fc.array(fc.record({ course: scalar, value: scalar }, { requiredKeys: [], noNullPrototype: true }), {
      minLength: 1,
      maxLength: 3,
    }),
  },
  { requiredKeys: [], noNullPrototype: true },
)
const candidate: fc.Arbitrary<Omit<Candidate, 'id'>> = fc.record({
  format: fc.constant('dc+sd-jwt'),
  vct: fc.constantFrom(...TYPES),
  holderBound: fc.boolean(),
  authorityKeyIds: fc.subarray(KEY_IDS, { minLength: 1 }),
  claims,
})
const wallet = fc
  .array(candidate, { maxLength: 8 })
  .map((held) => held.map((one, index) => ({ ...one, id: String(index) })))

const path = fc.constantFrom<ClaimPath>(
  ['name'],
  ['level'],
  ['address'],
  ['address', 'city'],
  ['address', 'street'],
  ['name', 'first'],
  ['tags'],
  ['tags', null],
  ['tags', 0],
  ['tags', 2],
  ['grades', null],
  ['grades', null, 'value'],
  ['grades', 1, 'course'],
  ['address', null],
  ['name', 0],
)
const claimsQuery = fc.record(
  { path, values: fc.array(scalar, { minLength: 1, maxLength: 2 }) },
  { requiredKeys: ['path'], noNullPrototype: true },
)
const claimsOfQuery = fc
  .uniqueArray(claimsQuery, { minLength: 1, maxLength: 4, selector: (query) => JSON.stringify(query.path) })
  .chain((queries) => {
    const withIds = queries.map((query, index) => ({ ...query, id: `c${index}` }))
    const ids = withIds.map(({ id }) => id)
    const sets = fc.array(fc.subarray(ids, { minLength: 1 }), { minLength: 1, maxLength: 3 })
    return fc.record(
      { claims: fc.constant(withIds), claim_sets: sets },
      { requiredKeys: ['claims'], noNullPrototype: true },
    )
  })
const credentialQuery = fc
  .tuple(
    fc.record(
      {
        format: fc.constant('dc+sd-jwt'),
        meta: fc.record({ vct_values: fc.subarray(TYPES, { minLength: 1 }) }),
        require_cryptographic_holder_binding: fc.boolean(),
        trusted_authorities: fc
          .record({ type: fc.constant('aki'), values: fc.subarray(KEY_IDS, { minLength: 1 }) })
          .map((one) => [one]),
      },
      { requiredKeys: ['format', 'meta'], noNullPrototype: true },
    ),
    fc.option(claimsOfQuery, { nil: {} }),
  )
  .map(([query, claimsPart]) => ({ ...query, ...claimsPart }))
const dcqlQuery = fc.array(credentialQuery, { minLength: 1, maxLength: 4 }).chain((queries) => {
  const credentials = queries.map((query, index) => ({ ...query, id: `q${index}` }))
  const ids = credentials.map(({ id }) => id)
  const set = fc.record(
    { options: fc.array(fc.subarray(ids, { minLength: 1 }), { minLength: 1, maxLength: 3 }), required: fc.boolean() },
    { requiredKeys: ['options'], noNullPrototype: true },
  )
  return fc.record(
    { credentials: fc.constant(credentials), credential_sets: fc.array(set, { minLength: 1, maxLength: 3 }) },
    { requiredKeys: ['credentials'], noNullPrototype: true },
  )
})

/** A credential in the terms of the oracle. */
function forOracle(credential: Omit<Candidate, 'id'>): object {
  return {
    credential_format: 'dc+sd-jwt',
    vct: credential.vct,
    claims: credential.claims,
    cryptographic_holder_binding: credential.holderBound,
    authority: { type: 'aki', values: credential.authorityKeyIds },
  }
}

/** Our result and the oracle's, in the same words. */
function ourVerdict({ queries, sets, satisfiable }: DcqlMatch): unknown {
  return {
    satisfiable,
    matches: [...queries].map(([id, { candidates }]) => [
      id,
      candidates
        .map((match) => [Number(match.candidate.id), match.claimSets.map(({ option }) => option)])
        .sort(byIndex),
    ]),
    options: sets.map(({ options }) => options.filter((option) => option.satisfiable).map(({ queryIds }) => queryIds)),
  }
}

const byIndex = ([one]: readonly unknown[], [other]: readonly unknown[]) => Number(one) - Number(other)

function oracleVerdict(query: Oracle, candidates: readonly Candidate[], ids: readonly string[]): unknown {
  const result = Oracle.query(query, candidates.map(forOracle) as Parameters<typeof Oracle.query>[1])
  const everyId = ids.every((id) => result.credential_matches[id]?.success)
  return {
    satisfiable: result.can_be_satisfied,
    matches: ids.map((id) => [
      id,
      (result.credential_matches[id]?.valid_credentials ?? []).map((match) => [
        match.input_credential_index,
        match.claims.valid_claim_sets.map((set) => set.claim_set_index ?? 0),
      ]),
    ]),
    options: result.credential_sets?.map((set) => set.matching_options ?? []) ?? [everyId ? [ids] : []],
  }
}

test('finds the same credentials, claim sets and options', () => {
  fc.assert(
    fc.property(dcqlQuery, wallet, (raw, candidates) => {
      const query = parseDcqlQuery(raw)
      const parsed = Oracle.parse(raw as Oracle.Input)
      Oracle.validate(parsed)
      const ours = ourVerdict(matchCredentials(query, indexCandidates(candidates)))
      expect(ours).toEqual(
        oracleVerdict(
          parsed,
          candidates,
          query.credentials.map(({ id }) => id),
        ),
      )
    }),
    { numRuns: 300 },
  )
})

describe('what a wallet answers by default', () => {
  const answers = fc.tuple(dcqlQuery, wallet).map(([raw, candidates]) => {
    const query = parseDcqlQuery(raw)
    const answer = selectAnswer(matchCredentials(query, indexCandidates(candidates)))
    const presentations = answer.outcome === 'answer' ? answer.presentations : []
    const presented = new Map(
      presentations.map(({ queryId, candidate: held, paths }) => [queryId, [present(held, paths)]]),
    )
    return { raw, query, presented, candidates: new Map(presentations.map((one) => [one.queryId, one.candidate])) }
  })

  test('satisfies a verifier, and the oracle as well', () => {
    fc.assert(
      fc.property(answers, ({ raw, query, presented }) => {
        fc.pre(presented.size > 0)
        expect(evaluateVpToken(query, presented)).toEqual({ satisfied: true, problems: [] })
        const entries = [...presented].map(([id, list]) => [id, list.map(forOracle)] as const)
        const oracle = DcqlPresentationResult.fromDcqlPresentation(
          Object.fromEntries(entries) as Parameters<typeof DcqlPresentationResult.fromDcqlPresentation>[0],
          { dcqlQuery: Oracle.parse(raw as Oracle.Input) },
        )
        expect(oracle.can_be_satisfied).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  test('is no longer accepted when it discloses one thing more', () => {
    fc.assert(
      fc.property(answers, ({ query, presented, candidates }) => {
        for (const [queryId, [presentation]] of presented) {
          const held = candidates.get(queryId)
          const extra = Object.keys(held?.claims ?? {}).find((name) => !(name in (presentation?.claims ?? {})))
          if (held === undefined || presentation === undefined || extra === undefined) continue
          // Another claim set may select it; then nothing was disclosed that was not asked.
          const credential = query.credentials.find(({ id }) => id === queryId)
          if (credential?.claims?.some(({ path: [first] }) => first === extra)) continue
          const paths = [...topLevel(presentation), [extra]]
          const more = new Map([...presented, [queryId, [present(held, paths)]]])
          expect(evaluateVpToken(query, more).satisfied).toBe(false)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('is no longer accepted when it leaves out a claim that its only claim set asks', () => {
    fc.assert(
      fc.property(answers, ({ query, presented, candidates }) => {
        for (const [queryId, [presentation]] of presented) {
          const credential = query.credentials.find(({ id }) => id === queryId)
          const held = candidates.get(queryId)
          if (held === undefined || presentation === undefined || !asksAllClaims(credential)) continue
          const less = new Map([...presented, [queryId, [present(held, [])]]])
          expect(evaluateVpToken(query, less).satisfied).toBe(false)
        }
      }),
      { numRuns: 200 },
    )
  })
})

function asksAllClaims(query: CredentialQuery | undefined): boolean {
  return query?.claims !== undefined && query.claim_sets === undefined
}

function topLevel({ claims: shown }: PresentedCredential): readonly ConcreteClaimPath[] {
  return Object.keys(shown).map((name) => [name])
}

/** A credential in which everything can be disclosed alone, showing these paths, what leads to them and what is below. */
function present({ id: _, ...held }: Candidate, paths: readonly ConcreteClaimPath[]): PresentedCredential {
  const isShown = (at: ConcreteClaimPath) =>
    paths.some((shown) => at.every((component, index) => index >= shown.length || component === shown[index]))
  const disclosedPaths: ConcreteClaimPath[] = []
  const show = (value: JsonValue, at: ConcreteClaimPath): JsonValue => {
    if (at.length > 0) disclosedPaths.push(at)
    if (isJsonObject(value)) {
      const members = Object.entries(value).filter(([name]) => isShown([...at, name]))
      return Object.fromEntries(members.map(([name, member]) => [name, show(member, [...at, name])]))
    }
    if (!Array.isArray(value)) return value
    const elements: readonly JsonValue[] = value
    const shown: JsonValue[] = []
    for (const [index, element] of elements.entries()) {
      if (isShown([...at, index])) shown[index] = show(element, [...at, index])
    }
    return shown
  }
  const shown = show(held.claims, [])
  return { ...held, claims: isJsonObject(shown) ? shown : {}, disclosedPaths }
}

test('a path selects in a presentation what it selected in the credential', () => {
  fc.assert(
    fc.property(claims, path, (held, pointer) => {
      const selected = selectByPath(held, pointer)
      const shown = present(
        { id: '', format: '', vct: '', holderBound: true, claims: held },
        selected.map((one) => one.path),
      )
      expect(selectByPath(shown.claims, pointer)).toEqual(selected)
    }),
  )
})
