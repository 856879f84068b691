import { expect, test } from 'vitest'
import { parseRoute, printRoute, ROUTE_PATHS } from './route.ts'

test.each(ROUTE_PATHS)('%s is read and written the same', (path) => {
  const route = parseRoute(path)
  expect(route && printRoute(route)).toBe(path)
})

test.each(['', '/begin/', '/Begin', '//begin', '/begin?x', '/__proto__', '/constructor', '/kaart/1'])(
  '%s is no screen',
  (path) => {
    expect(parseRoute(path)).toBeUndefined()
  },
)
