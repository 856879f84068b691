import { createContext, useContext } from 'react'

/** The languages a screen of ours speaks, Dutch first. */
export type Language = 'nl' | 'en'

export const LANGUAGES: readonly Language[] = ['nl', 'en']

const LanguageContext = createContext<Language>('nl')

/** Around everything: components take their own few words from it. */
export const LanguageProvider = LanguageContext.Provider

export function useLanguage(): Language {
  return useContext(LanguageContext)
}
