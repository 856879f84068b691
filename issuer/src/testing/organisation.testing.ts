import { credentialTypeNamed, isCredentialTypeName } from '@wegwijzer/schemas'
import type { TestIssuer } from './issuer.testing.ts'

/** An organisation's own system, at its API. */
export interface TestOrganisation {
  readonly id: string
  call(method: string, path: string, body?: unknown, apiKey?: string): Promise<ApiAnswer>
  /** Offers the example of a type. @throws when it is not 201. */
  offer(credentialType: string, options?: { readonly txCode?: boolean; readonly claims?: unknown }): Promise<MadeOffer>
}

export interface ApiAnswer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails where it is not there
  readonly body: any
}

export interface MadeOffer {
  readonly id: string
  readonly credentialOffer: string
  readonly walletLink: string
  readonly txCode?: string
  readonly expiresAt: string
}

export function organisationAt(issuer: TestIssuer, id: string): TestOrganisation {
  const call = async (method: string, path: string, body?: unknown, apiKey = issuer.apiKeys.get(id) ?? '') => {
    const response = await fetch(`${issuer.url}/${id}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
  }
  return {
    id,
    call,
    async offer(credentialType, { txCode = false, claims = exampleOf(credentialType) } = {}) {
      const { status, body } = await call('POST', '/offers', { credentialType, claims, txCode })
      if (status !== 201) throw new Error(`the offer was refused: ${JSON.stringify(body)}`)
      return body
    },
  }
}

/** The fictional person of the schemas. */
export function exampleOf(credentialType: string): unknown {
  if (!isCredentialTypeName(credentialType)) throw new Error(`${credentialType} is no credential type`)
  return credentialTypeNamed(credentialType).example
}
