import type { WalletErrorKind } from '@wegwijzer/wallet-core'
import type { UsageReason } from '../failure.ts'
import type { DUTCH_FAILURES } from './nl-failures.ts'

export const ENGLISH_KINDS: Readonly<Record<WalletErrorKind, string>> = {
  invalid_input: 'This is no offer or request that your wallet knows.',
  not_trusted: 'Your wallet does not trust this. Nothing was shared and nothing was kept.',
  refused: 'The other side refuses, or its answer is not right.',
  unreachable: 'The other side cannot be reached. Please try again later.',
  nothing_matches: 'You have no credential that fits what is asked.',
}

export const ENGLISH_FAILURES: typeof DUTCH_FAILURES = {
  tx_code_wanted: 'This offer comes with a code. Give the code with --tx-code.',
  invalid_credential_offer: 'This is no offer that your wallet knows. Check that you have the whole link.',
  issuer_unknown: 'Whoever offers this is not on the trust list. Your wallet does not collect it.',
  type_not_allowed: 'This organisation may not issue this type of credential. Your wallet does not collect it.',
  type_not_registered:
    'This organisation is not registered for this type of credential. Your wallet does not collect it.',
  issuer_invalid_registration: 'The registration of whoever offers this is not right. Your wallet does not collect it.',
  issuer_registration_revoked: 'The registration of whoever offers this was revoked. Your wallet does not collect it.',
  issuer_registration_status_unavailable:
    'The registration of whoever offers this cannot be checked now. Try again later.',
  invalid_credential_issuer_metadata:
    'What this organisation says of itself is not right. Your wallet does not collect the credential.',
  response_not_encrypted: 'The credential did not come in encrypted. Your wallet did not keep it.',
  type_unknown: 'This type of credential is not on the trust list.',
  invalid_grant:
    'The issuer does not say exactly why it refuses. The code is not right, or the offer was used before, has expired or is locked. Check the code. Is it right? Then ask for a new offer.',
  invalid_credential: 'The credential that came in is not right. Your wallet did not keep it.',
  issuance_deferred: 'The issuer gives this credential later. This wallet cannot work with that yet.',
  verifier_unknown: 'Whoever asks this is not on the trust list. Nothing was shared.',
  response_uri_elsewhere: 'Your data would not go to the address of whoever asks for it. Nothing was shared.',
  registration_missing: 'Whoever asks this is not registered for it. Nothing was shared.',
  registration_revoked: 'The registration of whoever asks this was revoked. Nothing was shared.',
  registration_status_unavailable: 'The registration of whoever asks this cannot be checked now. Nothing was shared.',
  invalid_transaction_data: 'The request has an order in it that your wallet does not know. Nothing was shared.',
  request_not_available: 'The request no longer exists. Ask for a new one.',
  response_refused: 'The other side does not accept your answer. Ask for a new request.',
  over_asking: 'More is asked than is allowed. Your wallet does not give that. Nothing was shared.',
  no_copy_left: 'You cannot share this credential any more: all copies are used. Ask the issuer for a new credential.',
  invalid_choice: 'You choose something that you cannot choose here.',
  trust_list_unavailable: 'The trust list cannot be fetched. Without that list your wallet trusts nobody.',
  trust_list_rollback: 'This trust list is older than the one your wallet knew. Your wallet does not use the old list.',
  expired_trust_list: 'The trust list has expired. Without that list your wallet trusts nobody.',
  invalid_trust_list: 'The trust list is not right. Without that list your wallet trusts nobody.',
}

export const ENGLISH_USAGE: Readonly<Record<UsageReason, (detail: string) => string>> = {
  no_command: () => 'Say what your wallet should do. --help shows what it can.',
  unknown_command: (command) => `There is no command “${command}”. --help shows what there is.`,
  unknown_option: (option) =>
    `There is no option ${option}, or something is missing from it. --help shows what there is.`,
  option_not_here: (option) => `The option ${option} does not go with this command. --help shows what does.`,
  wrong_arguments: (command) => `There is too much or too little after “${command}”. --help shows how it goes.`,
  not_a_choice: (text) => `“${text}” is no choice. Write: <query>=<number>, each query once.`,
  unknown_query: (query) => `This request has no query “${query}” that you can answer.`,
  no_such_candidate: (choice) =>
    `There is no choice ${choice}. Leave the choice out. Then you see which numbers there are.`,
  unknown_language: () => 'The wallet speaks nl (Dutch) and en (English).',
  settings: (mistakes) => `The settings are not right: ${mistakes}.`,
  no_trust_anchor: (file) =>
    `The certificate of the trust list is not there: ${file}. Start the services first with “npm start”, or put the place of the certificate in TRUST_LIST_ANCHOR.`,
  bad_trust_anchor: (file) => `There is no certificate of a trust list in ${file}.`,
  passphrase_needed: () => 'A passphrase is needed. Put it in WALLET_PASSPHRASE.',
  passphrase_short: (length) =>
    `The passphrase of a new wallet has at least ${length} characters. A whole sentence is best.`,
  passphrase_long: (length) => `A passphrase has at most ${length} characters.`,
  wrong_passphrase: () => 'The passphrase is not right.',
  passphrase_delayed: () => 'The passphrase was wrong too often. Wait a little (an hour at most), then try again.',
  no_passphrase_method: () => 'This wallet has no passphrase any more. Open it where you have your passkey.',
  damaged: () =>
    'The wallet is damaged and does not open. Do you have a file that export made? Then import it in an empty folder.',
  wallet_changed: () => 'Your wallet was used somewhere else at the same time. Please try again.',
  wallet_busy: () => 'Your wallet is being used somewhere else now. Please try again in a moment.',
  disk_full: () => 'The disk is full. Nothing was kept.',
  wallet_unreadable: () => 'The wallet cannot be read or written. Check WALLET_DIR and the disk.',
  consent_needed: () =>
    'Your wallet cannot ask you here whether you want to share. Use a terminal, or --yes if you are sure.',
  tx_code_needed: () => 'This offer comes with a code. Give the code with --tx-code.',
  unknown_credential: (id) => `You have no credential “${id}”. list shows what you have.`,
  file_exists: (file) => `${file} exists already and is not overwritten. Choose another name.`,
  file_missing: (file) => `${file} is not there.`,
  file_unusable: (file) => `${file} cannot be read or written.`,
  file_too_large: (file) => `${file} is too large. This file was not made with export.`,
  backup_wrong_passphrase: () =>
    'The passphrase does not fit this file. Put the right one in WALLET_BACKUP_PASSPHRASE.',
  backup_damaged: () => 'This file was not made with export, or it is damaged. Nothing was added.',
}
