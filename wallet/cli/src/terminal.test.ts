import { PassThrough } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { RefusedByUserError } from './failure.ts'
import { obtainPassphrase } from './passphrase.ts'
import { openTerminal } from './terminal.ts'
import { wordingIn } from './texts/texts.ts'

/** Streams such as a terminal has; what is typed waits until it is asked for. */
function makeStreams({ isTTY = true, isStdoutTTY = true } = {}) {
  const stdin = Object.assign(new PassThrough(), { isTTY })
  const stdout = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: isStdoutTTY })
  const stderr = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY })
  const shown = (stream: PassThrough): string => stream.read() ?? ''
  return { streams: { stdin, stdout, stderr }, stdin, readOut: () => shown(stdout), readErr: () => shown(stderr) }
}

/** Types line after line, each when the one before it was taken. */
async function typeLines(stdin: PassThrough, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    await setImmediate()
    stdin.write(`${line}\r`)
    await setImmediate()
  }
}

test('what was asked for goes to standard output, what goes on meanwhile does not', () => {
  const { streams, readOut, readErr } = makeStreams()
  const terminal = openTerminal(streams, false)
  terminal.print('result')
  terminal.note('progress')
  expect(readOut()).toBe('result\n')
  expect(readErr()).toBe('progress\n')
})

describe('what a question is about shows where the question does', () => {
  test.each([
    ['in a terminal', { isJson: false, isStdoutTTY: true }, 'screen\n', ''],
    ['when a document is wanted', { isJson: true, isStdoutTTY: true }, '', 'screen\n'],
    ['when the output goes to a file', { isJson: false, isStdoutTTY: false }, '', 'screen\n'],
  ])('%s', (_name, { isJson, isStdoutTTY }, out, err) => {
    const { streams, readOut, readErr } = makeStreams({ isStdoutTTY })
    openTerminal(streams, isJson).showForAnswer('screen')
    expect(readOut()).toBe(out)
    expect(readErr()).toBe(err)
  })
})

test('a question is answered by a line', async () => {
  const { streams, stdin, readErr } = makeStreams()
  const answer = openTerminal(streams, false).ask('Delen? ')
  await typeLines(stdin, ['ja'])
  expect(await answer).toBe('ja')
  expect(readErr()).toContain('Delen? ')
})

test('what is typed in hiding does not show', async () => {
  const { streams, stdin, readOut, readErr } = makeStreams()
  const answer = openTerminal(streams, false).askHidden('Wachtzin: ')
  await typeLines(stdin, ['een lange zin'])
  expect(await answer).toBe('een lange zin')
  expect(readErr()).toBe('Wachtzin: \n')
  expect(readOut()).toBe('')
})

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('%s at a question is a refusal', async (_name, key) => {
  const { streams, stdin } = makeStreams()
  const answer = openTerminal(streams, false).ask('Delen? ')
  stdin.write(key)
  await expect(answer).rejects.toBeInstanceOf(RefusedByUserError)
})

test('a reader that went away ends nothing', () => {
  const { streams } = makeStreams()
  openTerminal(streams, false)
  expect(() => streams.stdout.emit('error', Object.assign(new Error(), { code: 'EPIPE' }))).not.toThrow()
  expect(() => streams.stdout.emit('error', Object.assign(new Error(), { code: 'EIO' }))).toThrow()
})

describe('a passphrase', () => {
  const { words } = wordingIn('nl')

  test('is chosen long enough and typed twice alike', async () => {
    const { streams, stdin, readErr } = makeStreams()
    const chosen = obtainPassphrase(undefined, true, openTerminal(streams, false), words)
    await typeLines(stdin, ['kort', 'een lange zin', 'een andere zin', 'een lange zin', 'een lange zin'])
    expect(await chosen).toBe('een lange zin')
    const shown = readErr()
    expect(shown).toContain('te kort')
    expect(shown).toContain('niet gelijk')
    expect(shown).not.toContain('een lange zin')
  })

  test('is typed once when the wallet is there', async () => {
    const { streams, stdin } = makeStreams()
    const typed = obtainPassphrase(undefined, false, openTerminal(streams, false), words)
    await typeLines(stdin, ['oud'])
    expect(await typed).toBe('oud')
  })

  test('that is given is not asked for, and is long enough when it is new', async () => {
    const terminal = openTerminal(makeStreams({ isTTY: false }).streams, false)
    expect(await obtainPassphrase('oud', false, terminal, words)).toBe('oud')
    await expect(obtainPassphrase('1234567', true, terminal, words)).rejects.toMatchObject({
      reason: 'passphrase_short',
    })
    await expect(obtainPassphrase(' '.repeat(20), true, terminal, words)).rejects.toMatchObject({
      reason: 'passphrase_short',
    })
    await expect(obtainPassphrase('a'.repeat(1025), true, terminal, words)).rejects.toMatchObject({
      reason: 'passphrase_long',
    })
  })

  test('cannot be asked for where nobody is', async () => {
    const terminal = openTerminal(makeStreams({ isTTY: false }).streams, false)
    await expect(obtainPassphrase(undefined, false, terminal, words)).rejects.toMatchObject({
      reason: 'passphrase_needed',
    })
  })
})
