import { describedBy, type FieldProps, FormField } from './form-field.tsx'
import '@utrecht/textbox-css/dist/index.css'
import './text-field.css'

/** One line of text. What is wrong with it is said by the screen, in words, never by the browser's own bubble. */
export function TextField({
  value,
  type = 'text',
  autoComplete = 'off',
  maxLength,
  onChange,
  ...field
}: FieldProps & {
  readonly value: string
  readonly type?: 'text' | 'password' | 'search'
  readonly autoComplete?: 'off' | 'current-password' | 'new-password'
  readonly maxLength?: number
  readonly onChange: (value: string) => void
}) {
  return (
    <FormField {...field}>
      <input
        className={`utrecht-textbox utrecht-textbox--html-input wegwijzer-text-field${field.error === undefined ? '' : ' utrecht-textbox--invalid'}`}
        id={field.id}
        type={type}
        value={value}
        autoComplete={autoComplete}
        autoCapitalize="off"
        spellCheck={false}
        maxLength={maxLength}
        aria-describedby={describedBy(field)}
        aria-invalid={field.error !== undefined || undefined}
        onChange={(event) => onChange(event.target.value)}
      />
    </FormField>
  )
}
