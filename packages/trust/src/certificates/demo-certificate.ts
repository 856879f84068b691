import type { Certificate } from '@wegwijzer/keys/x509'

/** What the authorities that `npm start` makes have in their names. */
const DEMO_MARK = '(demo)'

/** Whether a demo authority made this certificate, its own included: production relies on none of these. */
export function isDemoCertificate({ issuerName }: Certificate): boolean {
  return issuerName.relativeNames.some((name) => name.includes(DEMO_MARK))
}
