import type { Immutable } from '@wegwijzer/protocol/json'
import { type Static, Type } from 'typebox'

/** A text in one language (BCP 47), as EU formats have it. */
export const LocalizedTextSchema = Type.Object({
  lang: Type.String({ minLength: 2, maxLength: 35 }),
  value: Type.String({ minLength: 1, maxLength: 2000 }),
})

/** The same text in each of its languages. */
export const LocalizedTextsSchema = Type.Array(LocalizedTextSchema, { minItems: 1, maxItems: 30 })

/** A text that a worker reads: Dutch first, English second, always both. */
export const BilingualTextSchema = Type.Object({
  nl: Type.String({ minLength: 1, maxLength: 2000 }),
  en: Type.String({ minLength: 1, maxLength: 2000 }),
})

export type LocalizedText = Immutable<Static<typeof LocalizedTextSchema>>
export type BilingualText = Immutable<Static<typeof BilingualTextSchema>>

export function makeLocalizedTexts({ nl, en }: BilingualText): readonly LocalizedText[] {
  return [
    { lang: 'nl', value: nl },
    { lang: 'en', value: en },
  ]
}
