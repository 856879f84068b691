import type { AppTexts } from '../texts.ts'

export const frame: AppTexts['frame'] = {
  product: 'Wegwijzer',
  skip: 'Skip to content',
  menu: 'Menu',
  cards: 'My credentials',
  settings: 'Settings',
  lock: 'Lock',
  otherLanguage: 'Nederlands',
  footer:
    'This is a demo. Wegwijzer is not a certified European Digital Identity Wallet. The keys are in your browser, and you can take them along.',
  loading: 'One moment…',
  update: {
    title: 'There is a new version of your wallet',
    text: 'You can just go on. If you choose the new version, you open your wallet again afterwards.',
    use: 'Use the new version',
  },
  idle: {
    title: 'Are you still there?',
    text: 'You have not used your wallet for a while. It locks in 30 seconds, so that nobody else can look into it.',
    stay: 'Keep wallet open',
    lock: 'Lock now',
  },
  fault: {
    title: 'Something went wrong in the wallet',
    text: 'This is our mistake, not yours. Your credentials are still there. Please load the page again.',
    reload: 'Load page again',
  },
  unsupported: {
    title: 'This browser cannot keep your wallet',
    text: 'You may be using a private window, or there is no room left. Open this page in an ordinary window of your browser.',
  },
  failures: {
    wrong_secret: 'This is not the right passphrase or passkey. Please try again.',
    too_soon: 'Please wait a moment before you try again.',
    changed_elsewhere: 'Your wallet has just changed somewhere else. Please try again.',
    damaged: 'Your wallet is damaged and cannot be opened. Ask the issuers for new credentials.',
    storage: 'This browser cannot keep anything now. Make some room and try again.',
    unreachable: 'The other side cannot be reached. Please try again later.',
    not_trusted: 'Your wallet does not trust this. Nothing was shared and nothing was kept.',
    refused: 'The other side refuses, or its answer is not right.',
    internal: 'Something went wrong in the wallet itself. Please try again.',
  },
}
