import { decodeBase64url, decodeUtf8, parseJws, readClaims } from '@wegwijzer/protocol/jose'
import { expect, test } from 'vitest'
import { attackWorld } from './attacked.testing.ts'
import { askForDiploma, collectDiplomas, present } from './hostile-wallet.testing.ts'

/** T9: two receivers who put together all that they got cannot tell whether it came from one worker or from two. */
const world = await attackWorld()

/** Every value that stands anywhere in a presentation, decoded. */
function valuesIn(presentation: string): ReadonlySet<string> {
  const [issuerJwt = '', ...rest] = presentation.split('~')
  const keyBinding = rest.at(-1) ?? ''
  const jwts = [issuerJwt, keyBinding].map((jwt) => parseJws(jwt))
  const disclosures = rest.slice(0, -1).map((one): unknown => JSON.parse(decodeUtf8(decodeBase64url(one))))
  const values = new Set<string>([...presentation.split(/[~.]/)])
  const add = (value: unknown): void => {
    if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) add(member)
    else values.add(JSON.stringify(value))
  }
  for (const jws of jwts) add([jws.header, readClaims(jws)])
  add(disclosures)
  return values
}

const shared = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
  [...one].filter((value) => other.has(value)).toSorted()

test('two copies of one worker have in common what two workers with the same diploma have, and no more', async () => {
  const [first, second] = await collectDiplomas(world, 2)
  const [stranger] = await collectDiplomas(world, 1)
  if (!first || !second || !stranger) throw new Error('there are no copies')
  const shown: string[] = []
  for (const copy of [first, second, stranger])
    shown.push(await present(world, copy, (await askForDiploma(world)).request))
  const [mine = new Set<string>(), mineAgain = new Set<string>(), theirs = new Set<string>()] = shown.map(valuesIn)
  const ofOne = shared(mine, mineAgain)
  const ofTwo = shared(mine, theirs)
  expect(ofOne).toEqual(ofTwo)
  // The comparison sees what it should: an index, a key, a digest and a signature are among what is not shared.
  expect(mine.size - ofOne.length).toBeGreaterThan(10)
})

test('the status indexes of a batch do not stand together', async () => {
  const copies = await collectDiplomas(world, 20)
  const indexes = copies.map(({ held }) => {
    const status = held.sdJwt.issuerClaims.status
    const reference = typeof status === 'object' && status !== null && 'status_list' in status ? status.status_list : {}
    return typeof reference === 'object' && reference !== null && 'idx' in reference
      ? Number(reference.idx)
      : Number.NaN
  })
  expect(indexes.filter(Number.isInteger)).toHaveLength(20)
  const sorted = indexes.toSorted((one, other) => one - other)
  const gaps = sorted.slice(1).map((index, at) => index - (sorted[at] ?? 0))
  expect(gaps.filter((gap) => gap <= 2).length).toBeLessThan(5)
})

test('the dates in a copy say a day, and not the moment it was issued', async () => {
  const [copy] = await collectDiplomas(world, 1)
  const { iat, exp } = copy?.held.sdJwt.issuerClaims ?? {}
  expect([Number(iat) % 86_400, Number(exp) % 86_400]).toEqual([0, 0])
})
