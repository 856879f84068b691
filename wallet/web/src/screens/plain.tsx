import { Paragraph } from '@wegwijzer/ui'
import type { AppTexts } from '../texts/texts.ts'
import { Screen } from './screen.tsx'

/** For the moment in which nobody knows yet whether there is a wallet. It has no heading: nothing is said yet. */
export function Looking({ texts }: { readonly texts: AppTexts['frame'] }) {
  return <p className="app-looking">{texts.loading}</p>
}

export function Unusable({ texts }: { readonly texts: AppTexts['frame']['unsupported'] }) {
  return (
    <Screen title={texts.title}>
      <Paragraph>{texts.text}</Paragraph>
    </Screen>
  )
}
