import type { Texts } from '@wegwijzer/wallet-core'
import { safeText } from '../render/safe-text.ts'
import { en } from './en.ts'
import { nl, type Words } from './nl.ts'

export type { Words } from './nl.ts'

export type Language = 'nl' | 'en'

/** How something is to be put into words. */
export interface Wording {
  readonly language: Language
  readonly words: Words
}

export function wordingIn(language: Language): Wording {
  return { language, words: language === 'en' ? en : nl }
}

/** Dutch, unless the terminal says that it is an English one. @see POSIX.1-2024 §8.2 for the order of the variables */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  return /^en([_.@-]|$)/i.test(locale) ? 'en' : 'nl'
}

/** A stranger's text in the worker's language, else in the first language it has; empty where it has none. */
export function pickText(texts: Texts, { language }: Wording, maxLength?: number): string {
  const inLanguage = texts.find(({ lang }) => lang.toLowerCase().split('-')[0] === language)
  return safeText((inLanguage ?? texts[0])?.value ?? '', maxLength)
}
