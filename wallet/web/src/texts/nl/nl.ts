import { begin } from './begin.ts'
import { cards } from './cards.ts'
import { frame } from './frame.ts'
import { settings } from './settings.ts'
import { unlock } from './unlock.ts'

/** Dutch, level B1, "u". */
export const nl = { frame, begin, unlock, cards, settings } as const
