import { Actions, Button, ErrorSummary, type FieldError, Heading, Paragraph, TextField } from '@wegwijzer/ui'
import { useEffect, useState } from 'react'
import type { AppTexts } from '../../texts/texts.ts'
import type { Secret, UnlockMethod, Vault } from '../../worker/wallet-port.ts'
import { findFailure, findPasskeyRefusal } from '../failures.ts'
import { UsernameForManagers } from '../new-passphrase.tsx'
import { Screen } from '../screen.tsx'
import { useSubmission } from '../use-submission.ts'

type PasskeyMethod = Extract<UnlockMethod, { readonly kind: 'passkey' }>

const PASSPHRASE = 'passphrase'
const PASSKEY = 'passkey'

/** What stands between anybody with this device and the wallet. */
export function Unlock({
  texts,
  failures,
  vault,
  onUsePasskey,
  onUnlock,
}: {
  readonly texts: AppTexts['unlock']
  readonly failures: AppTexts['frame']['failures']
  readonly vault: Extract<Vault, { readonly state: 'locked' }>
  readonly onUsePasskey: (methods: readonly PasskeyMethod[]) => Promise<Secret>
  readonly onUnlock: (secret: Secret) => Promise<void>
}) {
  const [passphrase, setPassphrase] = useState('')
  const [isShown, setIsShown] = useState(false)
  const [waitUntil, setWaitUntil] = useState(vault.waitUntil ?? 0)
  const waitSeconds = useSecondsUntil(waitUntil)
  const { errors, attempt, isBusy, submit } = useSubmission()
  const passkeys = vault.methods.filter((method) => method.kind === 'passkey')
  const hasPassphrase = vault.methods.some(({ kind }) => kind === 'passphrase')

  const open = async (field: string, wrong: string, find: () => Promise<Secret>): Promise<readonly FieldError[]> => {
    try {
      await onUnlock(await find())
      return []
    } catch (error) {
      if (findPasskeyRefusal(error) !== undefined) return [{ id: field, message: texts.passkeyRefused }]
      const failure = findFailure(error)
      setWaitUntil(failure.waitUntil)
      if (failure.kind === 'too_soon') return []
      return [{ id: field, message: failure.kind === 'wrong_secret' ? wrong : failures[failure.kind] }]
    }
  }
  const openWithPassphrase = async () =>
    passphrase === ''
      ? [{ id: PASSPHRASE, message: texts.empty }]
      : open(PASSPHRASE, texts.wrong, async () => ({ kind: 'passphrase', passphrase }))
  const openWithPasskey = () => open(PASSKEY, texts.wrongPasskey, () => onUsePasskey(passkeys))

  return (
    <Screen title={texts.title}>
      <ErrorSummary errors={errors} attempt={attempt} />
      {passkeys.length > 0 && (
        <Actions>
          <Button id={PASSKEY} purpose="primary" isBusy={isBusy} onPress={() => void submit(openWithPasskey)}>
            {texts.withPasskey}
          </Button>
        </Actions>
      )}
      {passkeys.length > 0 && hasPassphrase && <Heading level={2}>{texts.or}</Heading>}
      {hasPassphrase && (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            void submit(openWithPassphrase)
          }}
        >
          <UsernameForManagers />
          <TextField
            id={PASSPHRASE}
            label={texts.passphrase}
            error={errors.find(({ id }) => id === PASSPHRASE)?.message}
            type={isShown ? 'text' : 'password'}
            autoComplete="current-password"
            value={passphrase}
            onChange={setPassphrase}
          />
          <div className="app-show">
            <Button purpose="subtle" onPress={() => setIsShown(!isShown)}>
              {isShown ? texts.hide : texts.show}
            </Button>
          </div>
          <p role="status">{waitSeconds > 0 && texts.wait(waitSeconds)}</p>
          <Actions>
            <Button purpose={passkeys.length > 0 ? 'secondary' : 'primary'} type="submit" isBusy={isBusy}>
              {isBusy ? texts.opening : texts.open}
            </Button>
          </Actions>
        </form>
      )}
      <section className="app-section">
        <Heading level={2}>{texts.lostTitle}</Heading>
        <Paragraph>{texts.lost}</Paragraph>
      </section>
    </Screen>
  )
}

/** @param until Epoch seconds. */
function useSecondsUntil(until: number): number {
  const read = () => Math.max(0, Math.ceil(until - Date.now() / 1000))
  const [seconds, setSeconds] = useState(read)
  // biome-ignore lint/correctness/useExhaustiveDependencies: it counts anew when the time to wait for changes.
  useEffect(() => {
    setSeconds(read())
    const timer = setInterval(() => setSeconds(read()), 1000)
    return () => clearInterval(timer)
  }, [until])
  return seconds
}
