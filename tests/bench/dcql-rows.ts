import { indexCandidates, matchCredentials, parseDcqlQuery, selectAnswer } from '@wegwijzer/protocol/dcql'
import { CREDENTIAL_TYPES, credentialTypeNamed } from '@wegwijzer/schemas'
import { cpuOf, measureInTurns } from './sampling.ts'
import { makeLimitRow, type Row } from './table.ts'

const HELD = 10_000
const { vct: DIPLOMA, example } = credentialTypeNamed('diploma')

const QUERY = {
  credentials: [
    {
      id: 'diploma',
      format: 'dc+sd-jwt',
      meta: { vct_values: [DIPLOMA] },
      claims: [{ path: ['qualification_name'] }, { path: ['institution_name'] }, { path: ['completion_date'] }],
    },
  ],
}

/** A request for three claims, answered from ten thousand credentials: parsed, matched, selected. */
export async function measureDcql(rounds: number): Promise<readonly Row[]> {
  const hold = (vctOf: (index: number) => string) =>
    Array.from({ length: HELD }, (_, index) => ({
      id: `credential-${index}`,
      format: 'dc+sd-jwt',
      vct: vctOf(index),
      claims: { ...JSON.parse(JSON.stringify(example)), serial: index },
      holderBound: true,
    }))
  const types = CREDENTIAL_TYPES.map(({ vct }) => vct)
  const mixed = hold((index) => types[index % types.length] ?? DIPLOMA)
  const same = hold(() => DIPLOMA)
  const kept = indexCandidates(mixed)
  const answer = (index: () => ReturnType<typeof indexCandidates>) => (times: number) => {
    for (let time = 0; time < times; time++) {
      const { outcome } = selectAnswer(matchCredentials(parseDcqlQuery(QUERY), index()))
      if (outcome !== 'answer') throw new Error('the query is not answered')
    }
  }
  const samples = await measureInTurns(
    [
      { name: 'mixed', times: 4, run: answer(() => indexCandidates(mixed)) },
      { name: 'kept', times: 4, run: answer(() => kept) },
      { name: 'same', times: 2, run: answer(() => indexCandidates(same)) },
    ],
    rounds,
  )
  const milliseconds = (name: string) => cpuOf(samples, name) / 1000
  return [
    makeLimitRow(
      `DCQL answer, 10,000 credentials of ${types.length} types`,
      { target: 5, unit: 'ms' },
      milliseconds('mixed'),
      `indexing them included; ${milliseconds('kept').toFixed(2)} ms with an index that is kept`,
    ),
    makeLimitRow(
      'the same, all 10,000 of the type that is asked',
      { target: undefined, unit: 'ms' },
      milliseconds('same'),
      'every one matches',
    ),
  ]
}
