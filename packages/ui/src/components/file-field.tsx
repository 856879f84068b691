import { useWords } from '../words.ts'
import { describedBy, type FieldProps, FormField } from './form-field.tsx'
import { StrangerText } from './stranger-text.tsx'
import './text-field.css'

/** A file of the worker's own. What is in it is judged by whoever reads it, not by its name. */
export function FileField({
  chosenName,
  accept,
  onChoose,
  ...field
}: FieldProps & {
  readonly chosenName?: string | undefined
  /** What the browser proposes, such as `image/*`; it keeps nobody from choosing something else. */
  readonly accept?: string
  readonly onChoose: (file: File) => void
}) {
  const words = useWords()
  return (
    <FormField {...field}>
      <input
        className="wegwijzer-file-field"
        id={field.id}
        type="file"
        accept={accept}
        aria-describedby={describedBy(field)}
        aria-invalid={field.error !== undefined || undefined}
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file !== undefined) onChoose(file)
        }}
      />
      {chosenName !== undefined && (
        <div>
          {words.chosenFile}
          <StrangerText text={chosenName} />
        </div>
      )}
    </FormField>
  )
}
