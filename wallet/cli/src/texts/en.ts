import { ENGLISH_FAILURES, ENGLISH_KINDS, ENGLISH_USAGE } from './en-failures.ts'
import type { Words } from './nl.ts'

/** The same as `nl.ts`, in English. */
export const en: Words = {
  help: `Your wallet in the terminal

How to use it:
  receive <offer>… [--tx-code N]       collect credentials; the code belongs to the offer that asks for one
  present <request>                    share data; you first see who asks for what
      [--choose <query>=<n>]           choose another credential
      [--claim-set <query>=<n>]        choose other data (otherwise: as little as possible)
      [--with <query>]                 also send what is optional
      [--yes]                          share at once; the wallet asks you nothing more
  list                                 your credentials
  show <id>                            one credential with all its data; a name will do too, such as diploma
  activity                             what you received and shared
  export <file>                        take your whole wallet along in one file
  import <file>                        add the credentials of such a file here

With each: --json (for programs), --lang nl|en, --help

The wallet is in WALLET_DIR (otherwise ~/.wegwijzer). Your passphrase is in WALLET_PASSPHRASE, or you type it.
The file of export and import has the same passphrase, or the one in WALLET_BACKUP_PASSPHRASE.

Exit code: 0 done, 1 you refused, 2 wrong usage, 3 the other side refuses or cannot be reached, 4 not trusted,
5 you do not have what is asked, 70 a mistake in the wallet itself.`,

  yes: 'yes',
  no: 'no',
  nothing: 'none',
  passphrase: {
    ask: 'Passphrase of your wallet: ',
    choose: (minLength) => `Choose a passphrase for your new wallet (at least ${minLength} characters): `,
    again: 'Type the passphrase again: ',
    differs: 'The two passphrases differ. Please try again.',
    short: (minLength) =>
      `This passphrase is too short. Take at least ${minLength} characters. A whole sentence is best.`,
    ofBackup: 'Passphrase of the file: ',
  },
  receive: {
    checking: 'Your wallet is checking the offer…',
    offered: (issuer, types) => `${issuer} offers you: ${types}. Your wallet is collecting it…`,
    askCode: (issuer, hint) => `Type the code that you got from ${issuer}${hint}: `,
    codeLength: (length) => ` (${length} characters)`,
    received: (name, issuer) => `Received: ${name} from ${issuer}`,
    failed: (number) => `Collecting offer ${number} did not succeed.`,
    offerSpent:
      'The issuer gives nothing for this offer. It was used before, was withdrawn or has expired. Ask the issuer for a new offer.',
    offerMaybeLocked:
      'The issuer refuses your code, by now five times or more. The offer may be locked now. Ask the issuer for a new offer.',
  },
  card: {
    issuer: 'Issuer',
    receivedAt: 'Received on',
    expiresAt: 'Valid until',
    status: 'Status',
    copiesLeft: (copies) =>
      copies === 1
        ? 'can be shared 1 more time'
        : copies === 0
          ? 'cannot be shared any more'
          : `can be shared ${copies} more times`,
    form: 'Form',
    alwaysWhole: 'W3C credential: whoever sees it always sees everything on it',
    copies: 'Sharing',
    id: 'Id',
    claims: 'Data',
    none: 'You have no credentials yet.',
    newestOf: (count) =>
      `You have ${count} of these credentials. This is the newest. Do you want to see another? Then use its id.`,
  },
  statuses: {
    valid: 'valid',
    invalid: 'revoked',
    suspended: 'suspended',
    expired: 'expired',
    unknown: 'cannot be checked now',
    none: 'has no status',
  },
  consent: {
    checking: 'Your wallet is checking the request…',
    title: (verifier) => `${verifier} asks you for data`,
    identifier: 'Number',
    organisation: 'Organisation',
    publicBody: 'Kind of organisation',
    isPublicBody: 'public body',
    isNoPublicBody: 'not a public body',
    service: 'Service',
    purpose: 'What for',
    privacyPolicy: 'Privacy policy',
    support: 'To have data deleted',
    shared: (verifier) => `This goes to ${verifier}:`,
    sharedNothing: 'no data, only that you have this credential',
    from: (name, issuer) => `${name} from ${issuer}`,
    alwaysWhole: 'Please note: all data of this credential always go along.',
    keptBack: 'Stays with you',
    warning: (status) => `Note: this credential is ${status}. The other side sees that too.`,
    otherCandidates: 'You have more credentials that fit:',
    receivedOn: (date) => `received on ${date}`,
    validUntil: (date) => `end date ${date}`,
    otherClaimSets: 'You can also share other data:',
    chosen: 'chosen now',
    optional: 'Optional, and not sent now:',
    alternative: 'You can also choose:',
    chooseWith: (option) => `choose it with ${option}`,
    addWith: (option) => `send it with ${option}`,
    missing: 'Your wallet cannot give this:',
    missingOptional: 'Not needed, and your wallet cannot give it:',
    missingClaims: 'It is about',
    obtainableFrom: 'You get it from',
    expiredCard: 'Expired',
    expiredOn: (title, date) => `${title}, was valid until ${date}`,
    unmet: {
      type: 'you do not have this credential',
      expired: 'you have this credential, but it has expired; ask the issuer for a new one',
      no_copy_left: 'you cannot share this credential any more; ask the issuer for a new one',
      claim_missing: 'your credential does not have everything that is asked',
      value_differs: 'your credential says something other than what is asked',
      authority: 'your credential is from another issuer than the one that is asked',
      not_permitted: 'whoever asks this may not ask you for it',
      holder_binding: 'your credential is not linked to your wallet, and that is asked',
      format: 'your wallet does not know this kind of credential',
    },
    overAsking: (verifier) =>
      `${verifier} asks for more than it may. This data is not in its registration. Your wallet does not give it:`,
    reportTo: (authority) => `You can report this to the ${authority}.`,
    question: 'Share? [yes/no] ',
    tellQuestion: (verifier) => `Do you want ${verifier} to know that you share nothing? [yes/no] `,
    told: (verifier) => `${verifier} now knows that you share nothing.`,
    notTold: (verifier) => `${verifier} could not be reached, so it does not know that you share nothing.`,
    done: (verifier) => `Shared with ${verifier}.`,
    openLink: 'Continue on this page:',
  },
  activity: {
    none: 'Nothing has happened in your wallet yet.',
    shared: (party) => `Shared with ${party}`,
    maybeShared: (party) => `Perhaps shared with ${party}`,
    notShared: (party) => `Not shared with ${party}`,
    received: (party) => `Received from ${party}`,
    notReceived: (party) => `Not received from ${party}`,
    reason: 'Reason',
    purpose: 'What for',
    requested: 'Asked',
    presented: 'Shared',
    noClaims: 'only the credential itself, without data',
    credential: 'Credential',
    reasons: {
      access_denied: 'you did not want to share',
      no_answer: 'the other side gave no answer; your data may have arrived anyway',
    },
  },
  backup: {
    exported: (file) => `Your wallet is now in ${file}. Do not keep the file and the passphrase in the same place.`,
    copiesTwice:
      'Each copy of your credentials now exists twice, so go on with this wallet or with the file and not with both: otherwise receivers may recognise you.',
    added: (count) => (count === 1 ? '1 credential was added.' : `${count} credentials were added.`),
    known: (count) => (count === 1 ? 'You already had 1 credential.' : `You already had ${count} credentials.`),
    refused: (count) =>
      `${count === 1 ? '1 credential was' : `${count} credentials were`} not added: expired, cannot be shared any more or not trusted any more.`,
  },
  refusedByUser: 'You said no or stopped. Nothing was shared.',
  internal: (name) => `Something went wrong in the wallet itself (${name}).`,
  kinds: ENGLISH_KINDS,
  failures: ENGLISH_FAILURES,
  usage: ENGLISH_USAGE,
}
