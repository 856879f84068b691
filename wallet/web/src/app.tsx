import { type Language, LanguageProvider } from '@wegwijzer/ui'
import { useEffect, useState } from 'react'
import { CurrentScreen } from './current-screen.tsx'
import { IdleLock } from './idle-lock-frame.tsx'
import { keepPreferences, type Preferences } from './platform/preferences.ts'
import { keepOffline, type Update } from './platform/service-worker-client.ts'
import { useWallet } from './platform/wallet-session.ts'
import { useRouter } from './routes/router.ts'
import { Frame } from './screens/frame.tsx'
import { ScreenProvider } from './screens/screen.tsx'
import { type AppTexts, loadTexts } from './texts/texts.ts'

/** What holds for every screen: language, address, lock, newer versions. */
export function App(initial: { readonly preferences: Preferences; readonly texts: AppTexts }) {
  const [preferences, setPreferences] = useState(initial.preferences)
  const [texts, setTexts] = useState(initial.texts)
  const [update, setUpdate] = useState<Update>()
  const router = useRouter()
  const session = useWallet()
  const { language, idleMinutes } = preferences

  useEffect(() => void keepOffline(setUpdate), [])
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])

  const change = (changes: Partial<Preferences>) => {
    const changed = { ...preferences, ...changes }
    keepPreferences(changed)
    setPreferences(changed)
  }
  const speak = async (chosen: Language) => {
    // Words and `lang` change together, or a screen reader reads Dutch aloud as English.
    setTexts(await loadTexts(chosen))
    change({ language: chosen })
  }
  const isOpen = session.state === 'open'
  return (
    <LanguageProvider value={language}>
      <ScreenProvider>
        <Frame
          texts={texts.frame}
          language={language}
          current={isOpen ? router.route.screen : undefined}
          update={isOpen && router.route.screen !== 'cards' ? undefined : update?.use}
          onSpeak={(chosen) => void speak(chosen)}
          onGo={router.go}
          onLock={isOpen ? session.lock : undefined}
        >
          <CurrentScreen
            session={session}
            router={router}
            texts={texts}
            preferences={preferences}
            onChangePreferences={change}
          />
        </Frame>
        {isOpen && <IdleLock texts={texts.frame.idle} minutes={idleMinutes} onLock={session.lock} />}
      </ScreenProvider>
    </LanguageProvider>
  )
}
