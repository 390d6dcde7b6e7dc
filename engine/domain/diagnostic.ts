// A problem in the user's files: returned in lists so that one run shows all of them, never thrown.
// How diagnostics are printed is the commands' business.
import { compareText } from '../base/order.ts'
import { withoutSecrets } from '../base/secret-text.ts'

/** An error makes the repository invalid (exit 3); a warning never changes an exit code. */
export type Severity = 'error' | 'warning'

/** `stage/kebab-words`: load/…, evaluate/…, remediate/…, ledger/…, observe/…  */
export type DiagnosticCode = `${string}/${string}`

/** Lines and columns count from 1; columns count UTF-16 units. `file` is relative to the repository, with `/`. */
export interface Diagnostic {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine?: number
  readonly endColumn?: number
  readonly severity: Severity
  readonly code: DiagnosticCode
  readonly message: string
  /** What to do next. */
  readonly hint: string
}

/** By file, line, column, code, message; equal ones are kept once, and no known form of a secret is in them. */
export function sortDiagnostics(list: readonly Diagnostic[]): Diagnostic[] {
  const sorted = list.map(told).sort(compareDiagnostics)
  return sorted.filter((d, i) => {
    const before = sorted[i - 1]
    return before === undefined || compareDiagnostics(before, d) !== 0
  })
}

function told(d: Diagnostic): Diagnostic {
  return { ...d, message: withoutSecrets(d.message), hint: withoutSecrets(d.hint) }
}

function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    compareText(a.file, b.file) ||
    a.line - b.line ||
    a.column - b.column ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message)
  )
}

/** Whether the repository is invalid (exit 3); warnings alone are not. */
export function hasErrors(list: readonly Diagnostic[]): boolean {
  return list.some((d) => d.severity === 'error')
}
