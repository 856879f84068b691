import { describe, expect, test } from 'vitest'
import { type AnswerChoice, selectAnswer } from './answer.ts'
import { type Candidate, indexCandidates } from './candidates.ts'
import { parseDcqlQuery } from './dcql-query.ts'
import { matchCredentials } from './match.ts'

function held(id: string, type: string): Candidate {
  return {
    id,
    format: 'dc+sd-jwt',
    vct: `https://types.example/${type}`,
    holderBound: true,
    claims: { name: 'Logistiek', level: 2, grades: [7, 8], month: '2018-07' },
  }
}

function asks(id: string, type: string, claims: readonly string[] = [], more: object = {}): object {
  return {
    id,
    format: 'dc+sd-jwt',
    meta: { vct_values: [`https://types.example/${type}`] },
    ...(claims.length > 0 && { claims: claims.map((name) => ({ id: name, path: [name] })) }),
    ...more,
  }
}

function answer(query: object, candidates: readonly Candidate[], choice?: AnswerChoice) {
  const result = selectAnswer(matchCredentials(parseDcqlQuery(query), indexCandidates(candidates)), choice)
  if (result.outcome !== 'answer') return result
  return result.presentations.map(({ queryId, candidate, option }) => `${queryId}: ${candidate.id} by ${option}`)
}

const WALLET = [held('d1', 'diploma'), held('d2', 'diploma'), held('j1', 'job')]

test('everything is presented when no credential set says otherwise', () => {
  const query = { credentials: [asks('job', 'job'), asks('diploma', 'diploma', ['name'])] }
  expect(answer(query, WALLET)).toEqual(['job: j1 by 0', 'diploma: d1 by 0'])
})

describe('by default', () => {
  test('the least disclosing claim set is taken, wherever the Verifier put it', () => {
    const claim_sets = [['name', 'level'], ['grades'], ['level'], ['name']]
    const query = { credentials: [asks('diploma', 'diploma', ['name', 'level', 'grades'], { claim_sets })] }
    expect(answer(query, WALLET)).toEqual(['diploma: d1 by 2'])
  })

  test('the least disclosing option of a required set is taken', () => {
    const query = {
      credentials: [asks('full', 'diploma', ['name', 'level', 'month']), asks('least', 'diploma', ['level', 'month'])],
      credential_sets: [{ options: [['full'], ['least']] }],
    }
    expect(answer(query, WALLET)).toEqual(['least: d1 by 0'])
  })

  test('the order of the Verifier decides between options that disclose as much', () => {
    const query = {
      credentials: [asks('b', 'diploma', ['name']), asks('a', 'job', ['name'])],
      credential_sets: [{ options: [['a'], ['b']] }],
    }
    expect(answer(query, WALLET)).toEqual(['a: j1 by 0'])
  })

  test('what is presented anyway makes no option more disclosing', () => {
    const query = {
      credentials: [asks('big', 'diploma', ['name', 'grades']), asks('small', 'job', ['name'])],
      credential_sets: [{ options: [['big']] }, { options: [['small'], ['big']] }],
    }
    expect(answer(query, WALLET)).toEqual(['big: d1 by 0'])
  })

  test('an option that cannot be satisfied is passed over', () => {
    const query = {
      credentials: [asks('pid', 'pid'), asks('job', 'job', ['name'])],
      credential_sets: [{ options: [['pid'], ['job']] }],
    }
    expect(answer(query, WALLET)).toEqual(['job: j1 by 0'])
  })

  test('optional sets stay out', () => {
    const query = {
      credentials: [asks('diploma', 'diploma'), asks('job', 'job')],
      credential_sets: [{ options: [['diploma']] }, { options: [['job']], required: false }],
    }
    expect(answer(query, WALLET)).toEqual(['diploma: d1 by 0'])
    expect(answer(query, WALLET, { include: ['job'] })).toEqual(['diploma: d1 by 0', 'job: j1 by 0'])
  })

  test('one credential is presented although several may be', () => {
    expect(answer({ credentials: [asks('diploma', 'diploma', [], { multiple: true })] }, WALLET)).toEqual([
      'diploma: d1 by 0',
    ])
  })
})

describe('the worker may choose', () => {
  const claim_sets = [['name'], ['name', 'level']]
  const query = {
    credentials: [
      asks('diploma', 'diploma', ['name', 'level'], { claim_sets }),
      asks('job', 'job', ['name', 'level']),
      asks('spare', 'pid'),
    ],
    credential_sets: [{ options: [['diploma'], ['job']] }, { options: [['spare']], required: false }],
  }

  test('another credential and another claim set', () => {
    const choice = { candidates: new Map([['diploma', ['d2']]]), claimSets: new Map([['diploma', 1]]) }
    expect(answer(query, WALLET, choice)).toEqual(['diploma: d2 by 1'])
  })

  test('another option of a required set', () => {
    expect(answer(query, WALLET, { include: ['job'] })).toEqual(['job: j1 by 0'])
  })

  test('several credentials, where the query says multiple', () => {
    const candidates = new Map([['diploma', ['d1', 'd2']]])
    const multiple = { credentials: [asks('diploma', 'diploma', [], { multiple: true })] }
    expect(answer(multiple, WALLET, { candidates })).toEqual(['diploma: d1 by 0', 'diploma: d2 by 0'])
  })

  test.each<[string, AnswerChoice, string]>([
    ['a query that is not there', { include: ['other'] }, 'other'],
    ['a query that nothing answers', { include: ['spare'] }, 'spare'],
    ['a credential that does not match', { candidates: new Map([['diploma', ['j1']]]) }, 'diploma'],
    ['two credentials without multiple', { candidates: new Map([['diploma', ['d1', 'd2']]]) }, 'diploma'],
    ['no credential', { candidates: new Map([['diploma', []]]) }, 'diploma'],
    ['a claim set that is not there', { claimSets: new Map([['diploma', 2]]) }, 'diploma'],
    ['a claim set of another query', { claimSets: new Map([['other', 0]]) }, 'other'],
  ])('but not %s', (_name, choice, queryId) => {
    expect(answer(query, WALLET, choice)).toEqual({ outcome: 'invalid_choice', queryId })
  })
})

test('nothing is presented when a required credential is missing, and it says which and why [OpenID4VP 1.0 §6.4.2]', () => {
  const query = { credentials: [asks('diploma', 'diploma'), asks('pid', 'pid'), asks('job', 'job', ['wage'])] }
  expect(answer(query, WALLET)).toEqual({
    outcome: 'unanswerable',
    unmet: new Map<string, unknown>([
      ['pid', { reason: 'type' }],
      ['job', { reason: 'claim_missing', paths: [['wage']] }],
    ]),
  })
})
