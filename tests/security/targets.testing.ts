import type { OutgoingHttpHeaders } from 'node:http'
import type { Program } from '@wegwijzer/server/config'
import type { World } from '../support/world.ts'
import type { Route } from './routes.testing.ts'

/** What stands in the place of a path parameter; `real` ones exist, so that what lies behind the 404 is attacked too. */
export type PathValues = Readonly<Record<string, string>>

const SECRET = 'A'.repeat(43)
const ID = '00000000-0000-4000-8000-000000000000'

/** The organisation whose endpoints are attacked, and a neighbour at the same program. */
export const ORGANISATIONS = {
  issuer: { attacked: 'roc-midden-nederland', neighbour: 'grand-contex' },
  verifier: { attacked: 'uwv', neighbour: 'grand-contex' },
  wallet: { attacked: 'none', neighbour: 'none' },
} as const satisfies Readonly<Record<Program, { readonly attacked: string; readonly neighbour: string }>>

/** Real values for every path parameter there is, by route; what is unknown gets a value of the right form. */
export async function findRealValues(world: World): Promise<(route: Route) => PathValues> {
  const { attacked } = ORGANISATIONS.issuer
  const { wallet } = world.newWallet()
  const collected = await world.offer('diploma')
  await wallet.acceptReceipt(await wallet.beginReceipt(collected.credentialOffer))
  const open = await world.offer('diploma')
  const { body } = await world.issuerApi(attacked).get('/credentials')
  const request = await world.ask('uwv', 'uwv-inschrijving')
  const started = await world.ask('uwv', 'uwv-inschrijving', { flow: 'same_device' })
  const addresses: PathValues = {
    reference: lastSegment(offerUriOf(open.walletLink)),
    secret: lastSegment(started.startLink),
  }
  const handle = lastSegment(new URL(request.authorizationRequest).searchParams.get('request_uri') ?? '')
  return ({ program, pattern }) => ({
    organisation: ORGANISATIONS[program].attacked,
    ...addresses,
    handle,
    name: 'diploma',
    version: '1',
    id: pattern.includes('/credentials/')
      ? body.credentials[0].id
      : pattern.includes('/offers/')
        ? open.id
        : pattern.includes('/presentation-requests/')
          ? request.id
          : ID,
  })
}

function offerUriOf(walletLink: string): string {
  return new URL(walletLink).searchParams.get('credential_offer_uri') ?? ''
}

function lastSegment(url: string): string {
  return url.split('?')[0]?.split('/').at(-1) ?? ''
}

/** The address of a route. @param values Of its path parameters; one that is not there gets a value that does not exist. */
export function urlOf(world: World, { program, pattern }: Route, values: PathValues): string {
  const path = pattern.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => values[name] ?? (name === 'id' ? ID : SECRET))
  return `${world.urls[program]}${path}`
}

/** The API key of the organisation that a route is attacked at, where it needs one. */
export function authorizationAt(world: World, { program, isApi }: Route): OutgoingHttpHeaders {
  if (!isApi || program === 'wallet') return {}
  const key = world.apiKeys[program][ORGANISATIONS[program].attacked]?.apiKey ?? ''
  return { authorization: `Bearer ${key}` }
}

export function describeRoute({ program, method, pattern }: Route): string {
  return `${program} ${method} ${pattern}`
}
