// From the words of `--current` to files: paths, globs (`*`, `?`, `**`) and `s3://` addresses, in code-point order.
// Only regular files are read; a name that holds `*` is a file where there is one of that name.
import { readdirSync, realpathSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { errorCode } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import { compareText } from '../../base/order.ts'

export interface FoundFile {
  /** As told to people. */
  readonly name: string
  /** Absolute, links resolved; an `s3://` address as it is. */
  readonly path: string
}

export interface FindRequest {
  readonly role: string
  /** Absolute. */
  readonly files: readonly string[]
  /** Names are told relative to it. */
  readonly folder?: string | undefined
}

/** The most files of one source; the number is arbitrary. */
const MOST_FILES = 10_000

/** Faults `observe/no-file`, `observe/not-a-file`, `observe/unreadable`. */
export function findFiles({ role, files, folder }: FindRequest): readonly FoundFile[] {
  const name = (path: string) => shownName(path, folder)
  const paths = files.flatMap((file) => (isAddress(file) ? [addressOf(file)] : localFiles(file, role, name(file))))
  const unique = [...new Set(paths)].sort(compareText)
  if (unique.length === 0)
    throw new Fault('observe/no-file', `no file is named for \`${role}\``, `give \`--${role} FILE\``)
  if (unique.length > MOST_FILES)
    throw new Fault(
      'observe/too-many-files',
      `\`${role}\` names ${unique.length} files, the limit is ${MOST_FILES}`,
      'join small files, or name a narrower window',
    )
  return unique.map((path) => ({ name: name(path), path: isAddress(path) ? path : regularFile(path, name(path)) }))
}

/** Whether it is written as `scheme://…`, so no path here. */
export function isAddress(file: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(file)
}

function addressOf(file: string): string {
  if (/^s3:\/\/[^/]+\/./.test(file)) return file
  throw new Fault('observe/not-a-file', `\`${file}\` is no file`, 'give a path, a glob, or `s3://bucket/key`')
}

function shownName(path: string, folder: string | undefined): string {
  if (folder === undefined || isAddress(path)) return path
  const near = relative(folder, path)
  return near === '' || near.startsWith('../../') ? path : near
}

function localFiles(file: string, role: string, name: string): readonly string[] {
  if (stateOf(file, name) !== null) return [file]
  const found = /[*?]/.test(file) ? matching(file) : []
  if (found.length > 0) return found
  const what = /[*?]/.test(file) ? `no file matches \`${name}\`` : `there is no file \`${name}\``
  throw new Fault('observe/no-file', what, `\`--${role}\` takes paths from where you stand, and globs in quotes`)
}

function regularFile(path: string, name: string): string {
  const state = stateOf(path, name)
  if (state?.isDirectory() === true)
    throw new Fault('observe/not-a-file', `\`${name}\` is a folder`, `name its files, such as \`${name}/*.parquet\``)
  if (state?.isFile() !== true)
    throw new Fault('observe/not-a-file', `\`${name}\` is no regular file`, 'pipes and devices cannot be read twice')
  return realpathSync(path)
}

function stateOf(path: string, name: string) {
  try {
    return statSync(path)
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return null
    throw unreadable(name, code)
  }
}

/** To be thrown. `code`: the system's, such as `EACCES`. */
export function unreadable(name: string, code: string): Fault {
  const why = code === 'EACCES' || code === 'EPERM' ? 'permission is denied' : code.toLowerCase()
  return new Fault('observe/unreadable', `\`${name}\` cannot be read: ${why}`, 'check its owner and permissions')
}

/** All regular files that a glob names. */
function matching(pattern: string): readonly string[] {
  const [first = '', ...segments] = pattern.split('/')
  const within = (folder: string, rest: readonly string[]): readonly string[] => {
    const [segment, ...deeper] = rest
    if (segment === undefined) return []
    if (segment === '**') return [...within(folder, deeper), ...folders(folder).flatMap((one) => within(one, rest))]
    const isLast = deeper.length === 0
    if (!/[*?]/.test(segment)) {
      const path = join(folder, segment)
      if (!isLast) return within(path, deeper)
      return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? [path] : []
    }
    const wanted = expressionOf(segment)
    return entries(folder)
      .filter(({ name }) => wanted.test(name) && (segment.startsWith('.') || !name.startsWith('.')))
      .flatMap(({ name }) => {
        const path = join(folder, name)
        if (!isLast) return within(path, deeper)
        return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? [path] : []
      })
  }
  return within(first === '' ? '/' : first, segments)
}

function folders(folder: string): string[] {
  return entries(folder)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => join(folder, name))
}

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw unreadable(folder, code)
  }
}

function expressionOf(segment: string): RegExp {
  const source = segment
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '[^/]*')
    .replaceAll('?', '[^/]')
  return new RegExp(`^${source}$`, 'su')
}
