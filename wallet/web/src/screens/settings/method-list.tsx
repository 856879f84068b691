import { Actions, Button, DataList, Heading, Paragraph } from '@wegwijzer/ui'
import type { AppTexts } from '../../texts/texts.ts'
import type { UnlockMethod } from '../../worker/wallet-port.ts'
import type { MethodTask } from './method-change.tsx'

/** Every way to open the wallet; the last one cannot be taken away. */
export function MethodList({
  texts,
  methods,
  onTask,
}: {
  readonly texts: AppTexts['settings']
  readonly methods: readonly UnlockMethod[]
  readonly onTask: (task: MethodTask) => void
}) {
  const hasPassphrase = methods.some(({ kind }) => kind === 'passphrase')
  const names = nameMethods(methods, texts)
  return (
    <>
      <Heading level={2}>{texts.methodsTitle}</Heading>
      <DataList
        rows={methods.map((method) => ({
          id: method.id,
          label: names.get(method.id),
          value:
            methods.length > 1 ? (
              <Button purpose="subtle" onPress={() => onTask({ kind: 'remove', id: method.id })}>
                {texts.removeOf(names.get(method.id) ?? '')}
              </Button>
            ) : (
              texts.lastOne
            ),
        }))}
      />
      <Heading level={3}>{texts.addTitle}</Heading>
      <Paragraph>{texts.addText}</Paragraph>
      <Actions>
        <Button onPress={() => onTask({ kind: 'add_passkey' })}>{texts.addPasskey}</Button>
        {!hasPassphrase && <Button onPress={() => onTask({ kind: 'add_passphrase' })}>{texts.addPassphrase}</Button>}
      </Actions>
    </>
  )
}

/** Passkeys are numbered where there are more: nothing else is known of them. */
export function nameMethods(
  methods: readonly UnlockMethod[],
  texts: AppTexts['settings'],
): ReadonlyMap<string, string> {
  const passkeys = methods.filter(({ kind }) => kind === 'passkey')
  return new Map(
    methods.map((method) => {
      if (method.kind === 'passphrase') return [method.id, texts.passphrase]
      return [method.id, passkeys.length === 1 ? texts.passkey : `${texts.passkey} ${passkeys.indexOf(method) + 1}`]
    }),
  )
}
