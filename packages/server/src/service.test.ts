import { Agent, request as httpRequest } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { makeSampleService, NOW } from './sample-service.testing.ts'
import { createService, type Service } from './service.ts'

const services: Service[] = []
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()))
})

function start(...parameters: Parameters<typeof makeSampleService>) {
  const sample = makeSampleService(...parameters)
  services.push(sample.service)
  return sample
}

describe('doors', () => {
  test('without an internal port there is one, and it has everything', async () => {
    const { service } = start()
    expect(service.internal).toBe(service.public)
    const { public: address, internal } = await service.listen()
    expect(internal).toBe(address)
    for (const path of ['/health', '/ready', '/metrics', '/uwv/metadata', '/uwv/v1/offers']) {
      expect((await fetch(`${address}${path}`)).status).toBe(200)
    }
  })

  test('with an internal port the organisation API and the metrics are behind it, and only there', async () => {
    const { service } = start({ internalPort: 0 })
    const { public: address, internal } = await service.listen()
    expect(internal).not.toBe(address)
    expect((await fetch(`${address}/uwv/metadata`)).status).toBe(200)
    expect((await fetch(`${internal}/uwv/metadata`)).status).toBe(404)
    for (const path of ['/uwv/v1/offers', '/v1/openapi.json', '/metrics']) {
      expect((await fetch(`${address}${path}`)).status).toBe(404)
      expect((await fetch(`${internal}${path}`)).status).toBe(200)
    }
    for (const door of [address, internal]) expect((await fetch(`${door}/health`)).status).toBe(200)
  })

  test('a service without an organisation API has no document of one', async () => {
    const service = createService({
      name: 'plain',
      publicUrl: 'http://localhost:4000',
      host: '127.0.0.1',
      port: 0,
      now: () => NOW,
      logTo: { write: () => undefined },
    })
    services.push(service)
    expect((await service.internal.inject('/v1/openapi.json')).statusCode).toBe(404)
  })

  test('two services in one process count apart', async () => {
    const [first, second] = [start({ name: 'first' }).service, start({ name: 'second' }).service]
    await first.public.inject('/uwv/metadata')
    const metrics = await second.internal.inject('/metrics')
    expect(metrics.body).not.toContain('service="first"')
    expect(metrics.body).not.toContain('route="/:organisation/metadata"')
  })
})

describe('/ready', () => {
  test('is 200 while every check passes, and says which did not', async () => {
    let isDatabaseThere = true
    const { service } = start({
      readiness: {
        database: () => isDatabaseThere,
        keys: async () => {
          if (!isDatabaseThere) throw new Error('gone')
          return true
        },
      },
    })
    const ready = await service.public.inject('/ready')
    expect(ready.statusCode).toBe(200)
    expect(ready.json()).toEqual({ status: 'ready', checks: { database: 'ok', keys: 'ok' } })
    isDatabaseThere = false
    const notReady = await service.public.inject('/ready')
    expect(notReady.statusCode).toBe(503)
    expect(notReady.json()).toEqual({ status: 'not ready', checks: { database: 'failed', keys: 'failed' } })
    expect((await service.public.inject('/health')).statusCode).toBe(200)
  })
})

describe('/metrics', () => {
  test('has routes as patterns, methods and statuses, and nothing of the caller', async () => {
    const { service } = start()
    await service.listen()
    await service.internal.inject({ method: 'DELETE', url: '/uwv/v1/offers/geheim-1' })
    await service.public.inject('/geheim-2')
    const { body, headers } = await service.internal.inject('/metrics')
    expect(headers['content-type']).toMatch(/^text\/plain/)
    expect(body).toContain(
      'http_request_duration_seconds_count{service="sample",method="DELETE",route="/:organisation/v1/offers/:id",status="404"} 1',
    )
    expect(body).toContain('route="unknown",status="404"} 1')
    expect(body).toContain('process_cpu_seconds_total')
    expect(body).not.toContain('geheim')
    expect(body).not.toContain('uwv')
  })
})

