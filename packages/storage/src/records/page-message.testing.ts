/** How a test and a page talk: in JSON text, because what the browser's driver passes on loses `__proto__` and depth. */
export function toMessage(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) => {
    if (member instanceof Uint8Array) return { '*': 'octets', octets: Array.from(member) }
    return Number.isNaN(member) ? { '*': 'NaN' } : member
  })
}

export function fromMessage(text: string): unknown {
  return JSON.parse(text, (_name, member: unknown) => {
    if (typeof member !== 'object' || member === null || !('*' in member)) return member
    return 'octets' in member && Array.isArray(member.octets) ? Uint8Array.from(member.octets) : Number.NaN
  })
}
