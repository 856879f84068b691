import { Heading as CandidateHeading } from '@nl-design-system-candidate/heading-react'
import { Link as CandidateLink } from '@nl-design-system-candidate/link-react'
import { Paragraph as CandidateParagraph } from '@nl-design-system-candidate/paragraph-react'
import { SkipLink as CandidateSkipLink } from '@nl-design-system-candidate/skip-link-react'
import type { ReactNode, Ref } from 'react'
import '@nl-design-system-candidate/heading-css/heading.css'
import '@nl-design-system-candidate/link-css/link.css'
import '@nl-design-system-candidate/paragraph-css/paragraph.css'
import '@nl-design-system-candidate/skip-link-css/skip-link.css'
import './prose.css'

/** @param props.ref Of the `h1` of a screen, which gets the focus when the screen appears. */
export function Heading({
  level,
  id,
  ref,
  children,
}: {
  readonly level: 1 | 2 | 3
  readonly id?: string
  readonly ref?: Ref<HTMLHeadingElement>
  readonly children: ReactNode
}) {
  return (
    <CandidateHeading level={level} id={id} {...(ref !== undefined && { ref })} {...(level === 1 && { tabIndex: -1 })}>
      {children}
    </CandidateHeading>
  )
}

export function Paragraph({ children, isLead = false }: { readonly children: ReactNode; readonly isLead?: boolean }) {
  return <CandidateParagraph {...(isLead && { purpose: 'lead' })}>{children}</CandidateParagraph>
}

/**
 * A link of our own, never an address that a stranger gave.
 *
 * @param props.onFollow In the place of a page load, where the address is a screen of this app.
 */
export function Link({
  href,
  children,
  isCurrent = false,
  onFollow,
}: {
  readonly href: string
  readonly children: ReactNode
  readonly isCurrent?: boolean
  readonly onFollow?: () => void
}) {
  return (
    <CandidateLink
      href={href}
      {...(isCurrent && { current: 'page' })}
      onClick={(event) => {
        // With a modifier key it is for another tab.
        if (onFollow === undefined || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
        event.preventDefault()
        onFollow()
      }}
    >
      {children}
    </CandidateLink>
  )
}

/** The first thing that Tab reaches: past the header. */
export function SkipLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return <CandidateSkipLink href={href}>{children}</CandidateSkipLink>
}

export function BulletList({ items }: { readonly items: readonly string[] }) {
  return (
    <ul className="wegwijzer-bullet-list">
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  )
}
