// What the user names to `tutela verify`: files that are read with care, and what is said where they are something else.
import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '../base/durable-files.ts'
import { Fault } from '../base/fault.ts'

/** A receipt or policy above this is none. */
const MAX_GIVEN_BYTES = 4_000_000

/**
 * The bytes of a file through links, since the user named it; a pipe or device, which may never end, is refused. Faults
 * `ledger/unreadable`.
 */
export function readGiven(path: string): Uint8Array {
  try {
    // Without O_NONBLOCK the opening of a pipe waits for a writer.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const state = fstatSync(file)
      if (!state.isFile())
        throw new Fault('ledger/unreadable', `\`${path}\` is no ordinary file`, 'name a file, not a folder or a pipe')
      if (state.size > MAX_GIVEN_BYTES)
        throw new Fault('ledger/unreadable', `\`${path}\` has ${state.size} bytes; at most ${MAX_GIVEN_BYTES} are read`)
      return new Uint8Array(readFileSync(file))
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault('ledger/unreadable', `\`${path}\` cannot be read (${errorCode(error)})`, undefined, {
      cause: error,
    })
  }
}

/** What is at a path. Faults `ledger/no-log`. */
export function stateOf(path: string, given: string): { isDirectory(): boolean } {
  try {
    return statSync(path)
  } catch (error) {
    throw new Fault(
      'ledger/no-log',
      `\`${given}\` cannot be read (${errorCode(error)})`,
      'name a ledger folder or a receipt',
      { cause: error },
    )
  }
}

/** What to say of a path that cannot be verified. */
export function noLog(path: string, given: string): Fault {
  const inner = existsSync(join(path, 'ledger', 'checkpoint'))
  return new Fault(
    'ledger/no-log',
    `\`${given}\` is neither a ledger folder nor a receipt`,
    inner ? `did you mean \`${join(given, 'ledger')}\`?` : 'a ledger folder has `checkpoint` and `tile/`',
  )
}

/** Of options that do not go together. */
export function contradiction(message: string, hint: string): Fault {
  return new Fault('cli/bad-option', message, hint)
}
