// The words for what the strict YAML reader refuses.
import type { YAMLException } from 'js-yaml'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Problem, SourceText } from './source-text.ts'

/** Nested lists and mappings. */
export const MOST_DEPTH = 64

export const ANCHOR: Problem = {
  code: 'load/yaml-anchor',
  message: 'anchors are not allowed',
  hint: 'write the value out where it is used',
}
export const ALIAS: Problem = {
  code: 'load/yaml-alias',
  message: 'aliases are not allowed',
  hint: 'write the value out',
}
export const TAG: Problem = {
  code: 'load/yaml-tag',
  message: 'tags are not allowed',
  hint: 'remove it; quote a value that must be a text',
}
export const MERGE_KEY: Problem = {
  code: 'load/yaml-merge-key',
  message: 'merge keys are not allowed',
  hint: 'write the fields out',
}
export const DIRECTIVE: Problem = {
  code: 'load/yaml-directive',
  message: 'directives are not allowed',
  hint: 'remove the line that begins with `%`',
}
export const SEVERAL_DOCUMENTS: Problem = {
  code: 'load/several-documents',
  message: 'the file holds several YAML documents',
  hint: 'one file, one document: move the others into files of their own',
}
export const COMPLEX_KEY: Problem = {
  code: 'load/complex-key',
  message: 'a key is a list or a mapping',
  hint: 'a key is a single text',
}
export const EMPTY_KEY: Problem = {
  code: 'load/empty-key',
  message: 'a key is empty',
  hint: 'a line begins with `:`; name the field',
}
export const TOO_DEEP: Problem = {
  code: 'load/too-deep',
  message: `nested more than ${MOST_DEPTH} deep`,
  hint: 'nothing that is read here needs a tenth of that',
}
export const TAB: Problem = { code: 'load/tab', message: 'a tab is used as indentation', hint: 'indent with spaces' }
export const LONE_RETURN: Problem = {
  code: 'load/line-end',
  message: 'a carriage return without a line feed ends a line for some readers and not for others',
  hint: 'save the file with `\\n` or `\\r\\n` as line ends',
}
export const BAD_ESCAPE: Problem = {
  code: 'load/bad-escape',
  message: 'an escape stands for NUL or for half a character',
  hint: 'write the character itself',
}

/** Where js-yaml gave up: one diagnostic, since nothing after it can be read. */
export function syntaxProblem(source: SourceText, error: YAMLException): Diagnostic {
  const at = Math.min(error.mark?.position ?? 0, source.text.length)
  if (error.reason.startsWith('nesting exceeded')) return source.problem({ start: at, end: at }, TOO_DEEP)
  const lineStart = Math.max(source.text.lastIndexOf('\n', at - 1), source.text.lastIndexOf('\r', at - 1)) + 1
  const tab = /^ *\t/.exec(source.text.slice(lineStart, Math.max(at + 1, lineStart + 1)))
  if (tab !== null) return source.problem({ start: lineStart + tab[0].length - 1, end: lineStart + tab[0].length }, TAB)
  return source.problem(
    { start: at, end: at },
    {
      code: 'load/yaml-syntax',
      message: `not valid YAML: ${error.reason}`,
      hint: syntaxHint(error.reason),
    },
  )
}

function syntaxHint(reason: string): string {
  if (reason.includes('bad indentation'))
    return 'align it with the lines of its block; a text with `: ` or ` #` in it needs quotes'
  if (reason.includes('mapping')) return 'a text with `: ` in it needs quotes'
  if (reason.includes('end of the stream')) return 'something opened above is not closed'
  return 'look for a quote, a bracket or an indentation that is wrong, here or just above'
}
