import type { Secret, UnlockMethod } from '../worker/wallet-port.ts'

type PasskeySecret = Extract<Secret, { readonly kind: 'passkey' }>
type PasskeyMethod = Extract<UnlockMethod, { readonly kind: 'passkey' }>

/**
 * Why a passkey could not be used:
 *
 * - `unsupported`: this browser, or the place the passkey is in, cannot make keys from it (WebAuthn PRF);
 * - `refused`: stopped by the person, not recognised, or too slow; a browser does not say which.
 */
export class PasskeyFailure extends Error {
  override readonly name = 'PasskeyFailure'
  readonly reason: 'unsupported' | 'refused'

  constructor(reason: 'unsupported' | 'refused', options?: ErrorOptions) {
    super(reason, options)
    this.reason = reason
  }
}

const TIMEOUT_MS = 120_000
const ALGORITHMS = [-7, -257] as const

export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential === 'function'
}

/**
 * Makes a passkey for this wallet, and asks it at once for the secret it will open the wallet with.
 *
 * @param name How the passkey is called among others on the device; nothing of the person.
 * @throws {PasskeyFailure}
 * @see WebAuthn Level 3 §10.1.4 prf-extension
 */
export async function makePasskey(name: string): Promise<PasskeySecret> {
  const input = randomOctets(32)
  const made = await attempt(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: randomOctets(32),
        rp: { id: location.hostname, name: 'Wegwijzer' },
        user: { id: randomOctets(16), name, displayName: name },
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        attestation: 'none',
        timeout: TIMEOUT_MS,
        extensions: { prf: { eval: { first: input } } },
      },
    }),
  )
  const credentialId = toBase64url(new Uint8Array(made.rawId))
  if (made.getClientExtensionResults().prf?.enabled !== true) {
    await forgetPasskey(credentialId)
    throw new PasskeyFailure('unsupported')
  }
  // Some say only that they could: what opens the wallet later is what a second look gives.
  return askPasskey([{ id: '', kind: 'passkey', credentialId, prfInput: toHex(input) }])
}

/** @throws {PasskeyFailure} */
export async function askPasskey(methods: readonly PasskeyMethod[]): Promise<PasskeySecret> {
  const shown = await attempt(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: randomOctets(32),
        rpId: location.hostname,
        allowCredentials: methods.map(({ credentialId }) => ({ type: 'public-key', id: fromBase64url(credentialId) })),
        userVerification: 'required',
        timeout: TIMEOUT_MS,
        extensions: {
          prf: {
            evalByCredential: Object.fromEntries(
              methods.map(({ credentialId, prfInput }) => [credentialId, { first: fromHex(prfInput) }]),
            ),
          },
        },
      },
    }),
  )
  const credentialId = toBase64url(new Uint8Array(shown.rawId))
  const method = methods.find((known) => known.credentialId === credentialId)
  const output = shown.getClientExtensionResults().prf?.results?.first
  if (method === undefined || output === undefined) throw new PasskeyFailure('unsupported')
  return { kind: 'passkey', credentialId, prfInput: method.prfInput, prfOutput: octetsOf(output) }
}

async function attempt(step: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  if (!hasPasskeys()) throw new PasskeyFailure('unsupported')
  try {
    const credential = await step()
    if (credential instanceof PublicKeyCredential) return credential
  } catch (cause) {
    const isUnsupported = cause instanceof DOMException && cause.name === 'NotSupportedError'
    throw new PasskeyFailure(isUnsupported ? 'unsupported' : 'refused', { cause })
  }
  throw new PasskeyFailure('refused')
}

/** A passkey that opens nothing should not stay in the person's list of passkeys. */
async function forgetPasskey(credentialId: string): Promise<void> {
  if (!('signalUnknownCredential' in PublicKeyCredential)) return
  await PublicKeyCredential.signalUnknownCredential({ rpId: location.hostname, credentialId }).catch(() => undefined)
}

type Octets = Uint8Array<ArrayBuffer>

function octetsOf(source: BufferSource): Octets {
  return ArrayBuffer.isView(source)
    ? Uint8Array.from(new Uint8Array(source.buffer, source.byteOffset, source.byteLength))
    : new Uint8Array(source)
}

function toHex(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('')
}

function fromHex(hex: string): Octets {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

function randomOctets(count: number): Octets {
  return crypto.getRandomValues(new Uint8Array(count))
}

function toBase64url(octets: Uint8Array): string {
  return btoa(String.fromCharCode(...octets))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

function fromBase64url(text: string): Octets {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))
}
