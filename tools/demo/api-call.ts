import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { text } from 'node:stream/consumers'
import { getCACertificates } from 'node:tls'
import type { Config } from '@wegwijzer/server/config'

export interface ApiCall {
  readonly method: 'GET' | 'POST'
  readonly apiKey: string
  readonly body?: unknown
}

export interface ApiAnswer {
  readonly status: number
  readonly text: string
}

/** Calls an organisation API of these settings; over TLS it believes the authority of `npm start -- --https` too. */
export async function callApi(
  { outboundCaFile }: Pick<Config, 'outboundCaFile'>,
  url: string,
  { method, apiKey, body }: ApiCall,
): Promise<ApiAnswer> {
  const content = body === undefined ? undefined : JSON.stringify(body)
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const options = {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(content !== undefined && { 'content-type': 'application/json' }),
      },
      // One exchange, and nothing that keeps the program from ending.
      agent: false,
    } as const
    const authorities = outboundCaFile === undefined ? [] : [readFileSync(outboundCaFile, 'utf8')]
    const outgoing = url.startsWith('https:')
      ? https.request(url, { ...options, ca: [...getCACertificates('default'), ...authorities] })
      : http.request(url, options)
    outgoing.once('response', resolve)
    outgoing.once('error', reject)
    outgoing.end(content)
  })
  return { status: answer.statusCode ?? 0, text: await text(answer) }
}
