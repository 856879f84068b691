import { Button, Heading, Paragraph } from '@wegwijzer/ui'
import type { AppTexts } from '../texts/texts.ts'

/** All that is left when something of ours broke. What broke is not told: it may hold anything. */
export function Fault({
  texts,
  onReload,
}: {
  readonly texts: AppTexts['frame']['fault']
  readonly onReload: () => void
}) {
  return (
    <main className="app-main" role="alert">
      <Heading level={1}>{texts.title}</Heading>
      <Paragraph>{texts.text}</Paragraph>
      <Button purpose="primary" onPress={onReload}>
        {texts.reload}
      </Button>
    </main>
  )
}
