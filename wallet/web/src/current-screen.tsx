import { useEffect } from 'react'
import { askPasskey, hasPasskeys, makePasskey } from './platform/passkey.ts'
import { IDLE_MINUTES, type Preferences } from './platform/preferences.ts'
import type { WalletSession } from './platform/wallet-session.ts'
import type { Router } from './routes/router.ts'
import { Begin } from './screens/begin/begin.tsx'
import { Cards } from './screens/cards/cards.tsx'
import { Looking, Unusable } from './screens/plain.tsx'
import { Settings } from './screens/settings/settings.tsx'
import { Unlock } from './screens/unlock/unlock.tsx'
import type { AppTexts } from './texts/texts.ts'

/** The screen that fits the state of the wallet and the address; here screens get their data and callbacks. */
export function CurrentScreen({
  session,
  router: { route, go },
  texts,
  preferences,
  onChangePreferences,
}: {
  readonly session: WalletSession
  readonly router: Router
  readonly texts: AppTexts
  readonly preferences: Preferences
  readonly onChangePreferences: (changes: Partial<Preferences>) => void
}) {
  const isMisplaced =
    session.state === 'none' ? route.screen !== 'begin' : session.state !== 'looking' && route.screen === 'begin'
  useEffect(() => {
    if (isMisplaced) go(session.state === 'none' ? { screen: 'begin' } : { screen: 'cards' }, 'replace')
  }, [isMisplaced, session.state, go])

  switch (session.state) {
    case 'looking':
      return <Looking texts={texts.frame} />
    case 'unusable':
      return <Unusable texts={texts.frame.unsupported} />
    case 'none':
      return (
        <Begin
          texts={texts.begin}
          failures={texts.frame.failures}
          hasPasskeys={hasPasskeys()}
          onMakePasskey={() => makePasskey(texts.begin.passkeyName)}
          onMake={session.make}
        />
      )
    case 'locked':
      return (
        <Unlock
          texts={texts.unlock}
          failures={texts.frame.failures}
          vault={session.vault}
          onUsePasskey={askPasskey}
          onUnlock={session.unlock}
        />
      )
    case 'open':
      if (route.screen === 'settings') {
        return (
          <Settings
            texts={texts.settings}
            words={texts}
            preferences={preferences}
            idleChoices={IDLE_MINUTES}
            onReadMethods={() => session.ask('methods', undefined)}
            onMakePasskey={() => makePasskey(texts.begin.passkeyName)}
            onUsePasskey={askPasskey}
            onAdd={(present, added) => session.ask('addMethod', { present, added })}
            onRemove={(present, id) => session.ask('removeMethod', { present, id })}
            onChangePreferences={onChangePreferences}
          />
        )
      }
      return (
        <Cards
          texts={texts.cards}
          failures={texts.frame.failures}
          revision={session.revision}
          onList={() => session.ask('list', undefined)}
          onReadMethods={() => session.ask('methods', undefined)}
          onGoToSettings={() => go({ screen: 'settings' })}
        />
      )
  }
}
