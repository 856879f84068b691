import { migrate, openDatabase } from './sql.ts'

/** Opens and migrates a database as a service does when it starts, and prints how many tables it made. */
let made = 0
const names = ['0001-first', '0002-second', '0003-third']
const db = await openDatabase<Record<string, never>>({ file: process.argv[2] ?? '' })
console.log('ready')
await new Promise((resolve) => process.stdin.once('data', resolve))
await migrate(
  db,
  Object.fromEntries(
    names.map((name) => [
      name,
      {
        async up(tables) {
          await tables.schema.createTable(name).addColumn('id', 'text').execute()
          made++
        },
      },
    ]),
  ),
)
console.log(made)
await db.destroy()
process.exit()
