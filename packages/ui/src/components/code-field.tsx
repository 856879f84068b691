import { describedBy, type FieldProps, FormField } from './form-field.tsx'
import '@utrecht/textbox-css/dist/index.css'
import './text-field.css'

/** A code somebody was given, in one field: it can be pasted, with spaces and hyphens, which are left out. */
export function CodeField({
  value,
  isNumeric,
  onChange,
  ...field
}: FieldProps & { readonly value: string; readonly isNumeric: boolean; readonly onChange: (value: string) => void }) {
  return (
    <FormField {...field}>
      <input
        className={`utrecht-textbox utrecht-textbox--html-input wegwijzer-code-field${field.error === undefined ? '' : ' utrecht-textbox--invalid'}`}
        id={field.id}
        type="text"
        inputMode={isNumeric ? 'numeric' : 'text'}
        value={value}
        autoComplete="one-time-code"
        autoCapitalize="off"
        spellCheck={false}
        aria-describedby={describedBy(field)}
        aria-invalid={field.error !== undefined || undefined}
        onChange={(event) => onChange(event.target.value.replaceAll(/[\s-]/g, ''))}
      />
    </FormField>
  )
}
