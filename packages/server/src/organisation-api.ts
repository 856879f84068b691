import { type Static, Type } from 'typebox'

/** Where an organisation's own API stands; register its routes under this prefix, on the internal door. */
export const ORGANISATION_API = '/:organisation/v1'

/** First path segments that are the service's own. */
const RESERVED_IDS = ['health', 'metrics', 'ready', 'v1']

/** An organisation's id: it is a path segment, so it is lower case and needs no encoding. */
export const OrganisationId = Type.String({
  pattern: `^(?!(?:${RESERVED_IDS.join('|')})$)[a-z][a-z0-9]*(-[a-z0-9]+)*$`,
  maxLength: 63,
})

/** The path parameters of every route of the organisation API; extend it with the route's own. */
export const OrganisationParams = Type.Object({ organisation: OrganisationId })
export type OrganisationParams = Static<typeof OrganisationParams>

/** @param path Without query. */
export function isOrganisationApi(path: string): boolean {
  return /^\/(?:[^/]+\/)?v1(?:\/|$)/.test(path)
}

/**
 * Whether a page of another origin made this request. Its answer would be unreadable to that page anyway (no CORS); refusing
 * it also keeps such a page from causing anything.
 *
 * @param origin The `Origin` header; what is not a browser sends none.
 */
export function isCrossOrigin(origin: string | undefined, host: string | undefined, publicUrl: string): boolean {
  if (origin === undefined || origin === new URL(publicUrl).origin) return false
  return origin !== `https://${host}` && origin !== `http://${host}`
}
