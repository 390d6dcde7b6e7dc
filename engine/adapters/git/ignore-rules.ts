// Which untracked files are ignored: .gitignore of each folder, info/exclude and `core.excludesFile`.
// https://git-scm.com/docs/gitignore
import { matchesPattern, type PathPattern, parsePattern } from './path-pattern.ts'

/** One line of an ignore file. The last that matches decides. */
export interface IgnoreRule {
  readonly pattern: PathPattern
  readonly isNegated: boolean
  /** The folder in which the rule stands, with a final `/`; `''` at the top. */
  readonly base: string
}

/** The rules of one ignore file, in its order; `folder` is where it lies, `` for the top. */
export function parseIgnoreRules(text: string, folder: string): IgnoreRule[] {
  const base = folder === '' ? '' : `${folder}/`
  return text.split('\n').flatMap((line) => {
    const trimmed = trimEnd(line.replace(/\r$/, ''))
    if (trimmed === '' || trimmed.startsWith('#')) return []
    const isNegated = trimmed.startsWith('!')
    return [{ pattern: parsePattern(isNegated ? trimmed.slice(1) : trimmed), isNegated, base }]
  })
}

/** Rules from the weakest to the strongest; the last that matches decides. The folders above are the caller's business. */
export function isIgnored(rules: readonly IgnoreRule[], path: string, isFolder: boolean): boolean {
  for (let i = rules.length - 1; i >= 0; i--) {
    const rule = rules[i]
    if (rule === undefined || !path.startsWith(rule.base)) continue
    if (matchesPattern(rule.pattern, path.slice(rule.base.length), isFolder)) return !rule.isNegated
  }
  return false
}

/** Spaces at the end do not count unless escaped. */
function trimEnd(line: string): string {
  let end = line.length
  while (end > 0 && line[end - 1] === ' ' && line[end - 2] !== '\\') end--
  return line.slice(0, end)
}
