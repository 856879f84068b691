import { openFileRecords } from './file.ts'
import { RecordConflictError } from './records.ts'

/** A terminal of a wallet that is open in several terminals: writes without end, or spends copies until there are none. */
const [task, directory = ''] = process.argv.slice(2)
const records = await openFileRecords({ directory, passphrase: 'correct horse', now: 1_790_812_800 })
console.log('ready')
await new Promise((resolve) => process.stdin.once('data', resolve))

if (task === 'write') {
  for (let number = 0; ; number++) {
    const value = { number, filling: 'x'.repeat(2_000) }
    await records.write([
      { collection: 'credentials', id: `${number}`, value },
      { collection: 'activity', id: `${number}`, value },
    ])
    console.log(number)
  }
}

for (let copies = await copiesLeft(); copies.length > 0; copies = await copiesLeft()) {
  const [copy, ...rest] = copies
  try {
    await records.write([{ collection: 'credentials', id: 'diploma', value: rest, expected: copies }])
    console.log(copy)
  } catch (error) {
    if (!(error instanceof RecordConflictError)) throw error
  }
}
console.log('none left')
process.exit()

async function copiesLeft() {
  const copies = await records.read('credentials', 'diploma')
  if (!Array.isArray(copies)) throw new Error('there is no diploma')
  return copies
}
