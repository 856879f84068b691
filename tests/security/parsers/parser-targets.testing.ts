import { messageTargets } from './message-targets.testing.ts'
import { newerMessageTargets } from './newer-message-targets.testing.ts'
import type { ParserTarget } from './parser-target.testing.ts'
import { presentationTargets } from './presentation-targets.testing.ts'
import { trustTargets } from './trust-targets.testing.ts'

export const PARSER_TARGETS: readonly ParserTarget[] = [
  ...messageTargets,
  ...newerMessageTargets,
  ...presentationTargets,
  ...trustTargets,
]
