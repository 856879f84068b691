import { createRoot } from 'react-dom/client'
import '@wegwijzer/ui/theme.css'
import { App } from './app.tsx'
import { readPreferences } from './platform/preferences.ts'
import { Fault } from './screens/fault.tsx'
import { loadTexts } from './texts/texts.ts'

/** Starts the app; when something of ours breaks in it, what is left is one plain sentence. */
async function start(place: HTMLElement): Promise<void> {
  const preferences = readPreferences()
  const texts = await loadTexts(preferences.language)
  createRoot(place, {
    onUncaughtError() {
      createRoot(place).render(<Fault texts={texts.frame.fault} onReload={() => location.reload()} />)
    },
  }).render(<App preferences={preferences} texts={texts} />)
}

const place = document.getElementById('app')
if (place !== null) void start(place)
