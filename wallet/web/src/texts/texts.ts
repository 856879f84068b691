import type { Language } from '@wegwijzer/ui'
import type { nl } from './nl/nl.ts'

/** Everything the app says; Dutch is written first, and every other language has exactly the same. */
export type AppTexts = Widened<typeof nl>

/** The same shape with any words in it. */
type Widened<Value> = Value extends string
  ? string
  : Value extends (...parameters: infer Parameters) => string
    ? (...parameters: Parameters) => string
    : Value extends readonly string[]
      ? readonly string[]
      : { readonly [Name in keyof Value]: Widened<Value[Name]> }

/** Loads one language: nobody reads two at a time. */
export async function loadTexts(language: Language): Promise<AppTexts> {
  switch (language) {
    case 'nl':
      return (await import('./nl/nl.ts')).nl
    case 'en':
      return (await import('./en/en.ts')).en
  }
}

/** The wording of a stranger's text in the language of the screen, else in Dutch, else the first there is. */
export function chooseText(
  texts: readonly { readonly lang: string; readonly value: string }[],
  language: Language,
): { readonly lang: string; readonly value: string } {
  const inLanguage = (wanted: string) =>
    texts.find(({ lang }) => lang.toLowerCase() === wanted || lang.toLowerCase().startsWith(`${wanted}-`))
  return inLanguage(language) ?? inLanguage('nl') ?? texts[0] ?? { lang: '', value: '' }
}
