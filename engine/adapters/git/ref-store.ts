// Reads refs: loose files, packed-refs, symbolic refs. https://git-scm.com/docs/gitrepository-layout
// Changes are in ref-update.ts.
import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode, isAbsent } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import { compareText } from '../../base/order.ts'
import type { ObjectId } from '../../world.ts'
import type { Repository } from './find-repository.ts'
import { readWholeFile, unreadableFile } from './plain-file.ts'
import { isRefName } from './ref-name.ts'

/** Where a ref points: to an object, or by name to another ref. */
export type RefValue = { readonly id: ObjectId } | { readonly target: string }

const MAX_LINKS = 5

/** Loose and packed refs; a loose one hides the packed one of its name. */
export class RefStore {
  readonly repository: Repository
  #packed: ReadonlyMap<string, ObjectId> = new Map()
  #packedState = ''

  constructor(repository: Repository) {
    this.repository = repository
  }

  /** The loose file's place: some refs belong to one worktree alone. */
  fileOf(ref: string): string {
    const isOwn = !ref.startsWith('refs/') || /^refs\/(bisect|worktree|rewritten)\//.test(ref)
    return join(isOwn ? this.repository.gitDir : this.repository.commonDir, ref)
  }

  /** One step: an id, or the ref that it points at. Null where it does not exist. Faults `git/broken-ref`. */
  read(ref: string): RefValue | null {
    const text = readTextOrNull(this.fileOf(ref))
    if (text === null) {
      const id = this.packed().get(ref)
      return id === undefined ? null : { id }
    }
    const match = /^(?:ref:\s*(\S+)|([0-9a-f]{40}))\s*$/.exec(text)
    if (match?.[1] !== undefined && isRefName(match[1])) return { target: match[1] }
    if (match?.[2] !== undefined) return { id: match[2] }
    throw new Fault(
      'git/broken-ref',
      `\`${ref}\` holds no object id (\`${this.fileOf(ref)}\`)`,
      `write the id it had: the last line of \`${join(this.repository.commonDir, 'logs', ref)}\` names it`,
    )
  }

  /** The ref that holds the id after symbolic ones, which need not exist (an unborn branch). */
  follow(ref: string): string {
    let name = ref
    for (let i = 0; i < MAX_LINKS; i++) {
      const value = this.read(name)
      if (value === null || 'id' in value) return name
      name = value.target
    }
    const hint = `point it at a branch again: \`git symbolic-ref ${ref} refs/heads/main\``
    throw new Fault('git/broken-ref', `\`${ref}\` is symbolic in more than ${MAX_LINKS} steps`, hint)
  }

  idOf(ref: string): ObjectId | null {
    const value = this.read(this.follow(ref))
    return value !== null && 'id' in value ? value.id : null
  }

  /** Refs whose full name begins with `prefix`, sorted, with the ids that they hold (tags are not peeled). */
  list(prefix: string): { readonly ref: string; readonly id: ObjectId }[] {
    const names = new Set([...this.packed().keys()].filter((ref) => ref.startsWith(prefix)))
    const folder = prefix.startsWith('refs/') ? prefix.slice(0, prefix.lastIndexOf('/')) : 'refs'
    const { commonDir, gitDir } = this.repository
    for (const base of new Set([commonDir, gitDir])) {
      for (const ref of looseRefs(base, folder)) if (ref.startsWith(prefix)) names.add(ref)
    }
    return [...names].sort(compareText).flatMap((ref) => {
      const id = this.idOf(ref)
      return id === null ? [] : [{ ref, id }]
    })
  }

  packedText(): string {
    return readTextOrNull(join(this.repository.commonDir, 'packed-refs')) ?? ''
  }

  /** The file `packed-refs`, read again when it changed. */
  packed(): ReadonlyMap<string, ObjectId> {
    const file = join(this.repository.commonDir, 'packed-refs')
    const state = fingerprint(statSync(file, { throwIfNoEntry: false }))
    if (state !== this.#packedState || state === '') {
      this.#packed = parsePackedRefs(this.packedText())
      this.#packedState = state
    }
    return this.#packed
  }
}

/** `id ref` lines; comments and peeled ids (`^`) are left out. */
export function parsePackedRefs(text: string): Map<string, ObjectId> {
  const refs = new Map<string, ObjectId>()
  for (const line of text.split('\n')) {
    const match = /^([0-9a-f]{40}) (\S+)\r?$/.exec(line)
    if (match?.[1] !== undefined && match[2] !== undefined && isRefName(match[2])) refs.set(match[2], match[1])
  }
  return refs
}

function fingerprint(state: Stats | undefined): string {
  return state === undefined ? '' : `${state.ino} ${state.size} ${state.mtimeMs}`
}

function looseRefs(base: string, folder: string): string[] {
  return entries(join(base, folder)).flatMap((entry) => {
    const ref = `${folder}/${entry.name}`
    if (entry.isDirectory()) return looseRefs(base, ref)
    return isRefName(ref) ? [ref] : []
  })
}

function entries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if (isAbsent(error)) return []
    throw unreadableFile(folder, error)
  }
}

function readTextOrNull(file: string): string | null {
  try {
    return readWholeFile(file).toString('utf8')
  } catch (error) {
    if (isAbsent(error) || errorCode(error) === 'EISDIR') return null
    throw unreadableFile(file, error)
  }
}
