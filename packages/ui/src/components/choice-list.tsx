import type { ReactNode } from 'react'
import { useWords } from '../words.ts'
import { describedBy, FieldNotes, type FieldProps } from './form-field.tsx'
import '@utrecht/form-label-css/dist/index.css'
import '@utrecht/checkbox-css/dist/index.css'
import '@utrecht/radio-button-css/dist/index.css'
import './choice-list.css'

export interface Choice<Value extends string> {
  readonly value: Value
  readonly label: ReactNode
  readonly hint?: ReactNode
}

interface ChoiceListProps<Value extends string> extends FieldProps {
  readonly choices: readonly Choice<Value>[]
}

/** One of several. Nothing is chosen beforehand unless the screen says so. */
export function RadioList<Value extends string>({
  choices,
  chosen,
  onChoose,
  ...field
}: ChoiceListProps<Value> & { readonly chosen: Value | undefined; readonly onChoose: (value: Value) => void }) {
  return (
    <ChoiceGroup {...field}>
      {choices.map((choice, at) => (
        <ChoiceRow key={choice.value} choice={choice} id={choiceId(field.id, at)} kind="radio">
          <input
            className="utrecht-radio-button utrecht-radio-button--html-input wegwijzer-choice__input"
            type="radio"
            id={choiceId(field.id, at)}
            name={field.id}
            checked={choice.value === chosen}
            aria-describedby={choice.hint === undefined ? undefined : `${choiceId(field.id, at)}-hint`}
            onChange={() => onChoose(choice.value)}
          />
        </ChoiceRow>
      ))}
    </ChoiceGroup>
  )
}

/** Any number of several. */
export function CheckboxList<Value extends string>({
  choices,
  chosen,
  onChange,
  ...field
}: ChoiceListProps<Value> & {
  readonly chosen: readonly Value[]
  readonly onChange: (chosen: readonly Value[]) => void
}) {
  return (
    <ChoiceGroup {...field}>
      {choices.map((choice, at) => {
        const { value } = choice
        const isChosen = chosen.includes(value)
        return (
          <ChoiceRow key={value} choice={choice} id={choiceId(field.id, at)} kind="checkbox">
            <input
              className="utrecht-checkbox utrecht-checkbox--html-input wegwijzer-choice__input"
              type="checkbox"
              id={choiceId(field.id, at)}
              name={field.id}
              checked={isChosen}
              aria-describedby={choice.hint === undefined ? undefined : `${choiceId(field.id, at)}-hint`}
              onChange={() => onChange(isChosen ? chosen.filter((other) => other !== value) : [...chosen, value])}
            />
          </ChoiceRow>
        )
      })}
    </ChoiceGroup>
  )
}

/** The first choice carries the id of the group, so that a link of the error summary leads to it. */
function choiceId(id: string, at: number): string {
  return at === 0 ? id : `${id}-${at}`
}

function ChoiceGroup({
  id,
  label,
  hint,
  error,
  isOptional = false,
  children,
}: FieldProps & { readonly children: ReactNode }) {
  const words = useWords()
  return (
    <fieldset
      className={`wegwijzer-choice-list${error === undefined ? '' : ' wegwijzer-form-field--invalid'}`}
      aria-describedby={describedBy({ id, label, hint, error })}
    >
      <legend className="wegwijzer-choice-list__legend">
        {label}
        {isOptional && words.optional}
      </legend>
      <FieldNotes id={id} hint={hint} error={error} />
      {children}
    </fieldset>
  )
}

function ChoiceRow<Value extends string>({
  choice,
  id,
  kind,
  children,
}: {
  readonly choice: Choice<Value>
  readonly id: string
  readonly kind: 'radio' | 'checkbox'
  readonly children: ReactNode
}) {
  return (
    <div className="wegwijzer-choice">
      {children}
      <div>
        <label className={`utrecht-form-label utrecht-form-label--${kind}`} htmlFor={id}>
          {choice.label}
        </label>
        {choice.hint !== undefined && (
          <div className="wegwijzer-choice__hint" id={`${id}-hint`}>
            {choice.hint}
          </div>
        )}
      </div>
    </div>
  )
}
