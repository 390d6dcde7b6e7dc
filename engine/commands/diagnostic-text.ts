// How diagnostics are printed for people: a line each, `path:line:column  severity  code  message`, below it the line of
// the file with carets where it can be shown, and the hint.
import { displayWidth } from '../base/text-columns.ts'
import { visibleText } from '../base/visible-text.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import { excerptOf, type SourceLines } from './source-excerpt.ts'

export interface DiagnosticTextOptions {
  readonly colour: boolean
  /** Where lines of the files come from; absent: none are shown. */
  readonly source?: SourceLines | undefined
}

/** In the order given, without a final newline. Texts of the files are made visible, so they cannot move the cursor. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], options: DiagnosticTextOptions): string {
  return diagnostics.map((diagnostic) => diagnosticText(diagnostic, options)).join('\n')
}

function diagnosticText(diagnostic: Diagnostic, { colour, source }: DiagnosticTextOptions): string {
  const { file, line, column, severity, code, message, hint } = diagnostic
  const place = `${visibleText(file)}:${line}:${column}`
  const head = `${place}  ${painted(severity, severity, colour)}  ${code}  ${visibleText(message, 1000)}`
  const excerpt = source === undefined ? null : excerptOf(diagnostic, source)
  const indent = excerpt?.indent ?? ' '.repeat(displayWidth(place) + 2)
  return [
    head,
    ...(excerpt === null ? [] : [excerpt.line, `${excerpt.before}${painted(excerpt.carets, severity, colour)}`]),
    `${indent}hint: ${visibleText(hint, 1000)}`,
  ].join('\n')
}

function painted(text: string, severity: Diagnostic['severity'], colour: boolean): string {
  return colour ? `\u001b[${severity === 'error' ? '31' : '33'}m${text}\u001b[0m` : text
}
