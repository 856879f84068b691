import type { AppTexts } from '../texts.ts'
import { begin } from './begin.ts'
import { cards } from './cards.ts'
import { frame } from './frame.ts'
import { settings } from './settings.ts'
import { unlock } from './unlock.ts'

export const en: AppTexts = { frame, begin, unlock, cards, settings }
