// Where a new snapshot goes: standard output, a file, the working tree, or a commit. Shared by the verbs that measure.
// It is checked by the code that loads it, in the tree that it would make.
import { join } from 'node:path'
import { Fault } from '../base/fault.ts'
import { takeRunLock } from '../base/run-lock.ts'
import { type Diagnostic, hasErrors, sortDiagnostics } from '../domain/diagnostic.ts'
import type { Governance } from '../domain/governance.ts'
import { formatInstant } from '../domain/instant.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import { type HistoryRequest, historyOf, indexSnapshots } from '../load/snapshots.ts'
import {
  type Appended,
  appendSnapshot,
  type Destination,
  ofSameHour,
  snapshotLine,
  snapshotPath,
} from '../observe/append-snapshot.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import { baseOf, recordRef, withRecordedSnapshots } from '../record/two-refs.ts'
import type { ObjectId, SourceTree } from '../world.ts'
import type { Invocation, OptionWord } from './command.ts'
import { openStore, openTree, repositoryFolder } from './open-repository.ts'
import { outFile } from './out-file.ts'

/** The options of every verb that writes a snapshot. */
export const WRITE_OPTIONS: readonly OptionWord[] = [
  { flags: '--writer <name>', help: 'the pipeline that writes: its lines stand in a file of their own' },
  { flags: '--commit', help: 'commit just that file, on the record branch' },
  { flags: '--out <file>', help: 'write the one line to this file instead; `-`: to standard output' },
]

const WAIT_MS = 60_000

export interface WrittenSnapshot {
  /** `present`: the very same line stood there, so nothing was written and nothing is wrong. */
  readonly kind: 'written' | 'present' | 'refused'
  /** Relative to the repository, or as given; null: standard output. */
  readonly path: string | null
  readonly line: number | null
  readonly commit: ObjectId | null
  readonly diagnostics: readonly Diagnostic[]
  readonly text: string
  readonly digest: string
}

export interface WriteRequest {
  readonly snapshot: Snapshot
  readonly governance: Governance
  /** The versions of the model's card; null: not known, and nothing is said of it. */
  readonly versions: readonly string[] | null
}

/** Nothing is written where loading would find an error. Faults `cli/bad-option`, `observe/…`, `git/…`. */
export function writeSnapshot(invocation: Invocation, request: WriteRequest): WrittenSnapshot {
  const { writer, out, isCommit } = readOptions(invocation)
  const { text, digest } = snapshotLine(request.snapshot)
  if (out !== null) return { ...writeOut(invocation, { ...request, out, writer }), text, digest }
  return { ...writeInto(invocation, request, { writer, isCommit }), text, digest }
}

/** What can be told before the measuring: long work is not done for nothing. Faults `cli/bad-option`, `observe/out-file`. */
export function requireWriteOptions(invocation: Invocation): void {
  const { out } = readOptions(invocation)
  if (out === null) refuseCommit(invocation)
  else if (out !== '-') outFile(invocation, out)
}

function refuseCommit({ globals }: Invocation): void {
  if (globals.ref === null) return
  throw new Fault(
    'cli/bad-option',
    '`--ref` names a commit, which cannot be added to',
    'leave it out, or write to a file with `--out`',
  )
}

function readOptions({ options }: Invocation) {
  const writer = typeof options.writer === 'string' ? options.writer : null
  const out = typeof options.out === 'string' ? options.out : null
  const isCommit = options.commit === true
  if (writer !== null && !/^[a-z0-9-]{1,100}$/.test(writer)) {
    throw new Fault('cli/bad-option', `\`--writer ${writer}\` is no name`, 'it is of `a-z`, `0-9` and `-`')
  }
  if (out !== null && isCommit)
    throw new Fault('cli/bad-option', '`--out` and `--commit` contradict each other', 'leave one out')
  return { writer, out, isCommit }
}

type Place = Omit<WrittenSnapshot, 'text' | 'digest'>

function writeOut(
  invocation: Invocation,
  { out, writer, ...request }: WriteRequest & { readonly out: string; readonly writer: string | null },
): Place {
  const path = snapshotPath(request.snapshot, writer)
  const { text } = snapshotLine(request.snapshot)
  const diagnostics = checkNear(onlyFile(path, Buffer.from(`${text}\n`)), path, invocation, request)
  const place = { path: out === '-' ? null : out, line: null, commit: null, diagnostics }
  if (hasErrors(diagnostics)) return { kind: 'refused', ...place }
  if (out !== '-') invocation.world.files.write(outFile(invocation, out), `${text}\n`)
  return { kind: 'written', ...place }
}

