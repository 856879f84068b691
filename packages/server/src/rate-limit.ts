import { isIPv6 } from 'node:net'
import type { EpochSeconds } from '@wegwijzer/protocol/crypto'

const WINDOW_SECONDS = 60
/** Addresses counted apart in one window; the rest share one count, so that memory stays bounded. */
const MAX_ADDRESSES = 50_000
const EVERYBODY_ELSE = ''

/**
 * Counts requests per address in windows of a minute.
 *
 * In memory and per instance: ten instances behind a load balancer give an address ten times as much. It bounds the work
 * one address can cause; it is not what protects a transaction code or a key (those count their own tries, in the store).
 *
 * @returns For one request: 0 when it may go on, otherwise the seconds to wait.
 */
export function makeRateLimit(requestsPerMinute: number): (address: string, now: EpochSeconds) => number {
  let windowStart = 0
  let counts = new Map<string, number>()
  return (address, now) => {
    if (requestsPerMinute === 0) return 0
    if (now >= windowStart + WINDOW_SECONDS || now < windowStart) {
      windowStart = now
      counts = new Map()
    }
    const prefix = toPrefix(address)
    const key = counts.has(prefix) || counts.size < MAX_ADDRESSES ? prefix : EVERYBODY_ELSE
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return count <= requestsPerMinute ? 0 : windowStart + WINDOW_SECONDS - now
  }
}

/** One household has a whole IPv6 /64 to choose addresses from, so that is what counts as one address. */
function toPrefix(address: string): string {
  if (!isIPv6(address)) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? []
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  return [...left, ...zeros, ...right].slice(0, 4).join(':').toLowerCase()
}
