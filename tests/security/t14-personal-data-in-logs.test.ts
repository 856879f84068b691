import { describe, expect, test } from 'vitest'
import { attackWorld } from './attacked.testing.ts'
import { expectNone, haveEverythingHappen } from './happened.testing.ts'
import { parseObject, send } from './http.testing.ts'

/** T14: after everything has happened once, well and badly, logs and figures name nobody and open nothing. */
const world = await attackWorld()
const { secrets, unlogged, txCodes, claims } = await haveEverythingHappen(world)

describe('the logs', () => {
  const text = () => world.logs.join('\n')

  test('have no claim, code, token, nonce, id or query', () => {
    expect(world.logs.length).toBeGreaterThan(30)
    expectNone(text(), secrets)
    expectNone(text(), unlogged)
    expectNone(text(), claims)
    expect(text()).not.toContain('?')
    expect(text()).not.toContain('voorbeeld.example')
    // Our own address is told once, at the start; nobody else's ever.
    const callers = world.logs.filter((line) => !line.includes('"Server listening at '))
    expect(callers.join('\n')).not.toContain('127.0.0.1')
  })

  test('name a route by its pattern or as unknown', () => {
    const lines = world.logs.map((line) => parseObject(line)).filter(({ event }) => event === 'request')
    expect(lines.length).toBeGreaterThan(20)
    for (const { route } of lines) expect(String(route)).toMatch(/^(unknown|\/[a-z0-9:./-]*)$/i)
  })

  test('have no transaction code', () => {
    expect(txCodes.filter((code) => text().includes(code)).length).toBeLessThan(2)
  })
})

test('the figures name no secret, id or claim', async () => {
  for (const program of ['issuer', 'verifier'] as const) {
    const { text, status } = await send({ method: 'GET', url: `${world.urls[program]}/metrics` })
    expect([program, status]).toEqual([program, 200])
    expectNone(text, secrets)
    expectNone(text, unlogged)
    expectNone(text, claims)
  }
})
