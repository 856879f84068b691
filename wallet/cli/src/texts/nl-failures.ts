import type { WalletErrorKind } from '@wegwijzer/wallet-core'
import type { UsageReason } from '../failure.ts'

/** What is said where nothing is known but the kind of failure. */
export const DUTCH_KINDS: Readonly<Record<WalletErrorKind, string>> = {
  invalid_input: 'Dit is geen aanbod of verzoek dat uw wallet kent.',
  not_trusted: 'Uw wallet vertrouwt dit niet. Er is niets gedeeld en niets bewaard.',
  refused: 'De ander weigert, of geeft een antwoord dat niet klopt.',
  unreachable: 'De ander is niet bereikbaar. Probeer het later nog eens.',
  nothing_matches: 'U hebt geen bewijs dat past bij wat er gevraagd wordt.',
}

/** By the reason of a `WalletError`. */
export const DUTCH_FAILURES: Readonly<Record<string, string>> = {
  tx_code_wanted: 'Bij dit aanbod hoort een code. Geef de code met --tx-code.',
  invalid_credential_offer: 'Dit is geen aanbod dat uw wallet kent. Controleer of u de hele link hebt.',
  issuer_unknown: 'Wie dit aanbiedt, staat niet op de vertrouwenslijst. Uw wallet haalt het niet op.',
  type_not_allowed: 'Deze organisatie mag dit soort bewijs niet uitgeven. Uw wallet haalt het niet op.',
  type_not_registered: 'Deze organisatie is niet geregistreerd voor dit soort bewijs. Uw wallet haalt het niet op.',
  issuer_invalid_registration: 'De registratie van wie dit aanbiedt, klopt niet. Uw wallet haalt het niet op.',
  issuer_registration_revoked: 'De registratie van wie dit aanbiedt, is ingetrokken. Uw wallet haalt het niet op.',
  issuer_registration_status_unavailable:
    'De registratie van wie dit aanbiedt, is nu niet te controleren. Probeer het later nog een keer.',
  invalid_credential_issuer_metadata:
    'Wat deze organisatie over zichzelf zegt, klopt niet. Uw wallet haalt het bewijs niet op.',
  response_not_encrypted: 'Het bewijs kwam niet versleuteld binnen. Uw wallet heeft het niet bewaard.',
  type_unknown: 'Dit soort bewijs staat niet op de vertrouwenslijst.',
  invalid_grant:
    'De uitgever zegt niet precies waarom hij weigert. De code klopt niet, of het aanbod is al gebruikt, verlopen of geblokkeerd. Controleer de code. Klopt die? Vraag dan om een nieuw aanbod.',
  invalid_credential: 'Het bewijs dat binnenkwam, klopt niet. Uw wallet heeft het niet bewaard.',
  issuance_deferred: 'De uitgever geeft dit bewijs pas later. Daar kan deze wallet nog niet mee werken.',
  verifier_unknown: 'Wie dit vraagt, staat niet op de vertrouwenslijst. Er is niets gedeeld.',
  response_uri_elsewhere: 'Uw gegevens zouden niet naar het adres gaan van wie ze vraagt. Er is niets gedeeld.',
  registration_missing: 'Wie dit vraagt, heeft hier geen registratie voor. Er is niets gedeeld.',
  registration_revoked: 'De registratie van wie dit vraagt, is ingetrokken. Er is niets gedeeld.',
  registration_status_unavailable: 'De registratie van wie dit vraagt, is nu niet te controleren. Er is niets gedeeld.',
  invalid_transaction_data: 'In het verzoek staat een opdracht die uw wallet niet kent. Er is niets gedeeld.',
  request_not_available: 'Het verzoek is er niet meer. Vraag om een nieuw verzoek.',
  response_refused: 'De ander accepteert uw antwoord niet. Vraag om een nieuw verzoek.',
  over_asking: 'Er wordt meer gevraagd dan mag. Uw wallet geeft dat niet. Er is niets gedeeld.',
  no_copy_left: 'U kunt dit bewijs niet meer delen: alle kopieën zijn gebruikt. Vraag de uitgever om een nieuw bewijs.',
  invalid_choice: 'U kiest iets wat u hier niet kunt kiezen.',
  trust_list_unavailable: 'De vertrouwenslijst is niet op te halen. Zonder die lijst vertrouwt uw wallet niemand.',
  trust_list_rollback:
    'Deze vertrouwenslijst is ouder dan de lijst die uw wallet al kende. Uw wallet gebruikt de oude lijst niet.',
  expired_trust_list: 'De vertrouwenslijst is verlopen. Zonder die lijst vertrouwt uw wallet niemand.',
  invalid_trust_list: 'De vertrouwenslijst klopt niet. Zonder die lijst vertrouwt uw wallet niemand.',
}

