import { describe, expect, test } from 'vitest'
import { asksForJson, parseCommandLine } from './command-line.ts'

const OFFER = 'openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fi.example'
const REQUEST = 'openid4vp://?client_id=x509_hash%3Aabc&request_uri=https%3A%2F%2Fv.example'

describe('understands', () => {
  test.each([
    ['one offer', ['receive', OFFER], { command: 'receive', offers: [OFFER], txCodes: [] }],
    [
      'several offers and a code',
      ['receive', OFFER, 'haip-vci://?x=1', '--tx-code', '012345'],
      { command: 'receive', offers: [OFFER, 'haip-vci://?x=1'], txCodes: ['012345'] },
    ],
    ['list', ['list'], { command: 'list' }],
    ['list with what goes with every command', ['--json', 'list', '--lang', 'en'], { command: 'list' }],
    ['show', ['show', 'diploma'], { command: 'show', id: 'diploma' }],
    ['activity', ['activity', '--json'], { command: 'activity' }],
    ['export', ['export', 'wallet.bak'], { command: 'export', file: 'wallet.bak' }],
    ['import', ['import', '--', '-wallet.bak'], { command: 'import', file: '-wallet.bak' }],
    ['help, whatever else', ['show', '--help'], { command: 'help' }],
    ['help for short', ['-h'], { command: 'help' }],
  ])('%s', (_name, args, invocation) => {
    expect(parseCommandLine(args).invocation).toEqual(invocation)
  })

  test('every choice of a presentation', () => {
    const choices = ['--choose', 'diploma=2', '--choose=diploma=3', '--claim-set', 'reden=1', '--with', 'vak', '--yes']
    expect(parseCommandLine(['present', REQUEST, ...choices]).invocation).toEqual({
      command: 'present',
      request: REQUEST,
      answers: {
        choose: new Map([['diploma', [2, 3]]]),
        claimSets: new Map([['reden', 1]]),
        include: ['vak'],
      },
      hasConsent: true,
    })
  })

  test('a presentation without --yes as one without consent', () => {
    expect(parseCommandLine(['present', REQUEST]).invocation).toMatchObject({ hasConsent: false })
  })

  test('the language', () => {
    expect(parseCommandLine(['list', '--lang', 'en']).language).toBe('en')
    expect(parseCommandLine(['list']).language).toBeUndefined()
  })
})

describe('refuses', () => {
  test.each([
    ['nothing', [], 'no_command', ''],
    ['an unknown command', ['delete'], 'unknown_command', 'delete'],
    ['a name that every object has', ['constructor'], 'unknown_command', 'constructor'],
    ['an unknown option', ['list', '--verbose'], 'unknown_option', '--verbose'],
    ['an unknown short option', ['list', '-y'], 'unknown_option', '-y'],
    ['an option without its value', ['receive', OFFER, '--tx-code'], 'unknown_option', '--tx-code'],
    ['a value that an option does not take', ['list', '--json=yes'], 'unknown_option', '--json'],
    ['an option of another command', ['list', '--yes'], 'option_not_here', '--yes'],
    ['a code for a presentation', ['present', REQUEST, '--tx-code', '1'], 'option_not_here', '--tx-code'],
    ['no offer', ['receive'], 'wrong_arguments', 'receive'],
    ['two requests', ['present', REQUEST, REQUEST], 'wrong_arguments', 'present'],
    ['a word too many', ['list', 'all'], 'wrong_arguments', 'list'],
    ['no file', ['export'], 'wrong_arguments', 'export'],
    ['an unknown language', ['list', '--lang', 'fr'], 'unknown_language', 'fr'],
    ['a choice without a number', ['present', REQUEST, '--choose', 'diploma'], 'not_a_choice', 'diploma'],
    ['a choice of number nought', ['present', REQUEST, '--choose', 'diploma=0'], 'not_a_choice', 'diploma=0'],
    ['a choice of part of a card', ['present', REQUEST, '--choose', 'diploma=1.5'], 'not_a_choice', 'diploma=1.5'],
    ['a choice of no query', ['present', REQUEST, '--claim-set', '=1'], 'not_a_choice', '=1'],
    [
      'two combinations for one query',
      ['present', REQUEST, '--claim-set', 'a=1', '--claim-set', 'a=2'],
      'not_a_choice',
      'a=2',
    ],
  ])('%s', (_name, args, reason, detail) => {
    expect(() => parseCommandLine(args)).toThrow(expect.objectContaining({ name: 'UsageError', reason, detail }))
  })
})

test('JSON is asked for by its option, not by a word after the options', () => {
  expect(asksForJson(['list', '--json', '--unknown'])).toBe(true)
  expect(asksForJson(['show', '--', '--json'])).toBe(false)
})
