import { Heading } from '@wegwijzer/ui'
import { createContext, type ReactNode, type RefObject, useContext, useEffect, useRef } from 'react'

/** Whether a screen was shown before this one: the first one takes no focus away from where the browser starts. */
const HasShown = createContext<RefObject<boolean>>({ current: false })

export function ScreenProvider({ children }: { readonly children: ReactNode }) {
  return <HasShown value={useRef(false)}>{children}</HasShown>
}

/** One screen: its title is the page's, and a new screen is read from its heading. */
export function Screen({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const hasShown = useContext(HasShown)
  useEffect(() => {
    document.title = `${title} – Wegwijzer`
  }, [title])
  useEffect(() => {
    if (hasShown.current) heading.current?.focus()
    hasShown.current = true
  }, [hasShown])
  return (
    <>
      <Heading level={1} ref={heading}>
        {title}
      </Heading>
      {children}
    </>
  )
}
