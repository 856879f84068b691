import { Actions, Button, ErrorSummary, type FieldError, Heading, Paragraph, TextField } from '@wegwijzer/ui'
import { useEffect, useRef, useState } from 'react'
import type { Secret, UnlockMethod } from '../../worker/wallet-port.ts'
import { findFailure, findPasskeyRefusal } from '../failures.ts'
import { checkNewPassphrase, NewPassphraseFields, NO_PASSPHRASE, UsernameForManagers } from '../new-passphrase.tsx'
import { useSubmission } from '../use-submission.ts'
import { nameMethods } from './method-list.tsx'
import type { SettingsProps } from './settings.tsx'

export type MethodTask =
  | { readonly kind: 'add_passkey' }
  | { readonly kind: 'add_passphrase' }
  | { readonly kind: 'remove'; readonly id: string }

const PRESENT = 'present'

/** Adds or removes one way to open the wallet, on the proof of another: an open wallet alone proves nobody. */
export function MethodChange({
  task,
  methods,
  texts,
  words,
  onMakePasskey,
  onUsePasskey,
  onAdd,
  onRemove,
  onEnd,
}: SettingsProps & {
  readonly task: MethodTask
  readonly methods: readonly UnlockMethod[]
  readonly onEnd: (isDone: boolean) => void
}) {
  const [present, setPresent] = useState('')
  const [added, setAdded] = useState(NO_PASSPHRASE)
  const { errors, attempt, isBusy, submit } = useSubmission()
  // A passkey that was made is kept for another try: each try would make one more.
  const made = useRef<Secret>(undefined)
  const heading = useRef<HTMLDivElement>(null)
  useEffect(() => heading.current?.focus(), [])

  const staying = methods.filter(({ id }) => task.kind !== 'remove' || id !== task.id)
  const passkeys = staying.filter((method) => method.kind === 'passkey')
  const byPassphrase = staying.some(({ kind }) => kind === 'passphrase')

  const send = async (): Promise<readonly FieldError[]> => {
    const mistakes = [
      ...(byPassphrase && present === '' ? [{ id: PRESENT, message: words.unlock.empty }] : []),
      ...(task.kind === 'add_passphrase' ? checkNewPassphrase(added, words.begin) : []),
    ]
    if (mistakes.length > 0) return mistakes
    try {
      const proof: Secret = byPassphrase ? { kind: 'passphrase', passphrase: present } : await onUsePasskey(passkeys)
      if (task.kind === 'remove') await onRemove(proof, task.id)
      else if (task.kind === 'add_passphrase') await onAdd(proof, { kind: 'passphrase', passphrase: added.text })
      else {
        made.current ??= await onMakePasskey()
        await onAdd(proof, made.current)
      }
    } catch (error) {
      return [{ id: byPassphrase ? PRESENT : 'send', message: explain(error) }]
    }
    onEnd(true)
    return []
  }
  const explain = (error: unknown): string => {
    const refusal = findPasskeyRefusal(error)
    if (refusal === 'unsupported') return words.begin.errors.passkeyUnsupported
    if (refusal === 'refused') return words.unlock.passkeyRefused
    return words.frame.failures[findFailure(error).kind]
  }

  const isAdding = task.kind !== 'remove'
  const name = isAdding ? '' : (nameMethods(methods, texts).get(task.id) ?? '')
  const title =
    task.kind === 'remove'
      ? texts.removeTitle(name)
      : task.kind === 'add_passkey'
        ? texts.addPasskey
        : texts.addPassphrase
  return (
    <>
      <div ref={heading} tabIndex={-1} className="app-main__part">
        <Heading level={2}>{title}</Heading>
      </div>
      <ErrorSummary errors={errors} attempt={attempt} />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit(send)
        }}
      >
        <Paragraph>{isAdding ? texts.addText : texts.removeText}</Paragraph>
        {byPassphrase ? (
          <>
            <UsernameForManagers />
            <TextField
              id={PRESENT}
              label={texts.present}
              hint={texts.presentHint}
              error={errors.find(({ id }) => id === PRESENT)?.message}
              type="password"
              autoComplete="current-password"
              value={present}
              onChange={setPresent}
            />
          </>
        ) : (
          <Paragraph>{texts.presentPasskey}</Paragraph>
        )}
        {task.kind === 'add_passphrase' && (
          <NewPassphraseFields texts={words.begin} value={added} errors={errors} onChange={setAdded} />
        )}
        <Actions>
          <Button id="send" purpose="primary" type="submit" isBusy={isBusy}>
            {isBusy ? texts.adding : isAdding ? title : texts.removeOf(name)}
          </Button>
          <Button onPress={() => onEnd(false)}>{words.begin.back}</Button>
        </Actions>
      </form>
    </>
  )
}
