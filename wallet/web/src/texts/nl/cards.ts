export const cards = {
  title: 'Mijn bewijzen',
  loading: 'Uw bewijzen worden opgehaald…',
  none: 'U hebt nog geen bewijzen.',
  noneHow:
    'Een school, werkgever of fonds geeft u een link of een QR-code. Nu haalt u een bewijs nog op met de wallet in de terminal.',
  list: 'Uw bewijzen',
  again: 'Opnieuw proberen',
  until: (day: string) => `Geldig tot ${day}`,
  copiesLeft: (copies: number) =>
    copies === 1 ? 'nog 1 keer te delen' : copies === 0 ? 'niet meer te delen' : `nog ${copies} keer te delen`,
  statuses: {
    valid: 'Geldig',
    invalid: 'Ingetrokken door de uitgever',
    suspended: 'Tijdelijk niet geldig',
    expired: 'Verlopen',
    unknown: 'Nu niet te controleren',
    none: 'Kan niet worden ingetrokken',
  },
  oneMethodTitle: 'Zorg dat u uw wallet niet kwijtraakt',
  oneMethod: 'U hebt nu één manier om uw wallet te openen. Lukt die niet meer? Dan bent u uw bewijzen kwijt.',
  oneMethodLink: 'Tweede manier toevoegen',
} as const
