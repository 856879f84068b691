import { describe, expect, test } from 'vitest'
import { describeError, makeLogger, onlyWords } from './log.ts'
import { makeSampleService } from './sample-service.testing.ts'

describe('the line of a request', () => {
  test('has the pattern of the route and nothing that was sent', async () => {
    const { service, lines } = makeSampleService()
    await service.internal.inject({
      method: 'DELETE',
      url: '/uwv/v1/offers/geheim-1?token=geheim-2',
      headers: {
        authorization: 'Bearer geheim-3',
        cookie: 'a=geheim-4',
        'x-request-id': 'geheim-5',
        'user-agent': 'geheim-6',
      },
    })
    await service.public.inject({
      method: 'POST',
      url: '/uwv/credential',
      payload: { credential_configuration_id: 'geheim-7', proofs: { jwt: [] } },
    })
    await service.public.inject('/geheim-8/nowhere')
    await service.public.inject('/uwv/v1/offers/geheim-9%zz')
    const [found] = lines.map((line) => JSON.parse(line))
    expect(found).toEqual({
      level: 'info',
      time: expect.any(String),
      service: 'sample',
      event: 'request',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      method: 'DELETE',
      route: '/:organisation/v1/offers/:id',
      status: 404,
      durationMs: expect.any(Number),
    })
    expect(lines).toHaveLength(4)
    expect(lines.join('')).not.toContain('geheim')
    await service.close()
  })

  test('has the code and our own words of a refusal', async () => {
    const { service, lines } = makeSampleService()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    await service.public.inject({ method: 'POST', url: '/uwv/token', payload: 'grant_type=other', headers })
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      status: 400,
      error: 'unsupported_grant_type',
      reason: 'this grant is not known',
    })
    await service.close()
  })
})

describe('an event', () => {
  test('is one line and one count', async () => {
    const { service, lines } = makeSampleService()
    service.logEvent('credential.issued', { organisation: 'uwv', credentialType: 'urn:eudi:pid:nl:1', count: 20 })
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      event: 'credential.issued',
      organisation: 'uwv',
      credentialType: 'urn:eudi:pid:nl:1',
      count: 20,
    })
    const metrics = await service.internal.inject('/metrics')
    expect(metrics.body).toContain('wegwijzer_events_total{event="credential.issued",service="sample"} 1')
    await service.close()
  })

  test.each([
    ['a name with a space', 'Jan de Vries'],
    ['a name', 'Jansen'],
    ['a number', '123456782'],
    ['a number in a word', 'bsn:123456782'],
    ['an address', 'https://wallet.example/a'],
    ['a mail address', 'jan@example.org'],
    ['a token', 'eyJhbGciOiJFUzI1NiJ9.e30.'.padEnd(200, 'x')],
    ['two lines', 'a\nb'],
  ])('does not print %s', (_name, reason) => {
    expect(onlyWords({ reason, count: 1 })).toEqual({ reason: '(not a word)', count: 1 })
  })
})

describe('an error in the log', () => {
  test.each([
    ['is its name and message', new TypeError('no such thing'), 'TypeError: no such thing'],
    ['of JSON.parse goes without its message, which quotes the text', parseError('{"geheim"'), 'SyntaxError'],
    ['of fastify is its code, as its message quotes the address', fastifyError(), 'FST_ERR_BAD_URL'],
    ['that is none is its type', 'geheim', 'string'],
    ['with a long message is cut', new Error('x'.repeat(1000)), `Error: ${'x'.repeat(293)}`],
  ])('%s', (_name, error, expected) => {
    expect(describeError(error)).toBe(expected)
  })

  test('has none of its own properties, whoever logs it', () => {
    const lines: string[] = []
    const logger = makeLogger('sample', { write: (line) => void lines.push(line) })
    logger.error({ err: Object.assign(new Error('message'), { payload: 'geheim' }) })
    logger.error(Object.assign(new Error('message'), { payload: 'geheim' }))
    expect(lines.map((line) => JSON.parse(line).err)).toEqual(['Error: message', 'Error: message'])
    expect(lines.join('')).not.toContain('geheim')
  })
})

function parseError(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    return error
  }
}

function fastifyError(): Error {
  return Object.assign(new Error("'/geheim' is not a valid url component"), { code: 'FST_ERR_BAD_URL' })
}
