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
  type OnceOnly,
  parseNonceResponse,
  parseTokenResponse,
  preAuthorizedCodeGrant,
  readOnceOnly,
  selectCredentialConfiguration,
} from '@wegwijzer/protocol/openid4vci'
import { didJwkOf } from '@wegwijzer/protocol/w3c'
import { keepTransaction } from '../activity/activity-log.ts'
import type { HeldCredential } from '../holdings/held-credential.ts'
import { keepCredential } from '../holdings/holdings.ts'
import type { WalletContext } from '../platform.ts'
import { judging, WalletError } from '../wallet-error.ts'
import { fetchJson, urlRules } from './begin-receipt.ts'
import { exchangeCredentials } from './credential-exchange.ts'
import { issuanceOf } from './issuance-transaction.ts'
import { type IssuerClient, postWithDpop, readAnswer } from './issuer-client.ts'
import { checkRegistered, readTrustedIssuer } from './issuer-metadata.ts'
import { notify, notifyUntil, type PendingNotification, rememberNotification } from './notification.ts'
import {
  forgetStale,
  forgetStarted,
  keepStarted,
  type OfferedReceipt,
  type OfferedType,
  readStarted,
  type StartedReceipt,
} from './receipt.ts'
import { countRefusedCode, forgetRefusedCodes } from './refused-codes.ts'
import { type VerifiedCard, verifyCard } from './verify-card.ts'

/** Copies to ask for where the issuer lets the wallet choose; OpenID4VCI 1.0 §12.2.4 `batch_size` is the most it may be. */
const WANTED_COPIES = 20
/** How long a token is taken to last where the issuer does not say. */
const DEFAULT_TOKEN_SECONDS = 300
/** Of an authorization server. */
const MAX_METADATA_BYTES = 1_000_000

/**
 * Collects what was offered: token, nonce, one batch of copies per type, each verified before anything is kept, all of one
 * type kept in one write.
 *
 * After a crash in the middle the same offer goes on where it was: the access token is kept until the credentials are, and
 * the issuer then gives a fresh batch and makes the earlier one invalid.
 *
 * @param txCode What the worker typed, where a code is wanted.
 * @throws {WalletError} `refused` with the issuer's code (`invalid_grant`: the code is wrong or spent), `not_trusted` when
 *   what came is not what it should be: it is not kept, and the issuer is told `credential_failure`. What the issuer was asked
 *   for and did not come is in the log.
 * @see OpenID4VCI 1.0 §3.5 pre-authz-code-flow
 */
export async function acceptReceipt(
  context: WalletContext,
  receipt: OfferedReceipt,
  txCode?: string,
): Promise<readonly HeldCredential[]> {
  await forgetStale(context.records, context.now())
  const kept: HeldCredential[] = []
  let missing = receipt.types
  try {
    const issuer = await readTrustedIssuer(context, receipt.offer.credential_issuer)
    const { metadata } = issuer
    for (const type of receipt.types) checkRegistered(issuer, type)
    const resumed = await readStarted(context.records, receipt.id, context.now())
    const started = resumed ?? (await start(context, receipt, metadata, txCode))
    const client = await openClient(context, started)
    missing = receipt.types.filter(({ configurationId }) => started.configurationIds.includes(configurationId))
    for (const type of missing) {
      const rest = missing.slice(1)
      kept.push(await collect({ context, client, receipt, metadata, started }, type, rest))
      missing = rest
    }
    return kept
  } catch (error) {
    if (error instanceof WalletError && error.kind !== 'invalid_input') {
      await rememberFailure(context, receipt, missing, error.reason)
    }
    throw error
  }
}

/** Writes into the log what did not come, and counts the code that was refused. */
async function rememberFailure(
  context: WalletContext,
  receipt: OfferedReceipt,
  missing: readonly OfferedType[],
  reason: string,
): Promise<void> {
  const isCodeRefused = receipt.txCode !== undefined && reason === 'invalid_grant'
  await context.records.write([
    keepTransaction(await issuanceOf(context, receipt, missing, reason)),
    ...(isCodeRefused ? await countRefusedCode(context.records, receipt.id, context.now()) : []),
  ])
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
  await context.records.write([keepStarted(id, started), ...(wanted === undefined ? [] : [forgetRefusedCodes(id)])])
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
  rest: readonly OfferedType[],
): Promise<HeldCredential> {
  const { context, client, receipt, metadata, started } = collecting
  const { credential_metadata } = await judging('refused', () =>
    selectCredentialConfiguration(metadata, type.configurationId),
  )
  const reuse = readOnceOnly(credential_metadata?.credential_reuse_policy)
  const most = metadata.batch_credential_issuance?.batch_size ?? 1
  const keys = await makeKeys(Math.min(most, reuse?.batchSize ?? most, WANTED_COPIES))
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
          expiresAt: notifyUntil(started.expiresAt, context.now()),
        }
  try {
    const { credential, copies } = await verifyAnswer(collecting, type, answer.credentials, keys, reuse)
    const accepted = tell('credential_accepted')
    await context.records.write([
      ...keepCredential(credential, copies),
      keepTransaction(await issuanceOf(context, receipt, [type])),
      rest.length === 0
        ? forgetStarted(receipt.id)
        : keepStarted(receipt.id, { ...started, configurationIds: rest.map(({ configurationId }) => configurationId) }),
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
  { configurationId, format }: OfferedType,
  keys: readonly HolderKey[],
) {
  const nonce = await requestNonce(context, metadata)
  const proofs = await Promise.all(
    keys.map(({ signer }) =>
      makeJwtProof({
        audience: receipt.offer.credential_issuer,
        nonce,
        issuedAt: context.now(),
        signer,
        // A W3C credential is about a DID.
        ...(format !== undefined && { did: didJwkOf(signer.publicJwk) }),
      }),
    ),
  )
  const request = makeCredentialRequest({ credential_configuration_id: configurationId }, proofs)
  const parsed = await exchangeCredentials(client, metadata, { accessToken: started.accessToken, request })
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
  { vct, format }: OfferedType,
  credentials: readonly { readonly credential: string }[],
  keys: readonly HolderKey[],
  reuse: OnceOnly | undefined,
): Promise<VerifiedCard> {
  const { credential_issuer: credentialIssuer } = receipt.offer
  return judging('not_trusted', () =>
    verifyCard(context, {
      credentialIssuer,
      vct,
      ...(format && { format }),
      sdJwts: credentials.map(({ credential }) => credential),
      keys,
      receivedAt: context.now(),
      ...(reuse && { reuse }),
    }),
  )
}
