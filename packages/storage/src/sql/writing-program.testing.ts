import { openDatabase } from './sql.ts'

/** Writes without end, singly and in transactions, and prints the number of each row once it was acknowledged. */
interface Tables {
  row: { id: string; number: number }
}

const db = await openDatabase<Tables>({ file: process.argv[2] ?? '' })
for (let number = 0; ; number += 10) {
  const numbers = Array.from({ length: 10 }, (_, at) => number + at)
  await Promise.all(
    numbers.map(async (each) => {
      const single = { id: `single-${each}`, number: each }
      const [first, second] = ['first', 'second'].map((name) => ({ id: `${name}-${each}`, number: each }))
      if (each % 2 === 0) await db.insertInto('row').values(single).execute()
      else {
        await db.transaction().execute(async (trx) => {
          if (first) await trx.insertInto('row').values(first).execute()
          if (second) await trx.insertInto('row').values(second).execute()
        })
      }
      console.log(each)
    }),
  )
}
