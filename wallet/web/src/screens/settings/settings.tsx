import { Alert, Heading, RadioList } from '@wegwijzer/ui'
import { useEffect, useState } from 'react'
import type { IdleMinutes, Preferences } from '../../platform/preferences.ts'
import type { AppTexts } from '../../texts/texts.ts'
import type { FailureKind, Secret, UnlockMethod } from '../../worker/wallet-port.ts'
import { findFailure } from '../failures.ts'
import { Screen } from '../screen.tsx'
import { MethodChange, type MethodTask } from './method-change.tsx'
import { MethodList } from './method-list.tsx'

export interface SettingsProps {
  readonly texts: AppTexts['settings']
  readonly words: AppTexts
  readonly preferences: Preferences
  readonly idleChoices: readonly IdleMinutes[]
  readonly onReadMethods: () => Promise<readonly UnlockMethod[]>
  readonly onMakePasskey: () => Promise<Secret>
  readonly onUsePasskey: (methods: readonly Extract<UnlockMethod, { readonly kind: 'passkey' }>[]) => Promise<Secret>
  readonly onAdd: (present: Secret, added: Secret) => Promise<void>
  readonly onRemove: (present: Secret, id: string) => Promise<void>
  readonly onChangePreferences: (changes: Partial<Preferences>) => void
}

export function Settings(props: SettingsProps) {
  const { texts, words, preferences, idleChoices, onReadMethods, onChangePreferences } = props
  const [methods, setMethods] = useState<readonly UnlockMethod[]>()
  const [failure, setFailure] = useState<FailureKind>()
  const [task, setTask] = useState<MethodTask>()
  const [done, setDone] = useState<'added' | 'removed'>()
  const read = async () => {
    try {
      setMethods(await onReadMethods())
    } catch (error) {
      setFailure(findFailure(error).kind)
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the screen appears.
  useEffect(() => void read(), [])

  return (
    <Screen title={texts.title}>
      {failure !== undefined && <Alert kind="error" title={words.frame.failures[failure]} isNew />}
      {done !== undefined && <Alert kind="ok" title={texts[done]} isNew />}
      {methods !== undefined &&
        (task === undefined ? (
          <MethodList
            texts={texts}
            methods={methods}
            onTask={(next) => {
              setDone(undefined)
              setTask(next)
            }}
          />
        ) : (
          <MethodChange
            {...props}
            task={task}
            methods={methods}
            onEnd={(isDone) => {
              setTask(undefined)
              if (!isDone) return
              setDone(task.kind === 'remove' ? 'removed' : 'added')
              void read()
            }}
          />
        ))}
      <Heading level={2}>{texts.idleTitle}</Heading>
      <RadioList
        id="idle-minutes"
        label={texts.idle}
        choices={idleChoices.map((minutes) => ({ value: String(minutes), label: texts.idleAfter(minutes) }))}
        chosen={String(preferences.idleMinutes)}
        onChoose={(chosen) => {
          const minutes = idleChoices.find((known) => String(known) === chosen)
          if (minutes !== undefined) onChangePreferences({ idleMinutes: minutes })
        }}
      />
    </Screen>
  )
}
