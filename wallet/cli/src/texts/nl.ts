import type { WalletErrorKind } from '@wegwijzer/wallet-core'
import type { UsageReason } from '../failure.ts'
import { DUTCH_FAILURES, DUTCH_KINDS, DUTCH_USAGE } from './nl-failures.ts'

/** Why something in the log was not completed, where that is no failure with a sentence of its own. */
const ACTIVITY_REASONS: Readonly<Record<string, string>> = {
  access_denied: 'u wilde niet delen',
  no_answer: 'de ander gaf geen antwoord; misschien zijn uw gegevens toch aangekomen',
}

/** Everything the terminal wallet says, in Dutch at level B1. */
export const nl = {
  help: `Uw wallet in de terminal

Zo gebruikt u de wallet:
  receive <aanbod>… [--tx-code N]      bewijzen ophalen; de code hoort bij het aanbod dat erom vraagt
  present <verzoek>                    gegevens delen; u ziet eerst wie wat vraagt
      [--choose <vraag>=<n>]           een ander bewijs kiezen
      [--claim-set <vraag>=<n>]        andere gegevens kiezen (anders: zo weinig mogelijk)
      [--with <vraag>]                 ook meesturen wat niet verplicht is
      [--yes]                          meteen delen; de wallet vraagt u niets meer
  list                                 uw bewijzen
  show <id>                            één bewijs met alle gegevens; een naam mag ook, zoals diploma
  activity                             wat u hebt ontvangen en gedeeld
  export <bestand>                     uw hele wallet meenemen in één bestand
  import <bestand>                     bewijzen uit zo’n bestand hier toevoegen

Overal mag ook: --json (voor programma’s), --lang nl|en, --help

De wallet staat in WALLET_DIR (anders ~/.wegwijzer). Uw wachtzin staat in WALLET_PASSPHRASE, of u typt hem.
Het bestand van export en import heeft dezelfde wachtzin, of de wachtzin in WALLET_BACKUP_PASSPHRASE.

Uitkomst: 0 gelukt, 1 u weigerde, 2 verkeerd gebruik, 3 de ander weigert of is niet bereikbaar, 4 niet te vertrouwen,
5 u hebt niet wat er gevraagd wordt, 70 een fout in de wallet zelf.`,

  yes: 'ja',
  no: 'nee',
  nothing: 'geen',
  passphrase: {
    ask: 'Wachtzin van uw wallet: ',
    choose: (minLength: number) => `Kies een wachtzin voor uw nieuwe wallet (minstens ${minLength} tekens): `,
    again: 'Typ de wachtzin nog een keer: ',
    differs: 'De twee wachtzinnen zijn niet gelijk. Probeer het opnieuw.',
    short: (minLength: number) =>
      `Deze wachtzin is te kort. Neem minstens ${minLength} tekens. Een hele zin is het best.`,
    ofBackup: 'Wachtzin van het bestand: ',
  },
  receive: {
    checking: 'Uw wallet controleert het aanbod…',
    offered: (issuer: string, types: string) => `${issuer} biedt u aan: ${types}. Uw wallet haalt het op…`,
    askCode: (issuer: string, hint: string) => `Typ de code die u van ${issuer} kreeg${hint}: `,
    codeLength: (length: number) => ` (${length} tekens)`,
    received: (name: string, issuer: string) => `Ontvangen: ${name} van ${issuer}`,
    failed: (number: number) => `Aanbod ${number} ophalen is niet gelukt.`,
    offerSpent:
      'De uitgever geeft niets op dit aanbod. Het is al gebruikt, ingetrokken of verlopen. Vraag de uitgever om een nieuw aanbod.',
    offerMaybeLocked:
      'De uitgever weigert uw code, nu al vijf keer of vaker. Het aanbod is nu misschien geblokkeerd. Vraag de uitgever om een nieuw aanbod.',
  },
  card: {
    issuer: 'Uitgever',
    receivedAt: 'Ontvangen op',
    expiresAt: 'Geldig tot',
    status: 'Status',
    copiesLeft: (copies: number) =>
      copies === 1 ? 'nog 1 keer te delen' : copies === 0 ? 'niet meer te delen' : `nog ${copies} keer te delen`,
    copies: 'Delen',
    form: 'Vorm',
    alwaysWhole: 'W3C-bewijs: wie het ziet, ziet altijd alles wat erop staat',
    id: 'Id',
    claims: 'Gegevens',
    none: 'U hebt nog geen bewijzen.',
    newestOf: (count: number) =>
      `U hebt ${count} van deze bewijzen. Dit is het nieuwste. Wilt u een ander zien? Gebruik dan zijn id.`,
  },
  statuses: {
    valid: 'geldig',
    invalid: 'ingetrokken',
    suspended: 'geschorst',
    expired: 'verlopen',
    unknown: 'nu niet te controleren',
    none: 'heeft geen status',
  },
  consent: {
    checking: 'Uw wallet controleert het verzoek…',
    title: (verifier: string) => `${verifier} vraagt u om gegevens`,
    identifier: 'Nummer',
    organisation: 'Organisatie',
    publicBody: 'Soort organisatie',
    isPublicBody: 'overheid',
    isNoPublicBody: 'geen overheid',
    service: 'Dienst',
    purpose: 'Waarvoor',
    privacyPolicy: 'Privacyverklaring',
    support: 'Gegevens laten verwijderen',
    shared: (verifier: string) => `Dit gaat naar ${verifier}:`,
    sharedNothing: 'geen gegevens, alleen dat u dit bewijs hebt',
    from: (name: string, issuer: string) => `${name} van ${issuer}`,
    keptBack: 'Blijft bij u',
    alwaysWhole: 'Let op: van dit bewijs gaan altijd alle gegevens mee.',
    warning: (status: string) => `Let op: dit bewijs is ${status}. De ander ziet dat ook.`,
    otherCandidates: 'U hebt meer bewijzen die passen:',
    receivedOn: (date: string) => `ontvangen op ${date}`,
    validUntil: (date: string) => `einddatum ${date}`,
    otherClaimSets: 'U kunt ook andere gegevens delen:',
    chosen: 'dit is nu gekozen',
    optional: 'Niet verplicht, en nu niet meegestuurd:',
    alternative: 'U kunt ook kiezen voor:',
    chooseWith: (option: string) => `kiezen met ${option}`,
    addWith: (option: string) => `meesturen met ${option}`,
    missing: 'Dit kan uw wallet niet geven:',
    missingOptional: 'Niet nodig, en uw wallet kan het niet geven:',
    missingClaims: 'Het gaat om',
    obtainableFrom: 'U krijgt het van',
    expiredCard: 'Verlopen',
    expiredOn: (title: string, date: string) => `${title}, was geldig tot ${date}`,
    unmet: {
      type: 'u hebt dit bewijs niet',
      expired: 'u hebt dit bewijs, maar het is verlopen; vraag de uitgever om een nieuw bewijs',
      no_copy_left: 'u kunt dit bewijs niet meer delen; vraag de uitgever om een nieuw bewijs',
      claim_missing: 'in uw bewijs staat niet alles wat er gevraagd wordt',
      value_differs: 'in uw bewijs staat iets anders dan er gevraagd wordt',
      authority: 'uw bewijs komt van een andere uitgever dan er gevraagd wordt',
      not_permitted: 'wie dit vraagt, mag dit niet aan u vragen',
      holder_binding: 'uw bewijs is niet gekoppeld aan uw wallet, en dat wordt wel gevraagd',
      format: 'uw wallet kent dit soort bewijs niet',
    },
    overAsking: (verifier: string) =>
      `${verifier} vraagt meer dan mag. Deze gegevens staan niet in de registratie. Uw wallet geeft ze niet:`,
    reportTo: (authority: string) => `U kunt dit melden bij de ${authority}.`,
    question: 'Delen? [ja/nee] ',
    tellQuestion: (verifier: string) => `Wilt u ${verifier} laten weten dat u niets deelt? [ja/nee] `,
    told: (verifier: string) => `${verifier} weet nu dat u niets deelt.`,
    notTold: (verifier: string) => `${verifier} was niet bereikbaar en weet dus niet dat u niets deelt.`,
    done: (verifier: string) => `Gedeeld met ${verifier}.`,
    openLink: 'Ga verder op deze pagina:',
  },
  activity: {
    none: 'Er is nog niets gebeurd in uw wallet.',
    shared: (party: string) => `Gedeeld met ${party}`,
    maybeShared: (party: string) => `Misschien gedeeld met ${party}`,
    notShared: (party: string) => `Niet gedeeld met ${party}`,
    received: (party: string) => `Ontvangen van ${party}`,
    notReceived: (party: string) => `Niet ontvangen van ${party}`,
    reason: 'Reden',
    purpose: 'Waarvoor',
    requested: 'Gevraagd',
    presented: 'Gedeeld',
    noClaims: 'alleen het bewijs zelf, zonder gegevens',
    credential: 'Bewijs',
    reasons: ACTIVITY_REASONS,
  },
  backup: {
    exported: (file: string) =>
      `Uw wallet staat nu in ${file}. Bewaar het bestand en de wachtzin niet op dezelfde plek.`,
    copiesTwice:
      'Elke kopie van uw bewijzen is er nu twee keer, dus ga verder met deze wallet of met het bestand en niet met allebei: anders kunnen ontvangers u herkennen.',
    added: (count: number) => (count === 1 ? 'Er is 1 bewijs toegevoegd.' : `Er zijn ${count} bewijzen toegevoegd.`),
    known: (count: number) => (count === 1 ? '1 bewijs had u al.' : `${count} bewijzen had u al.`),
    refused: (count: number) =>
      `${count === 1 ? '1 bewijs is' : `${count} bewijzen zijn`} niet toegevoegd: verlopen, niet meer te delen of niet meer te vertrouwen.`,
  },
  refusedByUser: 'U hebt nee gezegd of bent gestopt. Er is niets gedeeld.',
  internal: (name: string) => `Er ging iets mis in de wallet zelf (${name}).`,
  kinds: DUTCH_KINDS,
  failures: DUTCH_FAILURES,
  usage: DUTCH_USAGE,
}

/** The same things, said in any language. */
export type Words = Omit<typeof nl, 'kinds' | 'failures' | 'usage'> & {
  readonly kinds: Readonly<Record<WalletErrorKind, string>>
  readonly failures: Readonly<Record<string, string>>
  readonly usage: Readonly<Record<UsageReason, (detail: string) => string>>
}
