import { generateHolderKey, type HolderKey, importWebSigner } from '@wegwijzer/keys/web'
import { decodeBase64url, encodeBase64url } from '@wegwijzer/protocol/jose'
import { parseAuthorizationServerMetadata, wellKnownUrl } from '@wegwijzer/protocol/oauth'
import {
  authorizationServerOf,
  type CredentialIssuerMetadata,
  checkAnonymousPreAuthorizedCode,
  makeCredentialRequest,
  makeJwtProof,
  makePreAuthorizedTokenRequest,
  type NotificationEvent,
  parseCredentialResponse,
  parseNonceResponse,
  parseTokenResponse,
  preAuthorizedCodeGrant,
} from '@wegwijzer/protocol/openid4vci'
import { keepTransaction, makeTransactionId } from '../activity/activity-log.ts'
import { formatTime, multiLang, REGISTER_IDENTIFIER_TYPE } from '../activity/transaction.ts'
import type { HeldCredential } from '../holdings/held-credential.ts'
import { keepCredential } from '../holdings/holdings.ts'
import type { WalletContext } from '../platform.ts'
import { judging, WalletError } from '../wallet-error.ts'
import { fetchJson, MAX_METADATA_BYTES, readIssuerMetadata, urlRules } from './begin-receipt.ts'
import { type IssuerClient, postWithDpop, readAnswer } from './issuer-client.ts'
import { notify, type PendingNotification, rememberNotification } from './notification.ts'
import {
  forgetStale,
  forgetStarted,
  keepStarted,
  type OfferedReceipt,
  type OfferedType,
  readStarted,
  type StartedReceipt,
} from './receipt.ts'
import { type VerifiedCard, verifyCard } from './verify-card.ts'

/** Copies to ask for where the issuer lets the wallet choose; OpenID4VCI 1.0 §12.2.4 `batch_size` is the most it may be. */
const WANTED_COPIES = 20
/** How long a token is taken to last where the issuer does not say. */
const DEFAULT_TOKEN_SECONDS = 300
const MAX_CREDENTIAL_BYTES = 8_000_000

/**
 * Collects what was offered: token, nonce, one batch of copies per type, each verified before anything is kept, all of one
 * type kept in one write.
 *
 * After a crash in the middle the same offer goes on where it was: the access token is kept until the credentials are, and
 * the issuer then gives a fresh batch and makes the earlier one invalid.
 *
 * @param txCode What the worker typed, where a code is wanted.
 * @throws {WalletError} `refused` with the issuer's code (`invalid_grant`: the code is wrong or spent), `not_trusted` when
 *   what came is not what it should be: it is not kept, and the issuer is told `credential_failure`.
 * @see OpenID4VCI 1.0 §3.5 pre-authz-code-flow
 */
export async function acceptReceipt(
  context: WalletContext,
  receipt: OfferedReceipt,
  txCode?: string,
): Promise<readonly HeldCredential[]> {
  await forgetStale(context.records, context.now())
  const metadata = await readIssuerMetadata(context, receipt.offer.credential_issuer)
  const resumed = await readStarted(context.records, receipt.id, context.now())
  const started = resumed ?? (await start(context, receipt, metadata, txCode))
  const client = await openClient(context, started)
  const kept: HeldCredential[] = []
  let remaining = started.configurationIds
  for (const type of receipt.types.filter(({ configurationId }) => remaining.includes(configurationId))) {
    remaining = remaining.filter((id) => id !== type.configurationId)
    kept.push(await collect({ context, client, receipt, metadata, started }, type, remaining))
  }
  return kept
}

/** Exchanges the code for an access token, and keeps that before it is used. */
async function start(
  context: WalletContext,
  { id, offer, types, txCode: wanted }: OfferedReceipt,
  metadata: CredentialIssuerMetadata,
  txCode: string | undefined,
): Promise<StartedReceipt> {
  if (wanted !== undefined && txCode === undefined) {
    throw new WalletError('invalid_input', 'tx_code_wanted', 'the issuer asks for a code')
  }
  const rules = urlRules(context)
  const server = await judging('refused', async () => {
    const issuer = authorizationServerOf(metadata, offer)
    const text = await fetchJson(context, wellKnownUrl(issuer, 'oauth-authorization-server', rules), MAX_METADATA_BYTES)
    const parsed = parseAuthorizationServerMetadata(text, issuer, rules)
    checkAnonymousPreAuthorizedCode(parsed)
    return parsed
  })
  const tokenEndpoint = server.token_endpoint
  if (tokenEndpoint === undefined)
    throw new WalletError('refused', 'no_token_endpoint', 'the issuer has no token endpoint')
  const { signer, pkcs8 } = await generateHolderKey()
  const body = makePreAuthorizedTokenRequest({
    preAuthorizedCode: preAuthorizedCodeGrant(offer)['pre-authorized_code'],
    ...(wanted !== undefined && txCode !== undefined && { txCode }),
  })
  const answer = await postWithDpop(
    { ...context, dpopSigner: signer, nonces: new Map() },
    { url: tokenEndpoint, contentType: 'application/x-www-form-urlencoded', body },
  )
  const token = await judging('refused', () => parseTokenResponse(answer))
  const started: StartedReceipt = {
    accessToken: token.access_token,
    expiresAt: context.now() + (token.expires_in ?? DEFAULT_TOKEN_SECONDS),
    dpopPkcs8: encodeBase64url(pkcs8),
    configurationIds: types.map(({ configurationId }) => configurationId),
  }
  await context.records.write([keepStarted(id, started)])
  return started
}

