import { useEffect, useState } from 'react'

/** Before it locks, the person is told, and can keep it open: WCAG 2.2 §2.2.1 asks for at least twenty seconds. */
export const WARNING_SECONDS = 30

const SIGNS_OF_LIFE = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const

/**
 * Watches an open wallet for somebody who uses it.
 *
 * Counts by the clock and not by a timer, which a browser slows down in a tab that is not seen, and a laptop stops that is
 * closed.
 *
 * @returns Whether the warning is to be shown, and what keeps the wallet open.
 */
export function useIdleLock(
  minutes: number,
  lock: () => void,
): { readonly isWarning: boolean; readonly stay: () => void } {
  const [touchedAt, setTouchedAt] = useState(() => Date.now())
  const [isWarning, setIsWarning] = useState(false)
  useEffect(() => {
    let last = touchedAt
    const look = () => {
      const idleSeconds = (Date.now() - last) / 1000
      if (idleSeconds >= minutes * 60) lock()
      else setIsWarning(idleSeconds >= minutes * 60 - WARNING_SECONDS)
    }
    const touch = () => {
      // Once the question is there, only its answer counts.
      if ((Date.now() - last) / 1000 < minutes * 60 - WARNING_SECONDS) last = Date.now()
    }
    const timer = setInterval(look, 1000)
    document.addEventListener('visibilitychange', look)
    for (const sign of SIGNS_OF_LIFE) document.addEventListener(sign, touch, { capture: true, passive: true })
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
      for (const sign of SIGNS_OF_LIFE) document.removeEventListener(sign, touch, { capture: true })
    }
  }, [touchedAt, minutes, lock])
  return {
    isWarning,
    stay() {
      setIsWarning(false)
      setTouchedAt(Date.now())
    },
  }
}
