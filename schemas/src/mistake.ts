/** One thing that is wrong with a JSON value, for the person who wrote it. */
export interface Mistake {
  /** Where, as a JSON Pointer (RFC 6901); '' is the whole value. */
  readonly path: string
  /** The JSON Schema keyword that is broken, or `consistent` where claims contradict each other, or `size`. */
  readonly rule: string
  /** A sentence without its subject, in English. It never quotes the value. */
  readonly message: string
}

/** A member's name as one step of a JSON Pointer. A long name of a stranger's is cut: it may be data in the wrong place. */
export function pointerStep(name: string): string {
  const short = name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name
  return `/${short.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

const MAX_NAME_LENGTH = 60
