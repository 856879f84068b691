import { expect, onTestFinished, test } from 'vitest'
import { startProgram } from '../child-process.testing.ts'
import { temporaryPath } from '../temporary-file.testing.ts'
import { migrate, openDatabase } from './sql.ts'

interface Tables {
  row: { id: string; number: number }
}

async function open(file: string) {
  const db = await openDatabase<Tables>({ file })
  await migrate(db, {
    '0001-row': {
      up: (tables) =>
        tables.schema
          .createTable('row')
          .addColumn('id', 'text', (column) => column.primaryKey())
          .addColumn('number', 'bigint', (column) => column.notNull())
          .execute(),
    },
  })
  return db
}

test('a process killed while it writes has stored all that it acknowledged, and no half transaction', async () => {
  const file = temporaryPath('test.sqlite')
  await (await open(file)).destroy()
  const program = startProgram(new URL('writing-program.testing.ts', import.meta.url), file)
  const acknowledged: number[] = []
  while (acknowledged.length < 300) {
    const { value } = await program.lines.next()
    acknowledged.push(Number(value))
  }
  await program.kill()

  const db = await open(file)
  onTestFinished(() => db.destroy())
  const rows = await db.selectFrom('row').selectAll().execute()
  const ids = new Set(rows.map(({ id }) => id))
  const missing = acknowledged.filter((number) => !ids.has(number % 2 === 0 ? `single-${number}` : `second-${number}`))
  expect(missing).toEqual([])
  const halves = rows.filter(({ id, number }) => id === `first-${number}` && !ids.has(`second-${number}`))
  expect(halves).toEqual([])
})

test('while one process writes without end, another one gets its turn and sees what was committed', async () => {
  const file = temporaryPath('test.sqlite')
  const db = await open(file)
  onTestFinished(() => db.destroy())
  const program = startProgram(new URL('writing-program.testing.ts', import.meta.url), file)
  const { value } = await program.lines.next()
  expect(await db.selectFrom('row').select('number').where('number', '=', Number(value)).execute()).not.toEqual([])
  for (let at = 0; at < 10; at++)
    await db
      .insertInto('row')
      .values({ id: `mine-${at}`, number: -1 })
      .execute()
  expect(await db.selectFrom('row').select('id').where('number', '=', -1).execute()).toHaveLength(10)
  await program.kill()
})

test('two processes that start at once migrate once', async () => {
  const file = temporaryPath('test.sqlite')
  const programs = [1, 2].map(() => startProgram(new URL('migrating-program.testing.ts', import.meta.url), file))
  for (const program of programs) expect(await program.lines.next()).toMatchObject({ value: 'ready' })
  for (const program of programs) program.write('go')
  const made = await Promise.all(programs.map((program) => program.lines.next()))
  expect(made.map(({ value }) => Number(value)).toSorted()).toEqual([0, 3])
  expect(await Promise.all(programs.map((program) => program.exitCode()))).toEqual([0, 0])
})
