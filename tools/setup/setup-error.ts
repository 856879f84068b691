/** Something stands in the way that a person has to decide or repair; the message says what, and what to do. */
export class SetupError extends Error {
  override readonly name = 'SetupError'
}
