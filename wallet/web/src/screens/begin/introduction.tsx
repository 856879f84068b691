import { Actions, BulletList, Button, Heading, Paragraph } from '@wegwijzer/ui'
import type { AppTexts } from '../../texts/texts.ts'
import { Screen } from '../screen.tsx'

/** What a wallet is and is not, and who can see it. */
export function Introduction({ texts, onStart }: { readonly texts: AppTexts['begin']; readonly onStart: () => void }) {
  return (
    <Screen title={texts.title}>
      <Paragraph isLead>{texts.lead}</Paragraph>
      <Heading level={2}>{texts.isTitle}</Heading>
      <BulletList items={texts.facts} />
      <Actions>
        <Button purpose="primary" onPress={onStart}>
          {texts.start}
        </Button>
      </Actions>
    </Screen>
  )
}
