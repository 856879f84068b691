import { relative } from 'node:path'
import type { Config } from '@wegwijzer/server/config'
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
  const addresses = [
    isDemo ? 'Wegwijzer runs, with demo organisations.' : 'Wegwijzer runs, in production.',
    '',
    `  wallet host  ${wallet.url}`,
    `  issuer       ${issuer.url}   API: ${apiUrlOf(config, 'issuer')}/{organisation}/v1`,
    `  verifier     ${verifier.url}   API: ${apiUrlOf(config, 'verifier')}/{organisation}/v1`,
    `  trust list   ${config.trustListUrl}`,
    `  data         ${place(config.dataDir)}${isDemo ? ' (API keys: demo.json)' : ''}`,
    `  log          ${place(logFile)}`,
  ]
  const exported = SHARED_VARIABLES.filter((name) => env[name]).map(
    (name) => `  export ${name}=${quote(env[name] ?? '')}`,
  )
  const next = [
    '',
    'Try next, in a second terminal in this folder:',
    '',
    ...exported,
    '  export WALLET_DIR=./data/my-wallet WALLET_PASSPHRASE="een lange zin die u onthoudt"',
    '  npm run wallet -- receive "$(npm run demo -- offer pid)"',
    '  npm run wallet -- list',
    '',
    'The whole tour is in README.md.',
  ]
  return [...addresses, ...(isDemo ? next : []), '', 'Ctrl-C stops it.', ''].join('\n')
}

function quote(text: string): string {
  return /^[A-Za-z0-9_./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
