import { expect, test } from 'vitest'
import { measureInTurns, median, shareOf } from './sampling.ts'

test('the median stands in the middle', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([7])]).toEqual([2, 2.5, 7])
})

test('subjects are measured in turns, and the warm-up is not counted', async () => {
  const order: string[] = []
  let clock = 0
  const subject = (name: string, cost: number) => ({
    name,
    times: 2,
    run(times: number) {
      order.push(name)
      clock += cost * times
    },
    cpu: () => clock,
  })
  const samples = await measureInTurns([subject('least', 10), subject('actual', 40)], 2)
  expect(order).toEqual(['least', 'actual', 'least', 'actual', 'least', 'actual'])
  expect(samples.get('actual')?.cpu).toEqual([40, 40])
  expect(shareOf(samples, 'least', 'actual')).toBe(0.25)
})
