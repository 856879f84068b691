import type { TypeMetadata } from '@wegwijzer/protocol/sd-jwt-vc'
import type { CredentialTexts, Texts } from './holdings/held-credential.ts'

/** What a type is called in its metadata; its `vct` where nothing better is known. */
export function nameOfType(type: TypeMetadata | undefined, vct: string): Texts {
  const names = type?.display?.map(({ locale, name }) => ({ lang: locale, value: name })) ?? []
  return names.length > 0 ? names : [{ lang: 'en', value: type?.name ?? vct }]
}

/** Names of the type and of its claims, to be kept with a card. */
export function textsOfType(type: TypeMetadata): CredentialTexts {
  return {
    name: nameOfType(type, type.vct),
    claims: (type.claims ?? []).flatMap(({ path, display = [] }) =>
      display.length === 0
        ? []
        : [{ path, label: display.map(({ locale, label }) => ({ lang: locale, value: label })) }],
    ),
  }
}
