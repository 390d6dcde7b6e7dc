// How diagnostics are printed for people: a line each, `path:line:column  severity  code  message`, the hint below it.
import { visibleText } from '../base/visible-text.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'

export interface DiagnosticTextOptions {
  readonly colour: boolean
}

/** In the order given, without a final newline. Texts of the files are made visible, so they cannot move the cursor. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], { colour }: DiagnosticTextOptions): string {
  return diagnostics.map((diagnostic) => diagnosticText(diagnostic, colour)).join('\n')
}

/** `2 errors, 1 warning`; empty where there are none. */
export function countText(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const warnings = diagnostics.length - errors
  return [errors > 0 ? counted(errors, 'error') : '', warnings > 0 ? counted(warnings, 'warning') : '']
    .filter((text) => text !== '')
    .join(', ')
}

export function counted(count: number, word: string): string {
  return `${count} ${count === 1 ? word : word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`}`
}

function diagnosticText(diagnostic: Diagnostic, colour: boolean): string {
  const { file, line, column, severity, code, message, hint } = diagnostic
  const place = `${visibleText(file)}:${line}:${column}`
  const head = `${place}  ${paintSeverity(severity, colour)}  ${code}  ${visibleText(message, 1000)}`
  return hint === undefined ? head : `${head}\n${' '.repeat(place.length + 2)}hint: ${visibleText(hint, 1000)}`
}

function paintSeverity(severity: Diagnostic['severity'], colour: boolean): string {
  if (!colour) return severity
  return `\u001b[${severity === 'error' ? '31' : '33'}m${severity}\u001b[0m`
}
