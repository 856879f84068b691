import type { ReactNode } from 'react'
import { useWords } from '../words.ts'
import '@utrecht/form-field-css/dist/index.css'
import '@utrecht/form-label-css/dist/index.css'
import '@utrecht/form-field-description-css/dist/index.css'
import '@utrecht/form-field-error-message-css/dist/index.css'
import './form-field.css'

/** What every field has: a label that stays, and perhaps a hint and what is wrong with it. */
export interface FieldProps {
  /** Unique on the page: the error summary links to it. */
  readonly id: string
  readonly label: string
  readonly hint?: string | undefined
  readonly error?: string | undefined
  /** Only optional fields are marked. */
  readonly isOptional?: boolean
}

/** The ids of what describes a field, for `aria-describedby`. */
export function describedBy({ id, hint, error }: FieldProps): string | undefined {
  const ids = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(
    (text) => text !== false,
  )
  return ids.length === 0 ? undefined : ids.join(' ')
}

/** Label above, hint and error between label and field: nothing hides behind a keyboard on a phone. */
export function FormField({
  id,
  label,
  hint,
  error,
  isOptional = false,
  children,
}: FieldProps & { readonly children: ReactNode }) {
  const words = useWords()
  return (
    <div
      className={`utrecht-form-field wegwijzer-form-field${error === undefined ? '' : ' wegwijzer-form-field--invalid'}`}
    >
      <label className="utrecht-form-label" htmlFor={id}>
        {label}
        {isOptional && words.optional}
      </label>
      <FieldNotes id={id} hint={hint} error={error} />
      {children}
    </div>
  )
}

/** Hint and error of a field or of a group of them. */
export function FieldNotes({ id, hint, error }: Pick<FieldProps, 'id' | 'hint' | 'error'>) {
  const words = useWords()
  return (
    <>
      {hint !== undefined && (
        <div className="utrecht-form-field-description" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {error !== undefined && (
        <div className="utrecht-form-field-error-message" id={`${id}-error`}>
          <span className="wegwijzer-visually-hidden">{words.error}</span>
          {error}
        </div>
      )}
    </>
  )
}
