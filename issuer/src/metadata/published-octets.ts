import type { IssuingOrganisation } from '../organisation/organisations.ts'

/**
 * What is published of an organisation, as it is sent: every wallet fetches the same tens of kilobytes.
 *
 * Kept for as long as the organisation as it was read, so that it changes when that does.
 */
export function rememberingOctets(
  publish: (organisation: IssuingOrganisation) => object,
): (organisation: IssuingOrganisation) => Buffer {
  const known = new WeakMap<IssuingOrganisation, Buffer>()
  return (organisation) => {
    const octets = known.get(organisation) ?? Buffer.from(JSON.stringify(publish(organisation)))
    known.set(organisation, octets)
    return octets
  }
}
