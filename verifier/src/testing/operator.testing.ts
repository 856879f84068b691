import { type Static, type TSchema, Type } from 'typebox'
import { Check, Errors } from 'typebox/value'
import { RequestMade, RequestState } from '../operator/api.ts'
import type { World } from './world.testing.ts'

export const Problem = Type.Object({
  status: Type.Integer(),
  detail: Type.String(),
  errors: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() }))),
})

/** Asks in the name of an organisation; a cross-device request unless said otherwise. */
export async function ask(
  world: World,
  organisation: string,
  policy: string,
  others: object = {},
): Promise<Static<typeof RequestMade> & { readonly authorizationRequest: string }> {
  const body = { policy, flow: 'cross_device', ...others }
  const answer = await world.api(organisation, '/presentation-requests', { body })
  if (answer.status !== 201) throw new Error(`the request was not made: ${JSON.stringify(answer.body)}`)
  return { authorizationRequest: '', ...parse(RequestMade, answer.body) }
}

/** What came of a request, as its organisation reads it. */
export async function readResult(world: World, organisation: string, id: string): Promise<Static<typeof RequestState>> {
  return parse(RequestState, (await world.api(organisation, `/presentation-requests/${id}`)).body)
}

export function parse<T extends TSchema>(schema: T, value: unknown): Static<T> {
  if (Check(schema, value)) return value
  throw new Error(`an answer has another form: ${JSON.stringify(Errors(schema, value))}`)
}
