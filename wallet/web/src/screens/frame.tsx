import { Alert, Button, type Language, Link, Paragraph, SkipLink } from '@wegwijzer/ui'
import type { ReactNode } from 'react'
import { printRoute, type Route } from '../routes/route.ts'
import type { AppTexts } from '../texts/texts.ts'
import './frame.css'

/** Header, content, footer. While the wallet is locked there is nowhere to go. */
export function Frame({
  texts,
  language,
  current,
  update,
  onSpeak,
  onGo,
  onLock,
  children,
}: {
  readonly texts: AppTexts['frame']
  readonly language: Language
  /** The screen of the open wallet. */
  readonly current: Route['screen'] | undefined
  readonly update: (() => void) | undefined
  readonly onSpeak: (language: Language) => void
  readonly onGo: (route: Route) => void
  readonly onLock: (() => void) | undefined
  readonly children: ReactNode
}) {
  const other: Language = language === 'nl' ? 'en' : 'nl'
  const links = [
    [{ screen: 'cards' }, texts.cards],
    [{ screen: 'settings' }, texts.settings],
  ] as const
  return (
    <>
      <SkipLink href="#content">{texts.skip}</SkipLink>
      <header className="app-header">
        <div className="app-header__row">
          <span className="app-header__product">{texts.product}</span>
          <div className="app-header__actions">
            <span lang={other}>
              <Button purpose="subtle" onPress={() => onSpeak(other)}>
                {texts.otherLanguage}
              </Button>
            </span>
            {onLock !== undefined && (
              <Button purpose="secondary" onPress={onLock}>
                {texts.lock}
              </Button>
            )}
          </div>
        </div>
        {current !== undefined && (
          <nav className="app-nav" aria-label={texts.menu}>
            <ul className="app-nav__list">
              {links.map(([route, label]) => (
                <li key={route.screen}>
                  <Link href={printRoute(route)} isCurrent={route.screen === current} onFollow={() => onGo(route)}>
                    {label}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
        )}
      </header>
      <main className="app-main" id="content" tabIndex={-1}>
        {update !== undefined && (
          <Alert kind="info" title={texts.update.title} isNew>
            <Paragraph>{texts.update.text}</Paragraph>
            <Button onPress={update}>{texts.update.use}</Button>
          </Alert>
        )}
        {children}
      </main>
      <footer className="app-footer">{texts.footer}</footer>
    </>
  )
}
