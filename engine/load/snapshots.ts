// Which files under models/snapshots belong to which model, from their paths alone; folded days, which hold lines of any
// model, are read once. The history of one model: snapshot-history.ts. Everything checked: check-snapshots.ts.
import { nearestWord } from '../base/nearest-word.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Instant } from '../domain/instant.ts'
import type { ObjectId, SourceTree, TreeFile } from '../world.ts'
import { type FoldedDay, FoldedDays } from './folded-days.ts'
import type { Catalogue } from './snapshot-check.ts'
import { readSnapshotPath, SNAPSHOT_FOLDER } from './snapshot-path.ts'
import { problemAt } from './source-text.ts'

export { type HistoryRequest, historyOf, type ModelSnapshots } from './snapshot-history.ts'

/** What the paths are held against. */
export interface SnapshotOptions {
  /** Ids of the cards that there are. */
  readonly models: readonly string[]
  /** A window that ends after `now`: an error, or left out as in `replay` and `--as-of`. Default: an error. */
  readonly windowsAfterNow?: 'refuse' | 'leave-out'
}

/** A file of one model: the windows of its lines start in [from, to). */
export interface SnapshotFile {
  readonly path: string
  readonly id: ObjectId | null
  readonly model: string
  readonly from: Instant
  readonly to: Instant
}

/** Which file belongs to which model. Lines are read when a history asks for them. */
export interface SnapshotIndex {
  readonly windowsAfterNow: 'refuse' | 'leave-out'
  /** By the id in the file's name, in order of path. */
  readonly files: ReadonlyMap<string, readonly SnapshotFile[]>
  readonly folded: FoldedDays
  /** Of places: known from the paths alone. */
  readonly diagnostics: readonly Diagnostic[]
  readonly read: (path: string) => Uint8Array
  /** The ids whose lines are a model's: its own, and former ones that no other card has today. */
  claim(id: string, formerly: readonly string[]): readonly string[]
  /** The files that lines of a model stand in, of its former ids too; claims them. Folded days hold lines of any model. */
  filesOf(id: string, formerly: readonly string[]): readonly Pick<TreeFile, 'path' | 'id' | 'mode'>[]
  /** Notes that a line with errors names a model, by its id of then or now. */
  accuse(id: string): void
  /** What is known only when the histories of all models were opened and read. */
  finish(catalogue: Catalogue): FinishedIndex
}

/** What is wrong with lines that no history read. */
export interface FinishedIndex {
  /** Of files and folded lines of models that no card claims, and of folded lines that name none. */
  readonly diagnostics: readonly Diagnostic[]
  /** Ids of cards that lines with errors name, in whatever file: their verdicts are `error`, cause `invalid`. */
  readonly accused: ReadonlySet<string>
}

/** Reads paths only. */
export function indexSnapshots(tree: SourceTree, options: SnapshotOptions): SnapshotIndex {
  const { files, days, diagnostics } = sortFiles(tree.list([SNAPSHOT_FOLDER]))
  const read = (path: string) => tree.read(path)
  const folded = new FoldedDays(days, read)
  const cards = new Set(options.models)
  const owners = new Map(options.models.map((id) => [id, id]))
  const accused = new Set<string>()
  const claim = (id: string, formerly: readonly string[]) => {
    const ids = [...new Set([id, ...formerly.filter((former) => !cards.has(former))])]
    for (const claimed of ids) owners.set(claimed, id)
    return ids
  }
  return {
    windowsAfterNow: options.windowsAfterNow ?? 'refuse',
    files,
    folded,
    diagnostics,
    read,
    claim,
    filesOf(id, formerly) {
      const own = claim(id, formerly).flatMap((claimed) => files.get(claimed) ?? [])
      return [...own, ...days].map(({ path, id }) => ({ path, id, mode: 'file' }))
    },
    accuse: (id) => void accused.add(id),
    finish(catalogue) {
      const known = [...owners.keys()]
      const unclaimed = [...files].flatMap(([id, of]) =>
        owners.has(id) ? [] : of.map((file) => unknownModel(file.path, id, known)),
      )
      for (const [id, lines] of folded.byModel(catalogue)) {
        if (!owners.has(id)) unclaimed.push(...lines.map(({ line }) => unknownModel(line.file, id, known, line.number)))
      }
      const blamed = [...accused].flatMap((id) => owners.get(id) ?? [])
      return { diagnostics: [...unclaimed, ...folded.diagnostics(catalogue)], accused: new Set(blamed) }
    },
  }
}

function sortFiles(list: readonly TreeFile[]) {
  const files = new Map<string, SnapshotFile[]>()
  const diagnostics: Diagnostic[] = []
  const days: FoldedDay[] = []
  for (const file of list) {
    const place = readSnapshotPath(file.path)
    if (file.path === SNAPSHOT_FOLDER) {
      // Told by not-folders.ts.
    } else if (file.mode === 'link' || file.mode === 'submodule') {
      diagnostics.push(notPlain(file))
    } else if (place.kind === 'misplaced') {
      diagnostics.push(problemAt(top(file), { ...place, code: 'load/misplaced-snapshot' }))
    } else if (place.kind === 'day') {
      days.push({ path: file.path, id: file.id, from: place.from, to: place.to })
    } else {
      const { model, from, to } = place
      const entry = { path: file.path, id: file.id, model, from, to }
      const known = files.get(model)
      if (known === undefined) files.set(model, [entry])
      else known.push(entry)
    }
  }
  return { files, days, diagnostics }
}

function top(file: TreeFile) {
  return { file: file.path, line: 1, column: 1 }
}

function notPlain(file: TreeFile): Diagnostic {
  const message =
    file.mode === 'link' ? 'a snapshot file must not be a symbolic link' : 'a snapshot file must not be a submodule'
  return problemAt(top(file), { code: 'load/not-a-file', message, hint: 'put the file itself here' })
}

function unknownModel(file: string, id: string, known: readonly string[], line = 1): Diagnostic {
  const near = nearestWord(id, known)
  return problemAt(
    { file, line, column: 1 },
    {
      code: 'load/unknown-model',
      message: `no card has the id \`${id}\``,
      hint:
        near === undefined
          ? `write models/${id}/card.yaml, or name it in a card's \`formerly\``
          : `did you mean \`${near}\`?`,
    },
  )
}
