import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { keepCompiledCode } from '@wegwijzer/server/compiled-code'
import { readConfig } from '@wegwijzer/server/config'

const config = readConfig(process.env, ['wallet'])
keepCompiledCode(config.dataDir)
const [{ stopOnSignal }, { readWebApp, startWalletServer }] = await Promise.all([
  import('@wegwijzer/server'),
  import('./wallet-server.ts'),
])
// `npm start` builds it; alone, this program serves what was built.
const built = fileURLToPath(new URL('../../web/dist', import.meta.url))
const server = await startWalletServer({
  config,
  now: () => Math.floor(Date.now() / 1000),
  ...(existsSync(built) && { app: readWebApp(built) }),
})
stopOnSignal(server.close)
