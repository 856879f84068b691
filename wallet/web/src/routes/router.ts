import { useCallback, useEffect, useState } from 'react'
import { parseRoute, printRoute, type Route } from './route.ts'

export interface Router {
  readonly route: Route
  /** Goes to a screen. @param how `replace`: back does not lead to where we are now. */
  readonly go: (route: Route, how?: 'push' | 'replace') => void
}

/** The address bar as the state of the app. An address that is none of ours is the list of cards. */
export function useRouter(): Router {
  const [route, setRoute] = useState(readRoute)
  useEffect(() => {
    const follow = () => setRoute(readRoute())
    window.addEventListener('popstate', follow)
    return () => window.removeEventListener('popstate', follow)
  }, [])
  const go = useCallback<Router['go']>((next, how = 'push') => {
    if (how === 'replace') history.replaceState(null, '', printRoute(next))
    else history.pushState(null, '', printRoute(next))
    window.scrollTo(0, 0)
    setRoute(next)
  }, [])
  return { route, go }
}

function readRoute(): Route {
  return parseRoute(location.pathname) ?? { screen: 'cards' }
}
