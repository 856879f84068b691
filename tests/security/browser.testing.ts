import { expect } from 'vitest'
import type { World } from '../support/world.ts'
import { type Copy, encrypt, fetchRequest, post, present } from './hostile-wallet.testing.ts'
import { type Answer, send } from './http.testing.ts'

/** Keeps cookies as they were set, follows nothing. */
export function openBrowser(stolen = '') {
  let cookie = stolen
  return {
    cookie: () => cookie,
    async go(url: string, method = 'GET'): Promise<Answer> {
      const answer = await send({ method, url, headers: cookie === '' ? {} : { cookie } })
      const [set] = answer.headers['set-cookie'] ?? []
      if (set !== undefined) cookie = set.split(';')[0] ?? ''
      return answer
    },
  }
}

/** A worker's wallet answers what this browser was sent to it with. @returns Where the wallet sends its browser. */
export async function answerIn(world: World, copies: readonly Copy[], started: Answer): Promise<string> {
  const [copy] = copies
  if (copy === undefined) throw new Error('there is no copy')
  const request = await fetchRequest(world, String(started.headers.location))
  const answer = await post(request, await encrypt(request, { diploma: [await present(world, copy, request)] }))
  expect(answer.status).toBe(200)
  return String(JSON.parse(answer.text).redirect_uri)
}
