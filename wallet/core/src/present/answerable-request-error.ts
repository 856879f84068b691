import type { AuthorizationRequestError, ErrorTarget } from '@wegwijzer/protocol/openid4vp'
import type { Texts } from '../holdings/held-credential.ts'
import { WalletError } from '../wallet-error.ts'

/**
 * A request that really is the verifier's and that this wallet cannot process, such as one with an unknown transaction. The
 * verifier may be told the code, once the worker agrees: no answer without consent, an error included.
 *
 * @see OpenID4VP 1.0 §15.9 error-responses
 */
export class AnswerableRequestError extends WalletError {
  /** Who asks, as the trust list names it. */
  readonly verifierName: Texts
  /** Absent where the address itself is what is wrong. */
  readonly respondTo: ErrorTarget | undefined

  constructor(error: AuthorizationRequestError, verifierName: Texts, respondTo: ErrorTarget | undefined) {
    super('not_trusted', error.code, error.message, { cause: error })
    this.verifierName = verifierName
    this.respondTo = respondTo
  }
}
