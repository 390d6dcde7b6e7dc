// Lines of policies/allowed-signers that give nobody a key: warnings, since OpenSSH may know more of them than we do.
import type { Diagnostic } from '../domain/diagnostic.ts'
import { ALLOWED_SIGNERS, type AllowedSigners, parseAllowedSigners } from '../remediate/allowed-signers.ts'
import type { SourceTree } from '../world.ts'

/** Nobody's where there is no such file. */
export function allowedSignersOf(tree: SourceTree, timeZone: string): AllowedSigners {
  if (!tree.has(ALLOWED_SIGNERS)) return { signers: [], skipped: [] }
  return parseAllowedSigners(Buffer.from(tree.read(ALLOWED_SIGNERS)).toString('utf8'), timeZone)
}

/** One a line, in order. */
export function signerProblems({ skipped }: AllowedSigners): Diagnostic[] {
  return skipped.map(({ line, why }) => ({
    file: ALLOWED_SIGNERS,
    line,
    column: 1,
    severity: 'warning',
    code: 'load/bad-signer',
    message: `the line gives nobody a key: ${why}`,
    hint: 'write `<name> namespaces="tutela-approval" ssh-ed25519 AAAA…`, or a `#` before it',
  }))
}
