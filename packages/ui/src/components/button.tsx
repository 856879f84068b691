import { Button as CandidateButton } from '@nl-design-system-candidate/button-react'
import type { ReactNode } from 'react'
import '@nl-design-system-candidate/button-css/button.css'

/**
 * Something to press. There is no disabled one: pressing it always answers, if need be by saying what is missing.
 *
 * @param props.isBusy It has been pressed and the answer is under way; another press does nothing.
 */
export function Button({
  children,
  purpose = 'secondary',
  type = 'button',
  isBusy = false,
  id,
  onPress,
}: {
  readonly children: ReactNode
  readonly purpose?: 'primary' | 'secondary' | 'subtle'
  readonly type?: 'button' | 'submit'
  readonly isBusy?: boolean
  readonly id?: string
  readonly onPress?: (() => void) | undefined
}) {
  return (
    <CandidateButton
      purpose={purpose}
      type={type}
      aria-busy={isBusy || undefined}
      id={id}
      onClick={(event) => {
        if (isBusy) event.preventDefault()
        else onPress?.()
      }}
    >
      {children}
    </CandidateButton>
  )
}
