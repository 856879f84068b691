/**
 * Token Status List, draft -14 as HAIP 1.0 §9.4 pre-final-specifications pins it, with the stricter rules of -20: makes, verifies and reads Status
 * List Tokens. JWT only; fetching, caching and trust are `@wegwijzer/trust/status`'s.
 */
export {
  makeStatusBitmap,
  readStatus,
  readStatusValue,
  STATUS_VALUE,
  type Status,
  type StatusBitmap,
  type StatusBits,
  setStatusValue,
} from './bitmap.ts'
export {
  type Deflate,
  decompressStatusBitmap,
  deflateWithStreams,
  type Inflate,
  inflateWithStreams,
} from './compression.ts'
export {
  DEFAULT_MAX_STATUS_ENTRIES,
  type ExpectedStatusList,
  makeStatusListToken,
  maxTokenLength,
  readStatusX5c,
  STATUS_LIST_MEDIA_TYPE,
  STATUS_LIST_TYPE,
  type StatusList,
  type StatusListTokenContent,
  verifyStatusListToken,
} from './status-list-token.ts'
export { parseStatusReference, type StatusReference } from './status-reference.ts'
