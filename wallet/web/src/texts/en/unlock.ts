import type { AppTexts } from '../texts.ts'

export const unlock: AppTexts['unlock'] = {
  title: 'Open your wallet',
  passphrase: 'Your passphrase',
  open: 'Open wallet',
  opening: 'Your wallet is opening…',
  withPasskey: 'Open with passkey',
  or: 'Or with your passphrase',
  show: 'Show passphrase',
  hide: 'Hide passphrase',
  empty: 'Type your passphrase.',
  wrong: 'This is not your passphrase. Mind capital letters and spaces.',
  wrongPasskey: 'This passkey does not belong to your wallet.',
  wait: (seconds) =>
    seconds === 1
      ? 'Wait 1 more second. Then you can try again.'
      : `Wait ${seconds} more seconds. Then you can try again.`,
  passkeyRefused: 'It did not work with the passkey. Perhaps you stopped, or it took too long. Please try again.',
  lostTitle: 'Does it no longer work?',
  lost: 'Nobody else can open your wallet. Neither can we. Ask whoever gave you your credentials for new ones.',
}
