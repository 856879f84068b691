import { stopOnSignal } from '@wegwijzer/server'
import { readConfig } from '@wegwijzer/server/config'
import { startVerifier } from './start-verifier.ts'

const config = readConfig(process.env, ['verifier', 'wallet'])
const verifier = await startVerifier({ config, now: () => Math.floor(Date.now() / 1000) })
stopOnSignal(verifier.close)
