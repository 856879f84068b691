import { type FocusEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import './window-list.css'

/** Rows beyond what is seen, so that Tab and a quick scroll find something. */
const SPARE_ROWS = 6
/** Also of a list that is below the screen: Tab may come to it before a scroll does. */
const LEAST_ROWS = 12

/**
 * A list of any length of which only what is on the screen exists. Rows have one height; the page scrolls, not the list.
 *
 * A row that gets the focus moves the window with it: a keyboard reaches every row.
 *
 * @param props.rowRem Height of a row, in `rem`, with the space below it.
 */
export function WindowList<Item>({
  label,
  items,
  rowRem,
  keyOf,
  renderItem,
}: {
  readonly label: string
  readonly items: readonly Item[]
  readonly rowRem: number
  readonly keyOf: (item: Item) => string
  readonly renderItem: (item: Item) => ReactNode
}) {
  const list = useRef<HTMLUListElement>(null)
  const [range, setRange] = useState<Range>({ from: 0, to: 20 })
  useLayoutEffect(() => {
    const look = () => {
      const element = list.current
      if (element === null) return
      const rowPx = rowRem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
      const next = findVisible(element.getBoundingClientRect().top, rowPx, window.innerHeight, items.length)
      setRange((range) => (range.from === next.from && range.to === next.to ? range : next))
    }
    look()
    window.addEventListener('scroll', look, { passive: true })
    window.addEventListener('resize', look)
    return () => {
      window.removeEventListener('scroll', look)
      window.removeEventListener('resize', look)
    }
  }, [items.length, rowRem])

  const reveal = ({ target }: FocusEvent<HTMLElement>) => target.scrollIntoView({ block: 'nearest' })
  return (
    <ul
      className="wegwijzer-window-list"
      ref={list}
      aria-label={label}
      style={{ paddingBlockStart: `${range.from * rowRem}rem`, blockSize: `${items.length * rowRem}rem` }}
      onFocus={reveal}
    >
      {items.slice(range.from, range.to).map((item, at) => (
        <li
          key={keyOf(item)}
          aria-posinset={range.from + at + 1}
          aria-setsize={items.length}
          style={{ blockSize: `${rowRem}rem` }}
        >
          {renderItem(item)}
        </li>
      ))}
    </ul>
  )
}

interface Range {
  readonly from: number
  readonly to: number
}

/** @param top Where the list begins, in pixels below the top of the screen; negative once it is scrolled away. */
export function findVisible(top: number, rowPx: number, screenPx: number, count: number): Range {
  const first = Math.floor(-top / rowPx)
  const last = Math.ceil((screenPx - top) / rowPx)
  const from = Math.min(Math.max(0, first - SPARE_ROWS), Math.max(0, count - 1))
  return { from, to: Math.min(count, Math.max(last + SPARE_ROWS, from + LEAST_ROWS)) }
}
