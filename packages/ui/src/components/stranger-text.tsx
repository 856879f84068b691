import { cleanStrangerText } from '../format/stranger-text.ts'
import './stranger-text.css'

/**
 * Whatever others wrote: names, labels, values. Never a link, never markup, and its direction stays its own.
 *
 * @param props.lines How many lines it may take; without it, as many as it needs.
 */
export function StrangerText({
  text,
  lang,
  lines,
}: {
  readonly text: string
  readonly lang?: string | undefined
  readonly lines?: 1 | 2 | undefined
}) {
  const clamp = lines === undefined ? '' : ` wegwijzer-stranger-text--lines-${lines}`
  return (
    <bdi dir="auto" lang={lang} className={`wegwijzer-stranger-text${clamp}`}>
      {cleanStrangerText(text)}
    </bdi>
  )
}
