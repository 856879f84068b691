import { LANGUAGES, type Language } from '@wegwijzer/ui'

/** How this browser is set: kept in plain, so nothing of the person is in it. */
export interface Preferences {
  readonly language: Language
  /** After how long without a touch the wallet locks itself. */
  readonly idleMinutes: IdleMinutes
}

export type IdleMinutes = 2 | 5 | 15

export const IDLE_MINUTES: readonly IdleMinutes[] = [2, 5, 15]

const LANGUAGE = 'wegwijzer-language'
const MINUTES = 'wegwijzer-idle-minutes'

/** Dutch until somebody chooses: a browser that was installed in English says little about its owner. */
export function readPreferences(): Preferences {
  const language = read(LANGUAGE)
  const minutes = Number(read(MINUTES))
  return {
    language: LANGUAGES.find((known) => known === language) ?? 'nl',
    idleMinutes: IDLE_MINUTES.find((known) => known === minutes) ?? 5,
  }
}

export function keepPreferences({ language, idleMinutes }: Preferences): void {
  try {
    localStorage.setItem(LANGUAGE, language)
    localStorage.setItem(MINUTES, String(idleMinutes))
  } catch {
    // Storage may be full or forbidden: then it holds until the page is closed.
  }
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}
