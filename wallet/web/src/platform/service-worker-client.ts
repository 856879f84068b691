import { serviceWorkerUrl } from './script-url.ts'

/** What is known of a newer version of the app. */
export interface Update {
  /** Uses it: the page loads again, so only on a person's own press, where nothing can be lost. */
  readonly use: () => void
}

/**
 * Makes the app work offline. A newer version is fetched in the background and waits until a person asks for it or the last
 * tab is closed; the screen in use never changes under anybody's hands.
 *
 * @param tell Called when a newer version waits.
 */
export async function keepOffline(tell: (update: Update) => void): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  try {
    const registration = await navigator.serviceWorker.register(serviceWorkerUrl(), { type: 'module' })
    const look = () => {
      const { waiting } = registration
      // Without a controller this is the first version, which nobody has to be told of.
      if (waiting !== null && navigator.serviceWorker.controller !== null) tell({ use: () => useVersion(waiting) })
    }
    look()
    registration.addEventListener('updatefound', () => {
      const { installing } = registration
      installing?.addEventListener('statechange', look)
    })
  } catch {
    // The app works without it, only not offline; some browsers forbid it in a private window.
  }
}

function useVersion(waiting: ServiceWorker): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  waiting.postMessage('take over')
}
