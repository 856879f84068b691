import { useState } from 'react'
import type { AppTexts } from '../../texts/texts.ts'
import type { Secret } from '../../worker/wallet-port.ts'
import { Introduction } from './introduction.tsx'
import { Protection } from './protection.tsx'

export interface BeginProps {
  readonly texts: AppTexts['begin']
  readonly failures: AppTexts['frame']['failures']
  readonly hasPasskeys: boolean
  readonly onMakePasskey: () => Promise<Secret>
  readonly onMake: (secret: Secret) => Promise<void>
}

/** Two steps: what this is; how it is to be opened. */
export function Begin(props: BeginProps) {
  const [hasStarted, setHasStarted] = useState(false)
  return hasStarted ? (
    <Protection {...props} onBack={() => setHasStarted(false)} />
  ) : (
    <Introduction texts={props.texts} onStart={() => setHasStarted(true)} />
  )
}
