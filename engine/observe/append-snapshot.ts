// Adds one snapshot to the file where it belongs (RESOURCES.md): in the working tree, or as a commit of that file alone.
// What it would make of the repository is checked before anything is written; a file is replaced whole, so no crash tears it.
import { join } from 'node:path'
import { canonicalJson, type Digest, sha256Hex } from '../base/canonical-json.ts'
import { Fault } from '../base/fault.ts'
import { type Diagnostic, hasErrors } from '../domain/diagnostic.ts'
import { formatInstant, parseInstant } from '../domain/instant.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import type { Files, GitStore, ObjectId, PersonAt, SourceTree, TreeFile } from '../world.ts'

const FOLDER = 'models/snapshots'

/** Where the line goes: a file of the folder at `root`, or a commit on `ref` (a full name, or a branch yet to be born). */
export type Destination =
  | {
      readonly kind: 'folder'
      readonly root: string
      readonly tree: SourceTree
      readonly files: Pick<Files, 'read' | 'write'>
    }
  | {
      readonly kind: 'commit'
      readonly store: GitStore
      readonly ref: string
      readonly author: PersonAt
      /** The base: the first commit of a record branch begins with its `ledger/` (ARCHITECTURE.md). */
      readonly base: SourceTree
    }

export interface AppendRequest {
  readonly snapshot: Snapshot
  /** The pipeline that writes, `[a-z0-9-]`; null: none is named. */
  readonly writer: string | null
  readonly destination: Destination
  /** What loading finds wrong with the snapshots near that file; what the new line adds to it counts. */
  readonly check: (tree: SourceTree, path: string) => readonly Diagnostic[]
}

