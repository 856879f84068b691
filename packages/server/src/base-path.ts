/**
 * Lets a service that registers its routes at the root also be reached under the path of its public URL, so that the
 * addresses it writes work with and without a proxy that strips that path.
 *
 * With the public URL `https://host/y` both `/y/uwv/v1/offers` and `/uwv/v1/offers` reach the route
 * `/:organisation/v1/offers`, and both `/.well-known/{name}/y/uwv` and `/.well-known/{name}/uwv` reach
 * `/.well-known/{name}/:organisation`: a well-known name is inserted before the path (RFC 8414 §3.1).
 *
 * An organisation whose id is the first segment of that path is only reached with the path in front.
 *
 * @returns fastify's `rewriteUrl`.
 */
export function makeBasePathRewrite(publicUrl: string): (url: string) => string {
  const basePath = new URL(publicUrl).pathname.replace(/\/+$/, '')
  return (target) => {
    const url = toOriginForm(target)
    if (basePath === '') return url
    const wellKnown = /^\/\.well-known\/[^/?#]+/.exec(url)?.[0] ?? ''
    const rest = url.slice(wellKnown.length)
    if (!rest.startsWith(basePath)) return url
    const stripped = rest.slice(basePath.length)
    if (stripped !== '' && !/^[/?#]/.test(stripped)) return url
    return wellKnown === '' && !stripped.startsWith('/') ? `/${stripped}` : `${wellKnown}${stripped}`
  }
}

/** A proxy may name the whole address in the request line (RFC 9112 §3.2.2); everything after looks at the path. */
function toOriginForm(target: string): string {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '')
  return path.startsWith('/') ? path : `/${path}`
}
