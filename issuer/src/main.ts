import { keepCompiledCode } from '@wegwijzer/server/compiled-code'
import { readConfig } from '@wegwijzer/server/config'

const config = readConfig(process.env, ['issuer', 'wallet'])
keepCompiledCode(config.dataDir)
const [{ stopOnSignal }, { startIssuer }] = await Promise.all([
  import('@wegwijzer/server'),
  import('./start-issuer.ts'),
])
const issuer = await startIssuer({ config, now: () => Math.floor(Date.now() / 1000) })
stopOnSignal(issuer.close)