async function openClient(context: WalletContext, { dpopPkcs8 }: StartedReceipt): Promise<IssuerClient> {
  return { ...context, dpopSigner: await importWebSigner(decodeBase64url(dpopPkcs8)), nonces: new Map() }
}

interface Collecting {
  readonly context: WalletContext
  readonly client: IssuerClient
  readonly receipt: OfferedReceipt
  readonly metadata: CredentialIssuerMetadata
  readonly started: StartedReceipt
}

/** One type: request, verify, keep, tell. */
async function collect(
  collecting: Collecting,
  type: OfferedType,
  remaining: readonly string[],
): Promise<HeldCredential> {
  const { context, client, receipt, metadata, started } = collecting
  const keys = await makeKeys(Math.min(metadata.batch_credential_issuance?.batch_size ?? 1, WANTED_COPIES))
  const answer = await requestCredentials(collecting, type, keys)
  const tell = (event: NotificationEvent): PendingNotification | undefined =>
    answer.notification_id === undefined || metadata.notification_endpoint === undefined
      ? undefined
      : {
          key: encodeBase64url(context.crypto.randomBytes(12)),
          id: answer.notification_id,
          endpoint: metadata.notification_endpoint,
          event,
          accessToken: started.accessToken,
          dpopPkcs8: started.dpopPkcs8,
          expiresAt: started.expiresAt,
        }
  try {
    const { credential, copies } = await verifyAnswer(collecting, type, answer.credentials, keys)
    const accepted = tell('credential_accepted')
    await context.records.write([
      ...keepCredential(credential, copies),
      keepTransaction(await issuanceOf(context, receipt, type)),
      remaining.length === 0
        ? forgetStarted(receipt.id)
        : keepStarted(receipt.id, { ...started, configurationIds: remaining }),
      // Written along, so that a wallet that is closed now tells the issuer the next time.
      ...(accepted === undefined ? [] : [rememberNotification(accepted)]),
    ])
    if (accepted !== undefined) await notify(context, client, accepted)
    return credential
  } catch (error) {
    const failed = tell('credential_failure')
    if (error instanceof WalletError && failed !== undefined) await notify(context, client, failed)
    throw error
  }
}

async function makeKeys(count: number): Promise<readonly HolderKey[]> {
  return Promise.all(Array.from({ length: Math.max(count, 1) }, generateHolderKey))
}

/** @see OpenID4VCI 1.0 §8.2 credential-request */
async function requestCredentials(
  { context, client, receipt, metadata, started }: Collecting,
  { configurationId }: OfferedType,
  keys: readonly HolderKey[],
) {
  const nonce = await requestNonce(context, metadata)
  const proofs = await Promise.all(
    keys.map(({ signer }) =>
      makeJwtProof({ audience: receipt.offer.credential_issuer, nonce, issuedAt: context.now(), signer }),
    ),
  )
  const body = JSON.stringify(makeCredentialRequest({ credential_configuration_id: configurationId }, proofs))
  const answer = await postWithDpop(client, {
    url: metadata.credential_endpoint,
    contentType: 'application/json',
    body,
    accessToken: started.accessToken,
    maxBytes: MAX_CREDENTIAL_BYTES,
  })
  const parsed = await judging('refused', () => parseCredentialResponse(answer, keys.length))
  if (parsed.kind === 'issued') return parsed
  throw new WalletError(
    'refused',
    'issuance_deferred',
    'the issuer gives the credential later, which this wallet cannot yet',
  )
}

/** @see OpenID4VCI 1.0 §7.1 nonce-request */
async function requestNonce(
  { fetch }: WalletContext,
  { nonce_endpoint: url }: CredentialIssuerMetadata,
): Promise<string> {
  if (url === undefined) throw new WalletError('refused', 'no_nonce_endpoint', 'the issuer gives no nonces')
  return judging('refused', async () => {
    const answer = await fetch({ url, method: 'POST', accept: ['application/json'] })
    return parseNonceResponse(await readAnswer(answer)).c_nonce
  })
}

/** Verifies what came, as a whole: one card with all its copies, or nothing. */
function verifyAnswer(
  { context, receipt }: Collecting,
  { vct }: OfferedType,
  credentials: readonly { readonly credential: string }[],
  keys: readonly HolderKey[],
): Promise<VerifiedCard> {
  const { credential_issuer: credentialIssuer } = receipt.offer
  return judging('not_trusted', () =>
    verifyCard(context, {
      credentialIssuer,
      vct,
      sdJwts: credentials.map(({ credential }) => credential),
      keys,
      receivedAt: context.now(),
    }),
  )
}

async function issuanceOf(context: WalletContext, { issuer }: OfferedReceipt, { vct }: OfferedType) {
  const now = context.now()
  return {
    transactionIdentifier: await makeTransactionId(context, now),
    time: formatTime(now),
    transactionType: 'CredentialIssuance',
    transactionResult: 'Completed',
    interactingPartyIdentifier: { type: REGISTER_IDENTIFIER_TYPE, identifier: issuer.identifier },
    interactingPartyType: 'NonQEAAProvider',
    interactingPartyName: multiLang(issuer.name),
    // Of an issuer only the country is known: ETSI EN 319 412-1 §5.1.4 has it in the identifier.
    interactingPartyContact: [issuer.identifier.slice(3, 5)],
    isUserTriggered: true,
    credentialNumberRequested: 1,
    credentialNumberIssued: 1,
    credentialIdentifier: [vct],
  } as const
}
