import { isAbsolute, join, relative } from 'node:path'
import { type Config, developmentTlsFiles } from '@wegwijzer/server/config'
import { hasDevelopmentTls } from '../setup/development-tls.ts'
import { apiUrlOf } from './addresses.ts'

/** Variables that a second terminal needs too, when this one has them. */
const SHARED_VARIABLES = [
  'DATA_DIR',
  'HOST',
  'WALLET_PORT',
  'ISSUER_PORT',
  'VERIFIER_PORT',
  'INTERNAL_PORT',
  'WALLET_URL',
  'ISSUER_URL',
  'VERIFIER_URL',
  'TRUST_LIST_URL',
  'TRUST_LIST_ANCHOR',
  'TLS_CERTIFICATE_FILE',
  'TLS_KEY_FILE',
  'OUTBOUND_CA_FILE',
]

/** What is printed when everything runs: where it is, and what to do next. */
export function describeRunning(
  config: Config,
  { env, logFile, isDemo }: { readonly env: NodeJS.ProcessEnv; readonly logFile: string; readonly isDemo: boolean },
): string {
  const { wallet, issuer, verifier } = config.addresses
  const place = (path: string) => {
    const near = relative('.', path)
    return near.startsWith('..') ? path : near
  }
  const walletDir = isAbsolute(place(config.dataDir))
    ? join(config.dataDir, 'my-wallet')
    : `./${join(place(config.dataDir), 'my-wallet')}`
  const addresses = [
    isDemo ? 'Wegwijzer runs, with demo organisations.' : 'Wegwijzer runs, in production.',
    '',
    `  wallet       ${wallet.url}   open it in a browser`,
    `  issuer       ${issuer.url}   API: ${apiUrlOf(config, 'issuer')}/{organisation}/v1`,
    `  verifier     ${verifier.url}   API: ${apiUrlOf(config, 'verifier')}/{organisation}/v1`,
    `  trust list   ${config.trustListUrl}`,
    `  data         ${place(config.dataDir)}${isDemo ? ' (API keys: demo.json)' : ''}`,
    ...(config.databaseUrl === undefined ? [] : ['  database     PostgreSQL, as DATABASE_URL says']),
    `  log          ${place(logFile)}`,
    ...(hasDevelopmentTls(config) ? describeTls(place(developmentTlsFiles(config.dataDir).authorityFile)) : []),
  ]
  const exported = SHARED_VARIABLES.filter((name) => env[name]).map(
    (name) => `  export ${name}=${quote(env[name] ?? '')}`,
  )
  // It may have a password in it, so it is named and not repeated.
  if (config.databaseUrl !== undefined) exported.unshift('  # and DATABASE_URL as in this terminal')
  const next = [
    '',
    'Try next, in a second terminal in this folder:',
    '',
    ...exported,
    `  export WALLET_DIR=${quote(walletDir)} WALLET_PASSPHRASE="een lange zin die u onthoudt"`,
    '  npm run wallet -- receive "$(npm run demo -- offer pid)"',
    '  npm run wallet -- list',
    '',
    'The whole tour is in README.md.',
  ]
  return [...addresses, ...(isDemo ? next : []), '', 'Ctrl-C stops it.', ''].join('\n')
}

function describeTls(authorityFile: string): readonly string[] {
  return [
    '',
    'The certificate is of an authority of its own, which nobody else believes:',
    '',
    `  authority    ${authorityFile}`,
    '',
    'The commands below believe it by themselves. For a browser, import that file as an authority; for curl give --cacert,',
    'for other programs on Node NODE_EXTRA_CA_CERTS. It can certify no host name but those above.',
  ]
}

function quote(text: string): string {
  return /^[A-Za-z0-9_./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
