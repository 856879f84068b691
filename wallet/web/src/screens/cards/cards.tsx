import { Alert, Button, CardTile, formatDate, Link, Paragraph, useLanguage, WindowList } from '@wegwijzer/ui'
import { useEffect, useState } from 'react'
import { printRoute } from '../../routes/route.ts'
import { type AppTexts, chooseText } from '../../texts/texts.ts'
import type { CardSummary, FailureKind, UnlockMethod } from '../../worker/wallet-port.ts'
import { findFailure } from '../failures.ts'
import { Screen } from '../screen.tsx'

type Listing =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly kind: FailureKind }
  | { readonly state: 'there'; readonly cards: readonly CardSummary[]; readonly methodCount: number }

/** Two lines of name, one of issuer, one of status, and the space around them. */
const ROW_REM = 9.5

export function Cards({
  texts,
  failures,
  revision,
  onList,
  onReadMethods,
  onGoToSettings,
}: {
  readonly texts: AppTexts['cards']
  readonly failures: AppTexts['frame']['failures']
  /** Another one when what is listed may have changed. */
  readonly revision: number
  readonly onList: () => Promise<readonly CardSummary[]>
  readonly onReadMethods: () => Promise<readonly UnlockMethod[]>
  readonly onGoToSettings: () => void
}) {
  const [listing, setListing] = useState<Listing>({ state: 'loading' })
  const load = async () => {
    try {
      const [cards, methods] = await Promise.all([onList(), onReadMethods()])
      setListing({ state: 'there', cards, methodCount: methods.length })
    } catch (error) {
      setListing({ state: 'failed', kind: findFailure(error).kind })
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the screen appears, and when another tab has changed something.
  useEffect(() => void load(), [revision])
  return (
    <Screen title={texts.title}>
      {listing.state === 'loading' && <p role="status">{texts.loading}</p>}
      {listing.state === 'failed' && (
        <Alert kind="error" title={failures[listing.kind]} isNew>
          <Button onPress={() => void load()}>{texts.again}</Button>
        </Alert>
      )}
      {listing.state === 'there' && (
        <>
          {listing.methodCount < 2 && (
            <Alert kind="warning" title={texts.oneMethodTitle}>
              <Paragraph>{texts.oneMethod}</Paragraph>
              <Link href={printRoute({ screen: 'settings' })} onFollow={onGoToSettings}>
                {texts.oneMethodLink}
              </Link>
            </Alert>
          )}
          <CardList texts={texts} cards={listing.cards} />
        </>
      )}
    </Screen>
  )
}

function CardList({ texts, cards }: { readonly texts: AppTexts['cards']; readonly cards: readonly CardSummary[] }) {
  const language = useLanguage()
  if (cards.length === 0) {
    return (
      <>
        <Paragraph isLead>{texts.none}</Paragraph>
        <Paragraph>{texts.noneHow}</Paragraph>
      </>
    )
  }
  const noteOf = ({ status, expiresAt, copiesLeft }: CardSummary) =>
    status === 'valid' && expiresAt !== undefined
      ? `${texts.until(formatDate(expiresAt, language))} · ${texts.copiesLeft(copiesLeft)}`
      : `${texts.statuses[status]} · ${texts.copiesLeft(copiesLeft)}`
  return (
    <WindowList
      label={texts.list}
      items={cards}
      rowRem={ROW_REM}
      keyOf={({ id }) => id}
      renderItem={(card) => (
        <CardTile
          title={chooseText(card.title, language)}
          issuer={chooseText(card.issuer, language)}
          note={noteOf(card)}
          tone={
            card.status === 'invalid' || card.status === 'suspended' || card.status === 'expired' ? 'troubled' : 'plain'
          }
        />
      )}
    />
  )
}
