import { Button, type FieldError, TextField } from '@wegwijzer/ui'
import { useState } from 'react'
import type { AppTexts } from '../texts/texts.ts'
import { judgePassphrase, MAX_PASSPHRASE_LENGTH, MIN_PASSPHRASE_LENGTH } from './passphrase-strength.ts'

export interface NewPassphrase {
  readonly text: string
  readonly again: string
}

export const NO_PASSPHRASE: NewPassphrase = { text: '', again: '' }

const FIELD = 'new-passphrase'
const AGAIN = 'new-passphrase-again'

/** Everything that is not right with it, at once. */
export function checkNewPassphrase({ text, again }: NewPassphrase, texts: AppTexts['begin']): readonly FieldError[] {
  const length = Array.from(text.trim()).length
  const mistake =
    length < MIN_PASSPHRASE_LENGTH
      ? texts.errors.short(MIN_PASSPHRASE_LENGTH)
      : text.length > MAX_PASSPHRASE_LENGTH
        ? texts.errors.long(MAX_PASSPHRASE_LENGTH)
        : judgePassphrase(text) === 'weak'
          ? texts.errors.weak
          : undefined
  return [
    ...(mistake === undefined ? [] : [{ id: FIELD, message: mistake }]),
    ...(text === again ? [] : [{ id: AGAIN, message: texts.errors.differs }]),
  ]
}

/** Two fields, because a slip of the finger in one would lock its owner out for good. */
export function NewPassphraseFields({
  texts,
  value,
  errors,
  onChange,
}: {
  readonly texts: AppTexts['begin']
  readonly value: NewPassphrase
  readonly errors: readonly FieldError[]
  readonly onChange: (value: NewPassphrase) => void
}) {
  const [isShown, setIsShown] = useState(false)
  const type = isShown ? 'text' : 'password'
  const errorOf = (id: string) => errors.find((error) => error.id === id)?.message
  return (
    <>
      <UsernameForManagers />
      <TextField
        id={FIELD}
        label={texts.newPassphrase}
        hint={texts.newPassphraseHint(MIN_PASSPHRASE_LENGTH)}
        error={errorOf(FIELD)}
        type={type}
        autoComplete="new-password"
        value={value.text}
        onChange={(text) => onChange({ ...value, text })}
      />
      <p className="app-strength" role="status">
        {value.text !== '' && `${texts.strength} ${texts.strengths[judgePassphrase(value.text)]}`}
      </p>
      <TextField
        id={AGAIN}
        label={texts.again}
        error={errorOf(AGAIN)}
        type={type}
        autoComplete="new-password"
        value={value.again}
        onChange={(again) => onChange({ ...value, again })}
      />
      <div className="app-show">
        <Button purpose="subtle" onPress={() => setIsShown(!isShown)}>
          {isShown ? texts.hide : texts.show}
        </Button>
      </div>
    </>
  )
}

/** A password manager keeps the passphrase under this name; nobody sees it. */
export function UsernameForManagers() {
  return <input type="text" name="username" autoComplete="username" value="wegwijzer" readOnly hidden />
}
