import { generateNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import type { Signer } from '@wegwijzer/protocol/crypto'
import type { JsonObject } from '@wegwijzer/protocol/json'
import { makeSdJwt, type ProcessedSdJwt, parseSdJwt, processSdJwt } from '@wegwijzer/protocol/sd-jwt'
import { parseTypeMetadata, SD_JWT_VC_TYPE, selectivelyDisclosablePaths } from '@wegwijzer/protocol/sd-jwt-vc'
import { makeStatusBitmap, makeStatusListToken, setStatusValue } from '@wegwijzer/protocol/status-list'
import { type CredentialTypeName, credentialTypeNamed } from '@wegwijzer/schemas'
import { ISSUERS, type Party, statusDocument, type World } from './world.testing.ts'

/** A copy in a wallet: the credential with all its disclosures, and its key. */
export interface HeldCopy {
  readonly held: ProcessedSdJwt
  readonly holder: Signer
}

export interface IssuingChange {
  /** Of the person and the rest of the credential; `undefined` takes a claim away. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Of what every credential says: `iss`, `exp`, `vct`, `status`. */
  readonly payload?: Readonly<Record<string, unknown>>
  readonly header?: JsonObject
  /** Who signs and with which certificates; the school's own unless said otherwise. */
  readonly issuer?: Party
  /** 0 valid, 1 invalid, 2 suspended; `null` for a credential without a status. */
  readonly status?: number | null
  /** Claims that are left visible although the type says otherwise. */
  readonly visible?: readonly string[]
}

export type Issuing = Awaited<ReturnType<typeof makeIssuing>>

/** A school that issues every type, with a status list that is signed again whenever a status changes. */
export async function makeIssuing(world: World) {
  const { identifier, organisation } = ISSUERS.school
  const uri = `${world.hostUrl}/${organisation}`
  const school = await world.makeParty('credential_issuer', identifier, uri)
  const statusSigner = await world.makeParty('status_list', identifier, uri)
  let lists = 0

  /** Serves a status list of its own. @returns What the credential says of it. */
  async function publishStatus(
    value: number,
    change: { readonly signer?: Party; readonly subject?: string; readonly expiresAt?: number } = {},
  ): Promise<JsonObject> {
    lists += 1
    const path = `/status/${lists}`
    const statusUri = `${world.hostUrl}${path}`
    const bitmap = makeStatusBitmap(2, 128)
    setStatusValue({ bits: 2, bitmap }, 77, value)
    const token = await makeStatusListToken({
      subject: change.subject ?? statusUri,
      bits: 2,
      bitmap,
      issuedAt: world.clock.now - 100,
      expiresAt: change.expiresAt ?? world.clock.now + 60,
      ttlSeconds: 5,
      ...(change.signer ?? statusSigner),
    })
    world.documents.set(path, statusDocument(token))
    return { status_list: { idx: 77, uri: statusUri } }
  }

  async function issue(name: CredentialTypeName, change: IssuingChange = {}): Promise<HeldCopy> {
    const { vct, typeMetadataIntegrity, typeMetadataText, example } = credentialTypeNamed(name)
    const holder = generateNodeSigner()
    const issuer = change.issuer ?? school
    const status = change.status === null ? undefined : await publishStatus(change.status ?? 0)
    const claims: JsonObject = withoutUndefined({
      ...example,
      ...change.claims,
      vct,
      'vct#integrity': typeMetadataIntegrity,
      iss: issuer.uri,
      iat: world.clock.now - 86_400,
      exp: world.clock.now + 86_400,
      cnf: { jwk: holder.publicJwk },
      status,
      ...change.payload,
    })
    const sdJwt = await makeSdJwt({
      header: { typ: SD_JWT_VC_TYPE, x5c: [...issuer.x5c], ...change.header },
      claims,
      selectivelyDisclosable: selectivelyDisclosablePaths(parseTypeMetadata(typeMetadataText), claims).filter(
        ([first]) => !change.visible?.includes(String(first)),
      ),
      decoyCount: 2,
      signer: issuer.signer,
      crypto: nodeCrypto,
    })
    return { held: await processSdJwt(parseSdJwt(sdJwt), nodeCrypto), holder }
  }

  return { issue, publishStatus, uri }
}

function withoutUndefined(claims: Readonly<Record<string, unknown>>): JsonObject {
  return JSON.parse(JSON.stringify(claims))
}