export type Appended =
  | {
      readonly kind: 'appended'
      readonly path: string
      readonly line: number
      readonly digest: Digest
      /** Warnings. */
      readonly diagnostics: readonly Diagnostic[]
      readonly commit: ObjectId | null
    }
  | { readonly kind: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  /** The very same line stands there: what runs by the clock may come twice. Nothing was written. */
  | { readonly kind: 'present'; readonly path: string; readonly line: number }

/** The bytes of a line, without its newline, and their digest. */
export function snapshotLine(snapshot: Snapshot): { readonly text: string; readonly digest: Digest } {
  const text = canonicalJson(snapshot)
  return { text, digest: `sha256:${sha256Hex(text)}` }
}

/** `models/snapshots/<yyyy>/<mm>/<dd>T<hh>/<model>[.<writer>].ndjson`, of the UTC hour in which the window starts. */
export function snapshotPath({ model, window }: Pick<Snapshot, 'model' | 'window'>, writer: string | null): string {
  const start = parseInstant(window.start)
  if (start === null) throw new Error('internal error: the window has no start')
  const hour = formatInstant(start).slice(0, 13).replace('-', '/').replace('-', '/')
  return `${FOLDER}/${hour}/${model}${writer === null ? '' : `.${writer}`}.ndjson`
}

/**
 * Call it under the repository's lock. Refused (nothing written) with the diagnostics that loading would give. Faults
 * `observe/torn-file`, `observe/not-a-folder`, `git/…`.
 */
export function appendSnapshot(request: AppendRequest): Appended {
  const { snapshot, writer, destination, check } = request
  const { text, digest } = snapshotLine(snapshot)
  const path = snapshotPath(snapshot, writer)
  const tip = destination.kind === 'commit' ? destination.store.resolve(destination.ref) : null
  const tree = treeOf(destination, tip)
  refuseLinks(tree, path)
  const same = sameLine(tree, path, text)
  if (same !== null) return { kind: 'present', ...same }
  const before = Buffer.from(contentOf(destination, tree, path))
  refuseTorn(before, path)
  const line = before.toString('latin1').split('\n').length
  const after = Buffer.concat([before, Buffer.from(`${text}\n`)])
  const known = new Set(check(withFile(tree, path, before), path).map((one) => JSON.stringify(one)))
  const diagnostics = check(withFile(tree, path, after), path).filter((one) => !known.has(JSON.stringify(one)))
  if (hasErrors(diagnostics)) return { kind: 'refused', diagnostics }
  const commit = write(destination, { path, bytes: after, tip, snapshot })
  return { kind: 'appended', path, line, digest, diagnostics, commit }
}

function treeOf(destination: Destination, tip: ObjectId | null): SourceTree | null {
  if (destination.kind === 'folder') return destination.tree
  return tip === null ? null : destination.store.commitTree(tip)
}

/** From the disk itself in a folder: a file that Git ignores is no reason to lose its lines. */
function contentOf(destination: Destination, tree: SourceTree | null, path: string): Uint8Array {
  if (destination.kind === 'folder') return destination.files.read(join(destination.root, path)) ?? new Uint8Array()
  return tree?.has(path) === true ? tree.read(path) : new Uint8Array()
}

interface Written {
  readonly path: string
  readonly bytes: Uint8Array
  readonly tip: ObjectId | null
  readonly snapshot: Snapshot
}

function write(destination: Destination, { path, bytes, tip, snapshot }: Written): ObjectId | null {
  if (destination.kind === 'folder') {
    destination.files.write(join(destination.root, path), bytes)
    return null
  }
  const { store, ref, author, base } = destination
  const { model, version, source, window } = snapshot
  const commit = store.writeCommit({
    base: tip,
    parents: tip === null ? [] : [tip],
    changes: new Map([...(tip === null ? filesUnder(base, 'ledger') : []), [path, bytes]]),
    message: `snapshot: ${model} ${version} by ${source.tool}, ${window.start} to ${window.end}\n`,
    author,
    committer: author,
  })
  const move = { ref, expect: tip, to: commit }
  store.requireMovable(move)
  if (store.moveBranch(move)) return commit
  throw new Fault('git/moved', `\`${ref}\` moved while the snapshot was written`, 'run the command again')
}

function filesUnder(tree: SourceTree, folder: string): [string, Uint8Array][] {
  return tree.list([folder]).map(({ path }) => [path, tree.read(path)])
}

/** A link on the way would lead the file out of the repository. */
function refuseLinks(tree: SourceTree | null, path: string): void {
  const link = filesOf(tree).find(({ path: at, mode }) => isLink(mode) && (at === path || path.startsWith(`${at}/`)))
  if (link === undefined) return
  throw new Fault(
    'observe/not-a-folder',
    `\`${link.path}\` is a link or submodule`,
    'snapshots stand in plain folders and files',
  )
}

function isLink(mode: TreeFile['mode']): boolean {
  return mode === 'link' || mode === 'submodule'
}

/** The same line in any file of that hour is the same snapshot. */
function sameLine(tree: SourceTree | null, path: string, text: string): { path: string; line: number } | null {
  if (tree === null) return null
  for (const file of ofSameHour(tree, path)) {
    const at = tree.read(file.path)
    const lines = Buffer.from(at.buffer, at.byteOffset, at.length).toString('utf8').split('\n')
    const line = lines.indexOf(text) + 1
    if (line > 0) return { path: file.path, line }
  }
  return null
}

/** The files that hold lines whose windows start in that hour: those of its folder, and the folded day. */
export function ofSameHour(tree: SourceTree, path: string): readonly TreeFile[] {
  const folder = path.slice(0, path.lastIndexOf('/'))
  const day = `${folder.slice(0, folder.lastIndexOf('T'))}.ndjson`
  return filesOf(tree).filter(({ path: at, mode }) => !isLink(mode) && (at === day || at.startsWith(`${folder}/`)))
}

function filesOf(tree: SourceTree | null): readonly TreeFile[] {
  return tree?.list([FOLDER]) ?? []
}

function refuseTorn(before: Buffer, path: string): void {
  if (before.length === 0 || before.at(-1) === 10) return
  throw new Fault(
    'observe/torn-file',
    `the last line of \`${path}\` has no newline`,
    'mend the file first: a line put after it would be one with it',
  )
}

/** The tree with one file more, or another content of it. */
function withFile(tree: SourceTree | null, path: string, bytes: Uint8Array): SourceTree {
  const others = (folders: readonly string[]) => (tree?.list(folders) ?? []).filter((file) => file.path !== path)
  const own: TreeFile = { path, id: null, mode: 'file' }
  return {
    label: tree?.label ?? 'a new branch',
    commit: tree?.commit ?? null,
    dirty: [...(tree?.dirty ?? []), path],
    list: (folders) =>
      folders.some((folder) => path.startsWith(`${folder}/`)) ? inOrder([...others(folders), own]) : others(folders),
    has: (at) => at === path || tree?.has(at) === true,
    read: (at) => {
      if (at === path) return bytes
      return tree?.read(at) ?? new Uint8Array()
    },
    treeId: (folder) => tree?.treeId(folder) ?? null,
  }
}

function inOrder(files: TreeFile[]): TreeFile[] {
  return files.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
}
