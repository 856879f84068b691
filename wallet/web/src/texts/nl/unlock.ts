export const unlock = {
  title: 'Open uw wallet',
  passphrase: 'Uw wachtzin',
  open: 'Wallet openen',
  opening: 'Uw wallet gaat open…',
  withPasskey: 'Openen met passkey',
  or: 'Of met uw wachtzin',
  show: 'Wachtzin laten zien',
  hide: 'Wachtzin verbergen',
  empty: 'Typ uw wachtzin.',
  wrong: 'Dit is niet uw wachtzin. Let op hoofdletters en spaties.',
  wrongPasskey: 'Deze passkey past niet bij uw wallet.',
  wait: (seconds: number) =>
    seconds === 1
      ? 'Wacht nog 1 seconde. Dan kunt u het opnieuw proberen.'
      : `Wacht nog ${seconds} seconden. Dan kunt u het opnieuw proberen.`,
  passkeyRefused: 'Het lukte niet met de passkey. Misschien stopte u, of duurde het te lang. Probeer het opnieuw.',
  lostTitle: 'Lukt het niet meer?',
  lost: 'Niemand anders kan uw wallet openen. Ook wij niet. Vraag uw bewijzen dan opnieuw aan bij wie ze gaf.',
} as const