describe('under load', () => {
  test('what comes on top is 503 with Retry-After, in the format of the route; operations stay reachable', async () => {
    const { service } = start({ limits: { maxInFlight: 1 } })
    const isReached = Promise.withResolvers<void>()
    const busy = Promise.withResolvers<string>()
    service.public.get('/slow', () => {
      isReached.resolve()
      return busy.promise
    })
    const first = service.public.inject('/slow').then((answer) => answer.statusCode)
    await isReached.promise
    const refused = await service.public.inject('/uwv/metadata')
    expect(refused.statusCode).toBe(503)
    expect(refused.headers['retry-after']).toBe('2')
    expect(refused.json()).toMatchObject({ error: 'temporarily_unavailable' })
    expect((await service.public.inject('/health')).statusCode).toBe(200)
    busy.resolve('done')
    expect(await first).toBe(200)
    expect((await service.public.inject('/uwv/metadata')).statusCode).toBe(200)
  })

  test('a refused request does not count as one that is being answered', async () => {
    const { service } = start({ limits: { maxInFlight: 1 } })
    for (let index = 0; index < 5; index++) {
      expect((await service.public.inject('/nothing')).statusCode).toBe(404)
    }
    expect((await service.public.inject('/uwv/metadata')).statusCode).toBe(200)
  })

  test('a caller who leaves gives the place back', async () => {
    const { service, lines } = start({ limits: { maxInFlight: 1 } })
    const isReached = Promise.withResolvers<void>()
    service.public.get('/never', () => {
      isReached.resolve()
      return new Promise(() => undefined)
    })
    const { public: address } = await service.listen()
    const leaving = new AbortController()
    const left = fetch(`${address}/never`, { signal: leaving.signal }).catch(() => 'left')
    await isReached.promise
    leaving.abort()
    expect(await left).toBe('left')
    await expect.poll(async () => (await service.public.inject('/uwv/metadata')).statusCode).toBe(200)
    expect(lines.map((line) => JSON.parse(line)).find(({ route }) => route === '/never')).toMatchObject({ status: 499 })
  })
})

describe('stopping', () => {
  function slowService(closeTimeoutMs: number) {
    const sample = start({ limits: { closeTimeoutMs } })
    const isReached = Promise.withResolvers<void>()
    const mayAnswer = Promise.withResolvers<string>()
    sample.service.public.get('/slow', () => {
      isReached.resolve()
      return mayAnswer.promise
    })
    return { ...sample, isReached: isReached.promise, answer: () => mayAnswer.resolve('done') }
  }

  test('lets a request finish, refuses new connections, and only then runs the hooks, last first', async () => {
    const { service, isReached, answer } = slowService(10_000)
    const order: string[] = []
    service.onClose(() => void order.push('first hook'))
    service.onClose(async () => void order.push('second hook'))
    const { public: address } = await service.listen()
    const agent = new Agent({ keepAlive: true })
    const answered = get(`${address}/slow`, agent).then((status) => order.push(`answered ${status}`))
    await isReached
    const closed = service.close().then(() => order.push('closed'))
    await expect
      .poll(() =>
        fetch(`${address}/health`).then(
          ({ status }) => status,
          () => 'refused',
        ),
      )
      .toBe('refused')
    expect(order).toEqual([])
    const startedAt = performance.now()
    answer()
    await Promise.all([answered, closed])
    // The connection stays open after the answer, and must not hold the service until the bound.
    expect(performance.now() - startedAt).toBeLessThan(5000)
    agent.destroy()
    expect(order).toEqual(['answered 200', 'second hook', 'first hook', 'closed'])
  })

  test('cuts what is not finished within the bound', async () => {
    const { service, isReached } = slowService(50)
    const { public: address } = await service.listen()
    const cut = fetch(`${address}/slow`).then(
      () => 'answered',
      () => 'cut',
    )
    await isReached
    await service.close()
    expect(await cut).toBe('cut')
  })

  test('twice is stopping once', async () => {
    const { service } = start()
    let runs = 0
    service.onClose(() => void runs++)
    await service.listen()
    await Promise.all([service.close(), service.close()])
    await service.close()
    expect(runs).toBe(1)
  })

  test('a hook that fails is logged, and the others run', async () => {
    const { service, lines } = start()
    let runs = 0
    service.onClose(() => void runs++)
    service.onClose(() => {
      throw new Error('does not close')
    })
    await service.close()
    expect(runs).toBe(1)
    expect(lines.join('')).toContain('Error: does not close')
  })

  test('is done at once when connections are open but idle', async () => {
    const { service } = start({ limits: { closeTimeoutMs: 60_000 } })
    const { public: address } = await service.listen()
    const agent = new Agent({ keepAlive: true })
    expect(await get(`${address}/health`, agent)).toBe(200)
    const startedAt = performance.now()
    await service.close()
    expect(performance.now() - startedAt).toBeLessThan(5000)
    agent.destroy()
  })
})

/** A request over a connection that stays open afterwards. */
function get(url: string, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { agent }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode))
    })
      .once('error', reject)
      .end()
  })
}
