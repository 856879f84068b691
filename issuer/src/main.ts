import { stopOnSignal } from '@wegwijzer/server'
import { readConfig } from '@wegwijzer/server/config'
import { startIssuer } from './start-issuer.ts'

const config = readConfig(process.env, ['issuer', 'wallet'])
const issuer = await startIssuer({ config, now: () => Math.floor(Date.now() / 1000) })
stopOnSignal(issuer.close)
