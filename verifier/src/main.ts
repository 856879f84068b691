import { keepCompiledCode } from '@wegwijzer/server/compiled-code'
import { readConfig } from '@wegwijzer/server/config'

const config = readConfig(process.env, ['verifier', 'wallet'])
keepCompiledCode(config.dataDir)
const [{ stopOnSignal }, { startVerifier }] = await Promise.all([
  import('@wegwijzer/server'),
  import('./start-verifier.ts'),
])
const verifier = await startVerifier({ config, now: () => Math.floor(Date.now() / 1000) })
stopOnSignal(verifier.close)
