import { Button, Dialog, Paragraph } from '@wegwijzer/ui'
import { useIdleLock } from './platform/idle-lock.ts'
import type { AppTexts } from './texts/texts.ts'

/** Around an open wallet: asks whether anybody is there, and locks when nobody answers. */
export function IdleLock({
  texts,
  minutes,
  onLock,
}: {
  readonly texts: AppTexts['frame']['idle']
  readonly minutes: number
  readonly onLock: () => void
}) {
  const { isWarning, stay } = useIdleLock(minutes, onLock)
  if (!isWarning) return null
  return (
    <Dialog
      title={texts.title}
      closing={texts.stay}
      onClose={stay}
      actions={<Button onPress={onLock}>{texts.lock}</Button>}
    >
      <Paragraph>{texts.text}</Paragraph>
    </Dialog>
  )
}
