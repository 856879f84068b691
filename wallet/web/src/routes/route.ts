/** The screens that have an address. Nothing personal is in one: at most a random id of ours. */
export type Route = { readonly screen: 'cards' } | { readonly screen: 'begin' } | { readonly screen: 'settings' }

const PATHS: Readonly<Record<Route['screen'], string>> = { cards: '/', begin: '/begin', settings: '/instellingen' }

/** Every path of this app: the wallet host and the service worker answer these with the page, and no other. */
export const ROUTE_PATHS: readonly string[] = Object.values(PATHS)

/** @param path Without query and fragment. @returns `undefined` where there is no screen. */
export function parseRoute(path: string): Route | undefined {
  switch (path) {
    case PATHS.cards:
      return { screen: 'cards' }
    case PATHS.begin:
      return { screen: 'begin' }
    case PATHS.settings:
      return { screen: 'settings' }
    default:
      return undefined
  }
}

export function printRoute(route: Route): string {
  return PATHS[route.screen]
}
