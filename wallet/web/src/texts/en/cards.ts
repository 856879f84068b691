import type { AppTexts } from '../texts.ts'

export const cards: AppTexts['cards'] = {
  title: 'My credentials',
  loading: 'Your credentials are being fetched…',
  none: 'You have no credentials yet.',
  noneHow:
    'A school, employer or fund gives you a link or a QR code. For now you collect a credential with the wallet in the terminal.',
  list: 'Your credentials',
  again: 'Try again',
  until: (day) => `Valid until ${day}`,
  copiesLeft: (copies) =>
    copies === 1
      ? 'can be shared once more'
      : copies === 0
        ? 'can no longer be shared'
        : `can be shared ${copies} more times`,
  statuses: {
    valid: 'Valid',
    invalid: 'Revoked by its issuer',
    suspended: 'Not valid for now',
    expired: 'Expired',
    unknown: 'Cannot be checked now',
    none: 'Cannot be revoked',
  },
  oneMethodTitle: 'Make sure you do not lose your wallet',
  oneMethod: 'You have one way to open your wallet now. If it no longer works, you lose your credentials.',
  oneMethodLink: 'Add a second way',
}