function writeInto(
  invocation: Invocation,
  request: WriteRequest,
  { writer, isCommit }: { readonly writer: string | null; readonly isCommit: boolean },
): Place {
  const { world, globals } = invocation
  const { snapshot } = request
  refuseCommit(invocation)
  const store = world.repositories.open(repositoryFolder(invocation))
  const release = store === null ? () => undefined : lock(store.gitDir, formatInstant(globals.now))
  try {
    const { destination, over } = isCommit ? commitDestination(invocation, request) : folderDestination(invocation)
    const check = (tree: SourceTree, path: string) => checkNear(over(tree), path, invocation, request)
    return placeOf(appendSnapshot({ snapshot, writer, destination, check }))
  } finally {
    release()
  }
}

function lock(gitDir: string, since: string): () => void {
  const path = join(gitDir, 'tutela', 'lock')
  const held = takeRunLock({ path, command: 'a new snapshot', since, waitMs: WAIT_MS })
  return () => held.release()
}

function placeOf(appended: Appended): Place {
  if (appended.kind === 'present') return { ...appended, commit: null, diagnostics: [] }
  const { diagnostics } = appended
  if (appended.kind === 'refused') return { kind: 'refused', path: null, line: null, commit: null, diagnostics }
  const { path, line, commit } = appended
  return { kind: 'written', path, line, commit, diagnostics }
}

/** The snapshots beside which the new line will stand. Faults as writing does. */
export function snapshotsBeside(invocation: Invocation, request: WriteRequest): SourceTree {
  if (!readOptions(invocation).isCommit) return openTree(invocation)
  const { destination, over } = commitDestination(invocation, request)
  if (destination.kind !== 'commit') return openTree(invocation)
  const tip = destination.store.resolve(destination.ref)
  return tip === null ? destination.base : over(destination.store.commitTree(tip))
}

interface Opened {
  readonly destination: Destination
  /** The tree as it will be judged. */
  readonly over: (tree: SourceTree) => SourceTree
}

function folderDestination(invocation: Invocation): Opened {
  const { world } = invocation
  const store = world.repositories.open(repositoryFolder(invocation))
  const root = store === null ? repositoryFolder(invocation) : store.workTree
  if (root === null) {
    throw new Fault(
      'observe/no-working-tree',
      'a bare repository has no working tree',
      'use `--commit`, or write to a file with `--out`',
    )
  }
  return { destination: { kind: 'folder', root, tree: openTree(invocation), files: world.files }, over: (tree) => tree }
}

/** The record branch, else the checked-out one. */
function commitDestination(invocation: Invocation, { governance }: WriteRequest): Opened {
  const store = openStore(invocation)
  store.finishMove()
  const { ref: baseRef, commit } = baseOf(store, null)
  const ref = recordRef(governance, baseRef)
  if (ref === null)
    throw new Fault('record/no-branch', 'HEAD is detached: there is no branch to commit to', 'check out a branch')
  const author = { ...governance.record.author, at: invocation.globals.now / 1000 }
  const base = store.commitTree(commit)
  const over = (tree: SourceTree) => (ref === baseRef ? tree : withRecordedSnapshots(base, tree))
  return { destination: { kind: 'commit', store, ref, author, base }, over }
}

/** What loading says of the snapshots whose windows start in the same hour. */
function checkNear(
  tree: SourceTree,
  path: string,
  invocation: Invocation,
  request: WriteRequest,
): readonly Diagnostic[] {
  const { snapshot, governance, versions } = request
  const near = ofSameHour(tree, path)
  const index = indexSnapshots({ ...tree, list: () => near }, { models: [snapshot.model] })
  const catalogue = new Map([...metricsById, ...Object.entries(governance.metrics)])
  const asked: HistoryRequest = { id: snapshot.model, formerly: [], versions, now: invocation.globals.now, catalogue }
  const history = historyOf(index, asked)
  history.readEverything()
  return sortDiagnostics([...index.diagnostics, ...history.problems().diagnostics])
}

function onlyFile(path: string, bytes: Uint8Array): SourceTree {
  const file = { path, id: null, mode: 'file' } as const
  return {
    label: 'the new snapshot',
    commit: null,
    dirty: [],
    list: () => [file],
    has: (at) => at === path,
    read: () => bytes,
    treeId: () => null,
  }
}
