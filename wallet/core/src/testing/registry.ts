import type { JsonObject } from '@wegwijzer/protocol/json'
import { CREDENTIAL_TYPES } from '@wegwijzer/schemas'
import {
  type IssuerRegistrationContent,
  makeRegistrationCertificate,
  type RegistrationContent,
  type RegistrationSigning,
} from '@wegwijzer/trust/registration'
import {
  addAnchor,
  makeEmptyTrustList,
  makeTrustList,
  TRUST_LIST_MEDIA_TYPE,
  type TrustListContent,
} from '@wegwijzer/trust/trust-list'
import { type Authorities, type Clock, DAY, REGISTRAR } from './authorities.ts'
import { type LocalServer, listen, NOT_FOUND, type Reply } from './http-server.ts'
import type { RegistrationChanges } from './registration-content.ts'
import { makeStatusHost } from './status-host.ts'

/** What wallets look up: the trust list, the types, and whether registrations still hold. */
export interface Registry extends Pick<LocalServer, 'url' | 'received' | 'faults' | 'close'> {
  readonly trustListUrl: string
  /** The list as it is from now on; its next one, unless the change names a sequence itself. */
  readonly edit: (change: (content: TrustListContent) => TrustListContent) => void
  /** Where a type's metadata stands. */
  readonly typeUrl: (vct: string) => string
  /** The registrar's certificate of one intended use. */
  readonly certify: (content: RegistrationContent, change: RegistrationChanges) => Promise<string>
  /** The registrar's certificate of an issuer. */
  readonly certifyIssuer: (content: IssuerRegistrationContent, change?: RegistrationChanges) => Promise<string>
  /** Every registration, from now on. */
  readonly revokeRegistrations: () => void
  /** Answers this at a path instead of what stands there. */
  readonly replace: (path: '/trust-list.jwt' | '/status-list' | '/types', reply: Reply) => void
}

export async function startRegistry(authorities: Authorities, clock: Clock): Promise<Registry> {
  let content = makeEmptyTrustList([{ lang: 'nl', value: 'Vertrouwenslijst (demo)' }])
  for (const [role, der] of authorities.anchors) content = addAnchor(content, role, der)
  const { keeper } = authorities
  const replaced = new Map<string, Reply>()
  const indexes: number[] = []

  const server = await listen(async ({ path }) => {
    const reply = replaced.get(path.startsWith('/types') ? '/types' : path)
    if (reply !== undefined) return reply
    if (path === '/trust-list.jwt') return { status: 200, type: TRUST_LIST_MEDIA_TYPE, body: await signList() }
    if (path === '/status-list') return status.serve()
    const type = CREDENTIAL_TYPES.find(({ vct }) => path === new URL(typeUrl(vct)).pathname)
    if (type === undefined) return NOT_FOUND
    return { status: 200, type: 'application/json', body: type.typeMetadataBytes }
  })
  const typeUrl = (vct: string) => `${server.url}/types/${encodeURIComponent(vct)}`
  const statusUri = `${server.url}/status-list`
  const registrar = await authorities.certify('registration_certificate', REGISTRAR)
  const status = makeStatusHost(statusUri, await authorities.certify('status_list', REGISTRAR), clock)

  const signList = () =>
    makeTrustList(content, {
      issuedAt: clock.now,
      nextUpdate: clock.now + DAY,
      signer: keeper.signer,
      x5c: keeper.x5c,
    })

  const signing = (change: RegistrationChanges): RegistrationSigning => {
    const index = status.allocate()
    indexes.push(index)
    const { signer, x5c } = change.registrar ?? registrar
    return {
      issuedAt: change.registeredAt ?? clock.now - DAY,
      expiresAt: change.registeredUntil ?? clock.now + 300 * DAY,
      status: { uri: change.statusUri ?? statusUri, index },
      signer,
      x5c,
    }
  }

  return {
    ...server,
    trustListUrl: `${server.url}/trust-list.jwt`,
    edit: (change) => {
      const next = change(content)
      const isNewer = next.sequence !== content.sequence
      content = isNewer ? next : { ...next, sequence: next.sequence + 1 }
    },
    typeUrl,
    async certify(registration, change) {
      const registered: RegistrationContent & JsonObject = {
        ...(change.registration?.(registration) ?? registration),
      }
      return makeRegistrationCertificate(registered, signing(change))
    },
    certifyIssuer: async (registration, change = {}) => makeRegistrationCertificate(registration, signing(change)),
    revokeRegistrations: () => {
      for (const index of indexes) status.set(index, 'invalid')
    },
    replace: (path, reply) => {
      replaced.set(path, reply)
    },
  }
}
