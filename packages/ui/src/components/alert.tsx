import type { ReactNode } from 'react'
import { useWords } from '../words.ts'
import '@utrecht/alert-css/dist/index.css'
import './alert.css'

/**
 * Something to know before going on.
 *
 * @param props.isNew It appeared because of something that just happened: it is read aloud at once.
 */
export function Alert({
  kind,
  title,
  children,
  isNew = false,
}: {
  readonly kind: 'info' | 'warning' | 'error' | 'ok'
  readonly title: string
  readonly children?: ReactNode
  readonly isNew?: boolean
}) {
  const words = useWords()
  return (
    <div
      className={`utrecht-alert utrecht-alert--${kind} wegwijzer-alert wegwijzer-alert--${kind}`}
      {...(isNew && { role: kind === 'error' ? 'alert' : 'status' })}
    >
      <div className="utrecht-alert__content">
        <p className="wegwijzer-alert__title">
          <span className="wegwijzer-visually-hidden">{words.alerts[kind]}</span>
          {title}
        </p>
        {children}
      </div>
    </div>
  )
}
