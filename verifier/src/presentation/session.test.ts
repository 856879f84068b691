import { describe, expect, test } from 'vitest'
import { CHECKS, failed, makeReport, passed } from './report.ts'
import {
  type AnsweredSession,
  asOf,
  confirm,
  type Flow,
  forgetUnansweredAt,
  type OpenSession,
  type PreparedSession,
  readableAnswer,
  receive,
  request,
  retrieve,
} from './session.ts'

const NOW = 1_790_848_800
const RECEIVED = { now: NOW + 10, responseHash: 'hash', responseCode: 'code' }

const prepared = (flow: Flow): PreparedSession => ({
  id: '1',
  organisation: 'uwv',
  policy: { id: 'uwv-intake', version: 1 },
  flow,
  createdAt: NOW,
  expiresAt: NOW + 600,
  forgetAt: forgetUnansweredAt(NOW + 600),
  revision: 1,
  status: 'prepared',
})

const requested = (flow: Flow): OpenSession =>
  request(prepared(flow), 'handle', {
    clientId: 'x509_hash:a',
    accessKeyId: 'key',
    nonce: 'nonce',
    state: 'state',
    wrappedResponseKey: 'wk1.a.b',
    ...(flow === 'same_device' && { browser: { cookieHash: 'cookie' } }),
  })

const report = makeReport(CHECKS.map((check) => passed(check, undefined)))
const answered = (flow: Flow): AnsweredSession => {
  const session = receive(requested(flow), { report, claims: { pid: [{}] }, retentionDays: 0 }, RECEIVED)
  if (session.status === 'refused') throw new Error('it was answered')
  return session
}

describe('a session expires', () => {
  test.each([
    ['that no browser started', prepared('same_device')],
    ['that no wallet fetched', requested('cross_device')],
    ['that no wallet answered', retrieve(requested('cross_device'))],
    ['that nobody came back with', answered('same_device')],
  ])('%s, and has no secret and no claim then', (_name, session) => {
    expect(asOf(session, session.expiresAt - 1)).toBe(session)
    const { id, organisation, policy, flow, createdAt, expiresAt, forgetAt, revision } = session
    expect(asOf(session, session.expiresAt)).toEqual({
      status: 'expired',
      ...{ id, organisation, policy, flow, createdAt, expiresAt, forgetAt, revision },
    })
  })

  test.each([
    ['answered from another device', answered('cross_device')],
    ['confirmed', confirm(answered('same_device'))],
    ['refused', receive(requested('cross_device'), { error: 'access_denied' }, RECEIVED)],
  ])('but not one that is %s', (_name, session) => {
    expect(asOf(session, NOW + 10_000_000)).toBe(session)
  })
})

test('who answers at the last moment has five minutes to come back', () => {
  const session = receive(requested('same_device'), { report, retentionDays: 28 }, { ...RECEIVED, now: NOW + 599 })
  expect(session.expiresAt).toBe(NOW + 899)
})

test('an answer has nothing left of the question', () => {
  expect(answered('cross_device')).not.toHaveProperty('nonce')
  expect(answered('cross_device')).not.toHaveProperty('wrappedResponseKey')
})

test('an answer is kept as long as the policy says, and at least an hour', () => {
  const keptDays = (retentionDays: number) =>
    receive(requested('cross_device'), { report, retentionDays }, RECEIVED).forgetAt - RECEIVED.now
  expect(keptDays(28)).toBe(28 * 86_400)
  expect(keptDays(0)).toBe(3600)
})

test('a same-device answer can be read when it is confirmed, and not before', () => {
  expect(readableAnswer(answered('same_device'))).toBeUndefined()
  expect(readableAnswer(confirm(answered('same_device')))?.claims).toEqual({ pid: [{}] })
  expect(readableAnswer(answered('cross_device'))?.claims).toEqual({ pid: [{}] })
})

test('one failed check makes a report a rejection', () => {
  const findings = CHECKS.map((check) =>
    check === 'status' ? failed(check, 'revoked', 'pid') : passed(check, undefined),
  )
  expect(makeReport(findings)).toMatchObject({ verdict: 'rejected' })
  expect(report.verdict).toBe('accepted')
})
