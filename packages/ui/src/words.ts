import { type Language, useLanguage } from './language.ts'

/** The words that components bring themselves; all others come from the screen. */
const WORDS = {
  nl: {
    optional: ' (niet verplicht)',
    error: 'Fout: ',
    errorSummary: (count: number) => (count === 1 ? 'Er is iets niet goed' : `Er zijn ${count} dingen niet goed`),
    alerts: { info: 'Let op: ', warning: 'Waarschuwing: ', error: 'Fout: ', ok: 'Gelukt: ' },
    chosenFile: 'Gekozen bestand: ',
    close: 'Sluiten',
  },
  en: {
    optional: ' (optional)',
    error: 'Error: ',
    errorSummary: (count: number) => (count === 1 ? 'Something is not right' : `${count} things are not right`),
    alerts: { info: 'Note: ', warning: 'Warning: ', error: 'Error: ', ok: 'Done: ' },
    chosenFile: 'Chosen file: ',
    close: 'Close',
  },
} as const satisfies Readonly<Record<Language, unknown>>

export function useWords() {
  return WORDS[useLanguage()]
}
