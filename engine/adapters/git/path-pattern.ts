// Patterns of .gitignore and .gitattributes: https://git-scm.com/docs/gitignore#_pattern_format
// Matching is by hand and not by regular expressions, so that no pattern takes more than (pattern × path) steps.

/** A pattern of an ignore or attributes file, compiled. */
export interface PathPattern {
  /** `dir/` matches folders alone. */
  readonly foldersOnly: boolean
  /** Without a slash in it a pattern is compared with the last name, at any depth. */
  readonly byName: boolean
  readonly parts: readonly string[]
}

/** A pattern as it stands in a line, without `!`. */
export function parsePattern(text: string): PathPattern {
  const foldersOnly = text.endsWith('/')
  const body = foldersOnly ? text.slice(0, -1) : text
  const byName = !body.includes('/')
  return { foldersOnly, byName, parts: body.replace(/^\//, '').split('/') }
}

/** `path` is relative to the folder of the file in which the pattern stands. */
export function matchesPattern(pattern: PathPattern, path: string, isFolder: boolean): boolean {
  if (pattern.foldersOnly && !isFolder) return false
  const names = path.split('/')
  if (pattern.byName) return matchesName(pattern.parts[0] ?? '', names[names.length - 1] ?? '')
  return matchesParts(pattern.parts, names)
}

/** `**` is any number of folders; at the end, everything inside. Backs up to the last `**` alone, which suffices. */
function matchesParts(parts: readonly string[], names: readonly string[]): boolean {
  let part = 0
  let name = 0
  let starPart = -1
  let starName = 0
  while (name < names.length) {
    if (parts[part] === '**') {
      if (part === parts.length - 1) return true
      starPart = part++
      starName = name
    } else if (part < parts.length && matchesName(parts[part] ?? '', names[name] ?? '')) {
      part++
      name++
    } else if (starPart >= 0) {
      part = starPart + 1
      name = ++starName
    } else {
      return false
    }
  }
  return part === parts.length
}

/** One name against `*`, `?`, `[…]` and `\`. */
function matchesName(pattern: string, name: string): boolean {
  let at = 0
  let char = 0
  let starAt = -1
  let starChar = 0
  while (char < name.length) {
    const step = pattern[at] === '*' ? 0 : matchOne(pattern, at, name.charAt(char))
    if (pattern[at] === '*') {
      starAt = at++
      starChar = char
    } else if (step > 0) {
      at += step
      char++
    } else if (starAt >= 0) {
      at = starAt + 1
      char = ++starChar
    } else {
      return false
    }
  }
  while (pattern[at] === '*') at++
  return at === pattern.length
}

/** How many characters of the pattern match this one character; 0 where it does not match. */
function matchOne(pattern: string, at: number, char: string): number {
  const sign = pattern[at]
  if (sign === undefined) return 0
  if (sign === '?') return 1
  if (sign === '\\') return pattern[at + 1] === char ? 2 : 0
  if (sign === '[') return matchSet(pattern, at, char)
  return sign === char ? 1 : 0
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alpha: /[A-Za-z]/,
  digit: /\d/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /\s/,
  punct: /[!-/:-@[-`{-~]/,
  xdigit: /[0-9A-Fa-f]/,
}

function matchSet(pattern: string, start: number, char: string): number {
  let at = start + 1
  const isNegated = pattern[at] === '!' || pattern[at] === '^'
  if (isNegated) at++
  let found = false
  for (let first = true; first || pattern[at] !== ']'; first = false) {
    if (at >= pattern.length) return 0
    const named = /^\[:([a-z]+):\]/.exec(pattern.slice(at, at + 12))
    if (named !== null) {
      found ||= CLASSES[named[1] ?? '']?.test(char) === true
      at += named[0].length
      continue
    }
    if (pattern[at] === '\\') at++
    const from = pattern.charAt(at++)
    let to = from
    if (pattern[at] === '-' && pattern[at + 1] !== ']' && at + 1 < pattern.length) {
      at++
      if (pattern[at] === '\\') at++
      to = pattern.charAt(at++)
    }
    found ||= from <= char && char <= to
  }
  return found === isNegated ? 0 : at + 1 - start
}
