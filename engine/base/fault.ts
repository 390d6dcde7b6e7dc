// The world failed: a disk, a repository, a key, a network. Thrown, and caught only in cli.ts.
// Problems in the user's own files are diagnostics (domain/diagnostic.ts); programming errors are `internal error:`.

/** `stage/kebab-words`; nobody branches on the text. */
export type FaultCode = `${string}/${string}`

/**
 * Why the world failed: told to the user by code, message and hint, exit 1. Never thrown for what is in the user's
 * files.
 */
export class Fault extends Error {
  readonly code: FaultCode
  readonly hint: string | undefined

  /** `message`: lower case, no full stop, user's words in backticks. `hint`: what to do next. */
  constructor(code: FaultCode, message: string, hint?: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Fault'
    this.code = code
    this.hint = hint
  }
}

/** For states that no input can reach. */
export function internalError(what: string): never {
  throw new Error(`internal error: ${what}`)
}
