import { Actions, Alert, Button, ErrorSummary, type FieldError, Paragraph, RadioList } from '@wegwijzer/ui'
import { useState } from 'react'
import type { Secret } from '../../worker/wallet-port.ts'
import { findFailure, findPasskeyRefusal } from '../failures.ts'
import { checkNewPassphrase, NewPassphraseFields, NO_PASSPHRASE } from '../new-passphrase.tsx'
import { Screen } from '../screen.tsx'
import { useSubmission } from '../use-submission.ts'
import type { BeginProps } from './begin.tsx'

const METHOD = 'method'

type Method = Secret['kind']

/** How the wallet is opened, and, before it is made, what it means to lose that. */
export function Protection({
  texts,
  failures,
  hasPasskeys,
  onMakePasskey,
  onMake,
  onBack,
}: BeginProps & { readonly onBack: () => void }) {
  const [method, setMethod] = useState<Method | undefined>(hasPasskeys ? undefined : 'passphrase')
  const [passphrase, setPassphrase] = useState(NO_PASSPHRASE)
  const { errors, attempt, isBusy, submit } = useSubmission()

  const send = async (): Promise<readonly FieldError[]> => {
    if (method === undefined) return [{ id: METHOD, message: texts.errors.method }]
    const mistakes = method === 'passphrase' ? checkNewPassphrase(passphrase, texts) : []
    if (mistakes.length > 0) return mistakes
    try {
      await onMake(
        method === 'passphrase' ? { kind: 'passphrase', passphrase: passphrase.text } : await onMakePasskey(),
      )
      return []
    } catch (error) {
      const refusal = findPasskeyRefusal(error)
      if (refusal === 'refused') return [{ id: METHOD, message: texts.errors.passkeyRefused }]
      if (refusal === 'unsupported') return [{ id: METHOD, message: texts.errors.passkeyUnsupported }]
      return [{ id: METHOD, message: failures[findFailure(error).kind] }]
    }
  }

  const choices = [
    { value: 'passkey', label: texts.passkey, hint: texts.passkeyHint },
    { value: 'passphrase', label: texts.passphrase, hint: texts.passphraseHint },
  ] as const
  return (
    <Screen title={texts.protectTitle}>
      <ErrorSummary errors={errors} attempt={attempt} />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit(send)
        }}
      >
        <RadioList<Method>
          id={METHOD}
          label={texts.method}
          choices={hasPasskeys ? choices : choices.slice(1)}
          chosen={method}
          error={errors.find(({ id }) => id === METHOD)?.message}
          onChoose={setMethod}
        />
        {method === 'passphrase' && (
          <NewPassphraseFields texts={texts} value={passphrase} errors={errors} onChange={setPassphrase} />
        )}
        <Alert kind="warning" title={texts.lostTitle}>
          <Paragraph>{texts.lost}</Paragraph>
          <Paragraph>{texts.lostTip}</Paragraph>
        </Alert>
        <Actions>
          <Button purpose="primary" type="submit" isBusy={isBusy}>
            {isBusy ? texts.making : texts.make}
          </Button>
          <Button onPress={onBack}>{texts.back}</Button>
        </Actions>
      </form>
    </Screen>
  )
}
