import { useEffect, useRef } from 'react'
import { useWords } from '../words.ts'
import './error-summary.css'

export interface FieldError {
  /** The id of the field. */
  readonly id: string
  readonly message: string
}

/**
 * Stands above a form after a press of its button, says everything at once, and leads to each field.
 *
 * @param props.attempt Goes up at each press: the summary gets the focus again also when it says the same.
 */
export function ErrorSummary({
  errors,
  attempt,
}: {
  readonly errors: readonly FieldError[]
  readonly attempt: number
}) {
  const words = useWords()
  const box = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt moves the focus, whatever it found.
  useEffect(() => {
    if (errors.length > 0) box.current?.focus()
  }, [attempt])
  if (errors.length === 0) return null
  return (
    <div className="wegwijzer-error-summary" ref={box} role="alert" tabIndex={-1}>
      <p className="wegwijzer-error-summary__title">{words.errorSummary(errors.length)}</p>
      <ul className="wegwijzer-error-summary__list">
        {errors.map(({ id, message }) => (
          <li key={id}>
            <a
              href={`#${id}`}
              onClick={(event) => {
                event.preventDefault()
                document.getElementById(id)?.focus()
              }}
            >
              {message}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}
