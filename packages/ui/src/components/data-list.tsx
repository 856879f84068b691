import type { ReactNode } from 'react'
import '@utrecht/data-list-css/dist/index.css'
import './data-list.css'

export interface DataRow {
  readonly id: string
  readonly label: ReactNode
  readonly value: ReactNode
}

/** What is known about one thing, row by row. */
export function DataList({ rows }: { readonly rows: readonly DataRow[] }) {
  return (
    <dl className="utrecht-data-list utrecht-data-list--rows wegwijzer-data-list">
      {rows.map(({ id, label, value }) => (
        <div className="wegwijzer-data-list__row" key={id}>
          <dt className="utrecht-data-list__item-key">{label}</dt>
          <dd className="utrecht-data-list__item-value utrecht-data-list__item-value--html-dd">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
