import type { FieldError } from '@wegwijzer/ui'
import { useRef, useState } from 'react'

/** A form that is sent once at a time and says everything that is wrong with it together. */
export interface Submission {
  readonly errors: readonly FieldError[]
  /** Goes up with every press. */
  readonly attempt: number
  readonly isBusy: boolean
  /** @param send Does it, and gives what is wrong; nothing where it went well. */
  readonly submit: (send: () => Promise<readonly FieldError[]>) => Promise<void>
}

export function useSubmission(): Submission {
  const [errors, setErrors] = useState<readonly FieldError[]>([])
  const [attempt, setAttempt] = useState(0)
  const [isBusy, setIsBusy] = useState(false)
  // At once, not at the next rendering: two presses may come before that.
  const sending = useRef(false)
  return {
    errors,
    attempt,
    isBusy,
    async submit(send) {
      if (sending.current) return
      sending.current = true
      setIsBusy(true)
      try {
        setErrors(await send())
      } finally {
        sending.current = false
        setIsBusy(false)
        setAttempt((count) => count + 1)
      }
    },
  }
}
