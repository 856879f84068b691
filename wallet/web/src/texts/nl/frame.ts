/** Around every screen. */
export const frame = {
  product: 'Wegwijzer',
  skip: 'Naar de inhoud',
  menu: 'Menu',
  cards: 'Mijn bewijzen',
  settings: 'Instellingen',
  lock: 'Op slot doen',
  otherLanguage: 'English',
  footer:
    'Dit is een demo. Wegwijzer is geen erkende Europese identiteitswallet. De sleutels staan in uw browser, en u kunt ze meenemen.',
  loading: 'Een ogenblik…',
  update: {
    title: 'Er is een nieuwe versie van uw wallet',
    text: 'U kunt gewoon doorgaan. Kiest u voor de nieuwe versie? Dan opent u uw wallet daarna opnieuw.',
    use: 'Nieuwe versie gebruiken',
  },
  idle: {
    title: 'Bent u er nog?',
    text: 'U hebt uw wallet een tijd niet gebruikt. Over 30 seconden gaat hij op slot. Zo kan niemand anders erin kijken.',
    stay: 'Wallet open houden',
    lock: 'Nu op slot doen',
  },
  fault: {
    title: 'Er ging iets mis in de wallet',
    text: 'Dat ligt aan ons, niet aan u. Uw bewijzen zijn niet weg. Laad de pagina opnieuw.',
    reload: 'Pagina opnieuw laden',
  },
  unsupported: {
    title: 'Deze browser kan uw wallet niet bewaren',
    text: 'Misschien gebruikt u een privévenster, of is er geen ruimte meer. Open deze pagina in een gewoon venster van uw browser.',
  },
  failures: {
    wrong_secret: 'Dit is niet de goede wachtzin of passkey. Probeer het opnieuw.',
    too_soon: 'Wacht even voordat u het opnieuw probeert.',
    changed_elsewhere: 'Uw wallet is net op een andere plek veranderd. Probeer het opnieuw.',
    damaged: 'Uw wallet is beschadigd en kan niet open. Vraag de uitgevers om nieuwe bewijzen.',
    storage: 'Deze browser kan nu niets bewaren. Maak ruimte vrij en probeer het opnieuw.',
    unreachable: 'De andere kant is niet bereikbaar. Probeer het later opnieuw.',
    not_trusted: 'Uw wallet vertrouwt dit niet. Er is niets gedeeld en niets bewaard.',
    refused: 'De ander weigert, of geeft een antwoord dat niet klopt.',
    internal: 'Er ging iets mis in de wallet zelf. Probeer het opnieuw.',
  },
} as const
