/**
 * The short name of a credential type: `diploma` of `https://wegwijzer.example/types/diploma/1`, `pid` of
 * `urn:eudi:pid:nl:1`. Two types of different makers may share one.
 */
export function shortTypeName(vct: string): string {
  const name = vct.startsWith('urn:') ? vct.split(':')[2] : vct.split('/').at(-2)
  return name || vct
}
