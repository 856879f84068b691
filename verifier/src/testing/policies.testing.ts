import { credentialTypeNamed } from '@wegwijzer/schemas'
import { type Policy, parsePolicy } from '@wegwijzer/trust/policy'
import { readShippedVerifiers } from '../policy/shipped.ts'

/** A policy that comes with the program. */
export function shippedPolicy(id: string): Policy {
  const policy = readShippedVerifiers()
    .flatMap(({ policies }) => policies)
    .find((candidate) => candidate.id === id)
  if (policy === undefined) throw new Error(`there is no policy ${id}`)
  return policy
}

/** A policy of its own, like a shipped one but for what is changed. */
export function makePolicy(id: string, change: object): Policy {
  return parsePolicy({ ...shippedPolicy('werkgever-diploma'), id, intendedUseId: `test-${id}`, ...change })
}

const queryFor = (
  id: string,
  type: 'pid' | 'diploma' | 'werkervaring' | 'leerrekening',
  paths: unknown[] | undefined,
) => ({
  id,
  format: 'dc+sd-jwt',
  meta: { vct_values: [credentialTypeNamed(type).vct] },
  ...(paths && { claims: paths.map((path) => ({ path })) }),
})

/** Two credentials that both say who they are about. */
export const TWO_NAMES = makePolicy('twee-namen', {
  dcql: {
    credentials: [
      queryFor('pid', 'pid', [['family_name'], ['birthdate']]),
      queryFor('diploma', 'diploma', [['family_name'], ['birthdate']]),
    ],
  },
  acceptedIssuers: { pid: 'may_issue', diploma: 'may_issue' },
})

/** Work experience from one organisation and no other. */
export const ONE_ISSUER = makePolicy('een-werkgever', {
  dcql: { credentials: [queryFor('werk', 'werkervaring', [['role_title']])] },
  acceptedIssuers: { werk: ['NTRNL-90009993'] },
})

/** The names of the subjects, and nothing else of the grades; and that there is work experience at all. */
export const SUBJECTS = makePolicy('vakken', {
  dcql: {
    credentials: [
      queryFor('diploma', 'diploma', [['grades', null, 'subject'], ['institution_name']]),
      queryFor('werk', 'werkervaring', undefined),
    ],
  },
  acceptedIssuers: { diploma: 'may_issue', werk: 'may_issue' },
})
