import type { EpochSeconds } from '@wegwijzer/protocol/crypto'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { type Static, Type } from 'typebox'
import { Report } from './report.ts'

/** `same_device`: the answer counts when the worker came back in the browser that asked; `cross_device`: QR code, mail, terminal. */
export type Flow = 'same_device' | 'cross_device'

/** What a transaction is, whatever happens to it. */
interface Transaction {
  readonly id: string
  readonly organisation: string
  /** The policy in the version that is asked under. */
  readonly policy: { readonly id: string; readonly version: number }
  readonly flow: Flow
  readonly createdAt: EpochSeconds
  readonly expiresAt: EpochSeconds
  /** When nothing of it is kept any more. */
  readonly forgetAt: EpochSeconds
  /** Of the row that it was read from. */
  readonly revision: number
}

const Text = Type.String()

/** What was told about the way back, in a same-device flow. */
export const Prepared = Type.Object({ walletEndpoint: Type.Optional(Text), redirectUri: Type.Optional(Text) })

/** The browser that started a same-device flow. */
const Browser = Type.Object({ cookieHash: Text, redirectUri: Type.Optional(Text) })
const ReturningBrowser = Type.Object({ ...Browser.properties, responseCode: Text })

/** What a wallet is asked, beyond the policy. */
export const Asked = Type.Object({
  /** `x509_hash:…`, as the wallet was told before it fetched the request. */
  clientId: Text,
  accessKeyId: Text,
  nonce: Text,
  state: Text,
  /** The private key that the response is encrypted to, under the master key. */
  wrappedResponseKey: Text,
  walletEndpoint: Type.Optional(Text),
  browser: Type.Optional(Browser),
})
export type Asked = Static<typeof Asked>

const received = {
  receivedAt: Type.Integer(),
  /** Of the response as it came, to know it again. */
  responseHash: Text,
  browser: Type.Optional(ReturningBrowser),
}

// Said, because an answer is written by its schema: without it no member would be.
const AnyClaims = Type.Unsafe<JsonObject>(Type.Object({}, { additionalProperties: true }))

/** The claims that were asked, per Credential Query one object for each presentation. */
export const DisclosedClaims = Type.Record(Type.String(), Type.Array(AnyClaims))
export type DisclosedClaims = Static<typeof DisclosedClaims>

export const Answered = Type.Object({ ...received, report: Report, claims: Type.Optional(DisclosedClaims) })
export const Refused = Type.Object({ ...received, error: Text })

/**
 * One presentation transaction, in the only states it can be in.
 *
 *     prepared -> requested -> retrieved -> answered (-> confirmed, same device)
 *         \___________\____________\______> refused | expired
 *
 * `prepared` is a same-device flow whose browser has not come yet. Data that a state does not have cannot be read in it:
 * nonce and key go with the answer, and claims appear with it.
 */
export type PresentationSession =
  | PreparedSession
  | OpenSession
  | AnsweredSession
  | (Transaction & Handle & Static<typeof Refused> & { readonly status: 'refused' })
  | (Transaction & { readonly status: 'expired' })

export type PreparedSession = Transaction & Static<typeof Prepared> & { readonly status: 'prepared' }
/** A wallet may still answer. */
export type OpenSession = Transaction & Handle & Asked & { readonly status: 'requested' | 'retrieved' }
export type AnsweredSession = Transaction &
  Handle &
  Static<typeof Answered> & { readonly status: 'answered' | 'confirmed' }
/** A wallet has had its say. */
export type ReceivedSession = Extract<PresentationSession, { readonly responseHash: string }>
export type SessionStatus = PresentationSession['status']

interface Handle {
  /** What the wallet calls the transaction; the organisation's own id for it is not told. */
  readonly handle: string
}

/** For so long a repeated response gets the first answer again, and a worker has time to come back. */
export const REPEAT_SECONDS = 300
/** For so long it is told what became of a transaction without an answer. */
const FORGET_SECONDS = 86_400
/** The organisation has at least so long to fetch an answer, also under a policy that keeps nothing. */
const MIN_KEPT_SECONDS = 3600

/** When a new transaction is forgotten that nobody answers. */
export function forgetUnansweredAt(expiresAt: EpochSeconds): EpochSeconds {
  return expiresAt + FORGET_SECONDS
}

/** When it expires unless something happens; `undefined` when nothing can happen any more. */
export function dueAt(session: PresentationSession): EpochSeconds | undefined {
  switch (session.status) {
    case 'prepared':
    case 'requested':
    case 'retrieved':
      return session.expiresAt
    case 'answered':
      // Nobody has come back with it yet.
      return session.flow === 'same_device' ? session.expiresAt : undefined
    default:
      return undefined
  }
}

/** The session as it is now: time passes without anybody writing it down. */
export function asOf(session: PresentationSession, now: EpochSeconds): PresentationSession {
  const due = dueAt(session)
  return due !== undefined && now >= due ? expire(session) : session
}

function expire(session: PresentationSession): PresentationSession {
  return { ...transactionOf(session), status: 'expired' }
}

/** The browser has come: there is a request now. */
export function request(session: PreparedSession, handle: string, asked: Asked): OpenSession {
  return { ...transactionOf(session), ...asked, handle, status: 'requested' }
}

export function isOpen(session: PresentationSession): session is OpenSession {
  return session.status === 'requested' || session.status === 'retrieved'
}

export function isReceived(session: PresentationSession): session is ReceivedSession {
  return session.status === 'answered' || session.status === 'confirmed' || session.status === 'refused'
}

export function retrieve(session: OpenSession): OpenSession {
  return { ...session, status: 'retrieved' }
}

/** What a wallet sent, judged. */
export type Reception =
  | { readonly report: Report; readonly claims?: DisclosedClaims; readonly retentionDays: number }
  | { readonly error: string }

export interface ReceptionContext {
  readonly now: EpochSeconds
  readonly responseHash: string
  /** For a browser that is to come back. */
  readonly responseCode: string
}

/** The wallet has answered, or said that it will not. */
export function receive(session: OpenSession, reception: Reception, context: ReceptionContext): ReceivedSession {
  const { now, responseHash, responseCode } = context
  const { browser, handle } = session
  const common = {
    ...transactionOf(session),
    handle,
    receivedAt: now,
    responseHash,
    ...(browser && { browser: { ...browser, responseCode } }),
    ...(browser && { expiresAt: Math.max(session.expiresAt, now + REPEAT_SECONDS) }),
  }
  if ('error' in reception) return { ...common, status: 'refused', error: reception.error }
  const { report, claims, retentionDays } = reception
  const forgetAt = now + Math.max(retentionDays * 86_400, MIN_KEPT_SECONDS)
  return { ...common, forgetAt, status: 'answered', report, ...(claims && { claims }) }
}

/** The worker came back in the browser that asked. */
export function confirm(session: AnsweredSession): AnsweredSession {
  return { ...session, status: 'confirmed' }
}

/** What the organisation may know now: in a same-device flow nothing before it is confirmed. */
export function readableAnswer(session: PresentationSession): AnsweredSession | undefined {
  if (session.status === 'confirmed') return session
  return session.status === 'answered' && session.flow === 'cross_device' ? session : undefined
}

function transactionOf(session: PresentationSession): Transaction {
  const { id, organisation, policy, flow, createdAt, expiresAt, forgetAt, revision } = session
  return { id, organisation, policy, flow, createdAt, expiresAt, forgetAt, revision }
}
