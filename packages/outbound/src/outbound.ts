/**
 * How we fetch from strangers: every URL that came in a message is fetched through here, and through nothing else. Scheme,
 * address, redirects, size, time and media type are bounded; what the answer says is the caller's.
 */
export { type AddressKind, type AddressRules, addressKind } from './address.ts'
export {
  DEFAULT_MAX_BYTES,
  DEFAULT_TIMEOUT_MS,
  OutboundError,
  type OutboundFailure,
  type OutboundFetch,
  type OutboundRequest,
  type OutboundResponse,
} from './exchange.ts'
