/** Whose certificate is this, and for what does it count: chains against the anchors of one role of the trust list. */
export { type ChainReader, createChainReader } from './chain-reader.ts'
export { isDemoCertificate } from './demo-certificate.ts'
export { type ChainValidator, createChainValidator, type RoleContext, validateForRole } from './role.ts'
