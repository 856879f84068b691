import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

/** Starts a program that stops in the way given, and says so when it is ready. */
async function start(stop: string) {
  const code = `
    import { stopOnSignal } from '@wegwijzer/server'
    stopOnSignal(${stop})
    setInterval(() => undefined, 1000)
    console.log('ready')`
  const program = spawn(process.execPath, ['--input-type=module-typescript', '--eval', code], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  program.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  await expect.poll(() => output, { timeout: 20_000 }).toContain('ready')
  const exit = once(program, 'exit').then(([code]) => code)
  return { program, exit, output: () => output }
}

describe('a program that is asked to stop', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('by %s runs its stop and ends', async (signal) => {
    const { program, exit, output } = await start(`async () => { console.log('stopped') }`)
    program.kill(signal)
    expect(await exit).toBe(0)
    expect(output()).toContain('stopped')
  })

  test('says so when stopping failed', async () => {
    const { program, exit } = await start(`async () => { throw new Error('no') }`)
    program.kill('SIGTERM')
    expect(await exit).toBe(1)
  })

  test('again, while it does not get done, ends at once', async () => {
    const { program, exit, output } = await start(
      `() => { setTimeout(() => console.log('not done'), 600); return new Promise(() => undefined) }`,
    )
    program.kill('SIGINT')
    await expect.poll(output).toContain('not done')
    program.kill('SIGINT')
    expect(await exit).toBe(1)
  })

  test('by one Ctrl-C that arrives three times stops in order', async () => {
    const { program, exit, output } = await start(
      `() => { console.log('stopping'); return new Promise((resolve) => setTimeout(resolve, 200)) }`,
    )
    program.kill('SIGINT')
    await expect.poll(output, { interval: 5 }).toContain('stopping')
    program.kill('SIGINT')
    program.kill('SIGINT')
    expect(await exit).toBe(0)
  })
})
