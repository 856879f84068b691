import type { ReactNode } from 'react'
import { StrangerText } from './stranger-text.tsx'
import './card-tile.css'

/** A stranger's text with its language. */
export interface WrittenText {
  readonly value: string
  readonly lang: string
}

/** A credential in a list: of one height, however long the names in it are. */
export function CardTile({
  title,
  issuer,
  note,
  tone = 'plain',
}: {
  readonly title: WrittenText
  readonly issuer: WrittenText
  /** Such as its status, in our words. */
  readonly note: ReactNode
  /** `troubled`: it cannot be relied on now. */
  readonly tone?: 'plain' | 'troubled'
}) {
  return (
    <article className={`wegwijzer-card-tile wegwijzer-card-tile--${tone}`}>
      <h2 className="wegwijzer-card-tile__title">
        <StrangerText text={title.value} lang={title.lang} lines={2} />
      </h2>
      <p className="wegwijzer-card-tile__issuer">
        <StrangerText text={issuer.value} lang={issuer.lang} lines={1} />
      </p>
      <p className="wegwijzer-card-tile__note">{note}</p>
    </article>
  )
}
