import { stopOnSignal } from '@wegwijzer/server'
import { readConfig } from '@wegwijzer/server/config'
import { startWalletServer } from './wallet-server.ts'

const config = readConfig(process.env, ['wallet'])
const server = await startWalletServer({ config, now: () => Math.floor(Date.now() / 1000) })
stopOnSignal(server.close)