/** By the reason of a `UsageError`; the sentence may name the detail. */
export const DUTCH_USAGE: Readonly<Record<UsageReason, (detail: string) => string>> = {
  no_command: () => 'Zeg wat uw wallet moet doen. Met --help ziet u wat er kan.',
  unknown_command: (command) => `De opdracht “${command}” is er niet. Met --help ziet u wat er kan.`,
  unknown_option: (option) => `De optie ${option} is er niet, of er ontbreekt iets bij. Met --help ziet u wat er kan.`,
  option_not_here: (option) => `De optie ${option} hoort niet bij deze opdracht. Met --help ziet u wat er kan.`,
  wrong_arguments: (command) => `Bij “${command}” staat te veel of te weinig. Met --help ziet u hoe het moet.`,
  not_a_choice: (text) => `“${text}” is geen keuze. Schrijf: <vraag>=<nummer>, elke vraag één keer.`,
  unknown_query: (query) => `In dit verzoek staat geen vraag “${query}” die u kunt beantwoorden.`,
  no_such_candidate: (choice) => `De keuze ${choice} is er niet. Laat de keuze weg. Dan ziet u welke nummers er zijn.`,
  unknown_language: () => 'De wallet spreekt nl (Nederlands) en en (Engels).',
  settings: (mistakes) => `De instellingen kloppen niet: ${mistakes}.`,
  no_trust_anchor: (file) =>
    `Het certificaat van de vertrouwenslijst is er niet: ${file}. Start eerst de diensten met “npm start”, of zet de plaats van het certificaat in TRUST_LIST_ANCHOR.`,
  bad_trust_anchor: (file) => `In ${file} staat geen certificaat van een vertrouwenslijst.`,
  passphrase_needed: () => 'Er is een wachtzin nodig. Zet hem in WALLET_PASSPHRASE.',
  passphrase_short: (length) =>
    `De wachtzin van een nieuwe wallet heeft minstens ${length} tekens. Een hele zin is het best.`,
  passphrase_long: (length) => `Een wachtzin heeft hoogstens ${length} tekens.`,
  wrong_passphrase: () => 'De wachtzin klopt niet.',
  passphrase_delayed: () =>
    'De wachtzin klopte te vaak niet. Wacht even (hoogstens een uur) en probeer het dan nog eens.',
  no_passphrase_method: () => 'Deze wallet heeft geen wachtzin meer. Open hem waar u uw toegangssleutel hebt.',
  damaged: () =>
    'De wallet is beschadigd en gaat niet open. Hebt u een bestand dat met export is gemaakt? Haal dat met import binnen in een lege map.',
  wallet_changed: () => 'Uw wallet is tegelijk ook ergens anders gebruikt. Probeer het nog eens.',
  wallet_busy: () => 'Uw wallet wordt nu ergens anders gebruikt. Probeer het straks nog eens.',
  disk_full: () => 'De schijf is vol. Er is niets bewaard.',
  wallet_unreadable: () => 'De wallet is niet te lezen of te schrijven. Controleer WALLET_DIR en de schijf.',
  consent_needed: () =>
    'Uw wallet kan u hier niet vragen of u wilt delen. Gebruik een terminal, of --yes als u het zeker weet.',
  tx_code_needed: () => 'Bij dit aanbod hoort een code. Geef de code met --tx-code.',
  unknown_credential: (id) => `U hebt geen bewijs “${id}”. Met list ziet u wat u hebt.`,
  file_exists: (file) => `${file} bestaat al en wordt niet overschreven. Kies een andere naam.`,
  file_missing: (file) => `${file} is er niet.`,
  file_unusable: (file) => `${file} is niet te lezen of te schrijven.`,
  file_too_large: (file) => `${file} is te groot. Dit bestand is niet met export gemaakt.`,
  backup_wrong_passphrase: () => 'De wachtzin past niet bij dit bestand. Zet de goede in WALLET_BACKUP_PASSPHRASE.',
  backup_damaged: () => 'Dit bestand is niet met export gemaakt, of het is beschadigd. Er is niets toegevoegd.',
}
