import { describe, expect, test } from 'vitest'
import { makeBasePathRewrite } from './base-path.ts'
import { makeSampleService } from './sample-service.testing.ts'

describe('the path of a public URL', () => {
  const rewrite = makeBasePathRewrite('https://host.example/y/z')

  test.each([
    ['is stripped where a proxy did not', '/y/z/uwv/v1/offers?cursor=1', '/uwv/v1/offers?cursor=1'],
    ['may be absent because a proxy did', '/uwv/v1/offers', '/uwv/v1/offers'],
    ['stands after a well-known name [RFC 8414 §3.1]', '/.well-known/sample/y/z/uwv', '/.well-known/sample/uwv'],
    ['may be absent after a well-known name', '/.well-known/sample/uwv', '/.well-known/sample/uwv'],
    ['alone is the root', '/y/z', '/'],
    ['alone with a query is the root', '/y/z?a=1', '/?a=1'],
    ['alone after a well-known name is that document', '/.well-known/sample/y/z', '/.well-known/sample'],
    ['is not the beginning of a longer name', '/y/zebra', '/y/zebra'],
    ['is found in a whole address [RFC 9112 §3.2.2]', 'http://host.example/y/z/token?a=1', '/token?a=1'],
    ['may be absent in a whole address', 'https://host.example', '/'],
    ['is stripped once', '/y/z/y/z/token', '/y/z/token'],
  ])('%s', (_name, from, to) => {
    expect(rewrite(from)).toBe(to)
  })

  test('that is empty changes nothing', () => {
    expect(makeBasePathRewrite('https://host.example')('/y/z')).toBe('/y/z')
  })
})

test('a service is reached with and without its path, and the log has one route for both', async () => {
  const { service, lines } = makeSampleService({ publicUrl: 'http://localhost:4100/y' })
  for (const url of ['/y/uwv/metadata', '/uwv/metadata', '/.well-known/sample/y/uwv', '/.well-known/sample/uwv']) {
    expect((await service.public.inject(url)).statusCode).toBe(200)
  }
  const document = await service.public.inject('/y/uwv/v1/openapi.json')
  expect(document.json().servers).toEqual([{ url: 'http://localhost:4100/y/uwv/v1' }])
  expect(lines.filter((line) => line.includes('"/:organisation/metadata"'))).toHaveLength(2)
  await service.close()
})
