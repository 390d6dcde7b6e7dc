// Git's configuration files, read only: https://git-scm.com/docs/git-config#_syntax
// `include.path` is followed, of the conditional includes those by `gitdir`. Nothing that a configuration names is ever executed.
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { errorCode, isAbsent } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import { matchesPattern, parsePattern } from './path-pattern.ts'
import { NOT_A_FILE, readWholeFile } from './plain-file.ts'

/** The values of a configuration: the last of equal names holds. */
export interface GitConfig {
  /** `section.name` or `section.subsection.name` (section and name in any case); the last value wins. */
  get(key: string): string | null
  /** Git's booleans; null where absent. A word that is none counts as false. */
  isOn(key: string): boolean | null
  /** Subsections of a section (`remote` → `origin`, …), in order of appearance. */
  subsections(section: string): readonly string[]
  /** Names below a section without subsection (`extensions` → `objectformat`, …). */
  names(section: string): readonly string[]
}

/** The user's own files, in the order in which Git reads them. */
export function userConfigFiles(): string[] {
  const home = homedir()
  const xdg = process.env.XDG_CONFIG_HOME
  const configHome = xdg !== undefined && xdg !== '' ? xdg : join(home, '.config')
  return ['/etc/gitconfig', join(configHome, 'git/config'), join(home, '.gitconfig')]
}

/** Later files win; absent and unreadable ones of the user count as empty. Faults `git/bad-config` on syntax. */
export function readConfig(files: readonly string[], gitDir: string): GitConfig {
  const values: Entry[] = []
  for (const file of files) readFile(file, { gitDir, into: values, depth: 0 })
  const keyed = new Map(values.map(({ key, value }) => [key, value]))
  const get = (key: string): string | null => keyed.get(canonicalKey(key)) ?? null
  return {
    get,
    isOn: (key) => {
      const value = get(key)
      if (value === null) return null
      return ['true', 'yes', 'on'].includes(value.toLowerCase()) || /^[+-]?0*[1-9]\d*[kmg]?$/i.test(value)
    },
    subsections: (section) => [
      ...new Set(
        values.flatMap(({ key }) => {
          const end = key.lastIndexOf('.')
          return key.startsWith(`${section}.`) && end > section.length ? [key.slice(section.length + 1, end)] : []
        }),
      ),
    ],
    names: (section) => [
      ...new Set(
        values.flatMap(({ key }) => {
          const name = key.slice(section.length + 1)
          return key.startsWith(`${section}.`) && !name.includes('.') ? [name] : []
        }),
      ),
    ],
  }
}

interface Entry {
  readonly key: string
  readonly value: string
}

const MAX_INCLUDES = 10

interface Reading {
  readonly gitDir: string
  readonly into: Entry[]
  readonly depth: number
}

function readFile(file: string, { gitDir, into, depth }: Reading): void {
  let text: string
  try {
    text = readWholeFile(file).toString('utf8')
  } catch (error) {
    if (isAbsent(error) || ['EACCES', 'EISDIR', NOT_A_FILE].includes(errorCode(error))) return
    throw error
  }
  for (const entry of parseConfig(text, file)) {
    into.push(entry)
    if (!isInclude(entry.key, file, gitDir)) continue
    if (depth >= MAX_INCLUDES) throw tooManyIncludes(file)
    const path = entry.value.replace(/^~(?=\/)/, homedir())
    readFile(isAbsolute(path) ? path : join(dirname(file), path), { gitDir, into, depth: depth + 1 })
  }
}

/** A fault as in Git: a file that includes itself twice would be read 2¹⁰ times. */
function tooManyIncludes(file: string): Fault {
  return new Fault(
    'git/bad-config',
    `\`${file}\` is included more than ${MAX_INCLUDES} files deep`,
    'does it include itself? see `git config --list --show-origin`',
  )
}

/** https://git-scm.com/docs/git-config#_conditional_includes; GitHub's checkout action keeps its token behind one. */
function isInclude(key: string, file: string, gitDir: string): boolean {
  const match = /^includeif\.gitdir(\/i)?:(.*)\.path$/.exec(key)
  if (match === null) return key === 'include.path'
  let pattern = (match[2] ?? '').replace(/^~(?=\/)/, homedir()).replace(/^\.(?=\/)/, dirname(file))
  if (!isAbsolute(pattern)) pattern = `**/${pattern}`
  if (pattern.endsWith('/')) pattern += '**'
  const folded = (text: string): string => (match[1] === undefined ? text : text.toLowerCase())
  const path = folded(gitDir).replace(/^\//, '')
  return matchesPattern(parsePattern(folded(pattern)), path, true)
}

const SECTION = /^\[\s*([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/
const NAME = /^([A-Za-z][A-Za-z0-9-]*)[ \t]*/

function parseConfig(text: string, file: string): Entry[] {
  const entries: Entry[] = []
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  let section = ''
  for (let i = 0; i < lines.length; i++) {
    let rest = (lines[i] ?? '').trim()
    const header = SECTION.exec(rest)
    if (header !== null) {
      section = sectionKey(header[1] ?? '', header[2])
      rest = rest.slice(header[0].length).trim()
    }
    if (rest === '' || rest.startsWith('#') || rest.startsWith(';')) continue
    const name = NAME.exec(rest)
    const after = name === null ? '' : rest.slice(name[0].length)
    if (name === null || section === '' || (after !== '' && !/^[=#;]/.test(after))) throw badConfig(file, i)
    const key = `${section}.${(name[1] ?? '').toLowerCase()}`
    if (!after.startsWith('=')) {
      entries.push({ key, value: 'true' })
      continue
    }
    let raw = after.slice(1)
    while (/(?:^|[^\\])(?:\\\\)*\\$/.test(raw) && i + 1 < lines.length) raw = raw.slice(0, -1) + (lines[++i] ?? '')
    entries.push({ key, value: parseValue(raw.trim()) })
  }
  return entries
}

function sectionKey(name: string, subsection: string | undefined): string {
  if (subsection !== undefined) return `${name.toLowerCase()}.${subsection.replace(/\\(.)/g, '$1')}`
  return name.toLowerCase()
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b' }

function parseValue(raw: string): string {
  let value = ''
  let kept = 0
  let quoted = false
  for (let i = 0; i < raw.length; i++) {
    const char = raw.charAt(i)
    if (char === '"') {
      quoted = !quoted
      kept = value.length
    } else if (char === '\\') {
      const next = raw.charAt(++i)
      value += ESCAPES[next] ?? next
      kept = value.length
    } else if (!quoted && (char === '#' || char === ';')) {
      break
    } else {
      value += char
      if (quoted || !/\s/.test(char)) kept = value.length
    }
  }
  return value.slice(0, kept)
}

function canonicalKey(key: string): string {
  const first = key.indexOf('.')
  const last = key.lastIndexOf('.')
  if (first < 0) return key.toLowerCase()
  return key.slice(0, first).toLowerCase() + key.slice(first, last) + key.slice(last).toLowerCase()
}

function badConfig(file: string, line: number): Fault {
  return new Fault('git/bad-config', `\`${file}\` cannot be read at line ${line + 1}`, 'compare `git config --list`')
}
