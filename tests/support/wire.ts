import type { OutboundFetch } from '@wegwijzer/outbound'
import { createNodeFetch } from '@wegwijzer/outbound/node'

/** What a wallet sent, and what it was answered, in the order in which it happened. */
export interface Wire {
  readonly fetch: OutboundFetch
  /** URL, headers and body of every request so far, as one text. */
  sent(): string
  close(): void
}

/** A wallet's real way out, with a copy of everything that goes over it. */
export function recordWire(): Wire {
  const inner = createNodeFetch({ allowLoopback: true })
  const requests: string[] = []
  return {
    fetch: (request) => {
      requests.push(JSON.stringify(request))
      return inner(request)
    },
    sent: () => requests.join('\n'),
    close: () => inner.close(),
  }
}
