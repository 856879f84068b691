import { createMemoryRecords } from './memory.ts'
import { describeWalletRecords } from './wallet-records-contract.testing.ts'

describeWalletRecords('memory', async () => ({ records: createMemoryRecords(), close: () => {} }))
