import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { useWords } from '../words.ts'
import { Button } from './button.tsx'
import './dialog.css'

/** A question that must be answered first. The browser keeps the focus in it, and gives it back afterwards. */
export function Dialog({
  title,
  children,
  actions,
  closing,
  onClose,
}: {
  readonly title: string
  readonly children: ReactNode
  /** Buttons beside the one that closes. */
  readonly actions?: ReactNode
  /** What the button that closes is called, where that is not just "close". */
  readonly closing?: string
  readonly onClose: () => void
}) {
  const words = useWords()
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  // Before it is taken out of the page: only then does the browser give the focus back.
  useLayoutEffect(() => {
    const element = dialog.current
    if (element?.open === false) element.showModal()
    return () => element?.close()
  }, [])
  return (
    <dialog
      className="wegwijzer-dialog"
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <h2 className="wegwijzer-dialog__title" id={titleId}>
        {title}
      </h2>
      {children}
      <div className="wegwijzer-actions">
        {actions}
        <Button purpose="primary" onPress={onClose}>
          {closing ?? words.close}
        </Button>
      </div>
    </dialog>
  )
}

/** Buttons beside each other, or below each other where there is no room. */
export function Actions({ children }: { readonly children: ReactNode }) {
  return <div className="wegwijzer-actions">{children}</div>
}
