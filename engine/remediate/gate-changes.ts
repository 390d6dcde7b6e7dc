// What no pull request may do, whoever approved it: change what only runs write, or what was measured. Pure.
import { compareText } from '../base/order.ts'

/** A file that differs between the fork point and the head; null where it is absent on that side. A link or a submodule has no bytes. */
export interface ChangedFile {
  readonly path: string
  readonly before: Uint8Array | null
  readonly after: Uint8Array | null
}

/** What a change may not do, whoever approves it. */
export type ChangeProblem =
  | { readonly code: 'run-files'; readonly path: string }
  | { readonly code: 'look-alike'; readonly path: string; readonly like: string }
  | { readonly code: 'other-file'; readonly path: string; readonly folder: string }
  | { readonly code: 'snapshot-changed'; readonly path: string; readonly line: number }
  | { readonly code: 'model-removed'; readonly path: string }

/** In order of path and line, one a file or line. */
export function gateChanges(changed: readonly ChangedFile[]): ChangeProblem[] {
  const files = [...changed].sort(byPath)
  const runFiles = files.filter(({ path }) => isRunFile(path)).map(({ path }) => ({ code: 'run-files', path }) as const)
  return [...runFiles, ...lookAlikes(files), ...lostLines(files.filter(({ path }) => path.startsWith(SNAPSHOTS)))]
}

/** A proposal changes the files of its own model alone: for others, others answer. In order of path. */
export function gateOtherFiles(changed: readonly ChangedFile[], model: string): ChangeProblem[] {
  const folder = `models/${model}`
  return changed
    .map(({ path }) => path)
    .filter((path) => !path.startsWith(`${folder}/`))
    .sort(compareText)
    .map((path) => ({ code: 'other-file', path, folder }))
}

/** What a snapshot file gains: the models that its new lines are of, each list sorted. */
export interface AddedLines {
  readonly path: string
  readonly models: readonly string[]
  /** Of lines that take the place of others. */
  readonly corrects: readonly string[]
  /** Of all other lines. */
  readonly measures: readonly string[]
}

/** In order of path. What is no JSON names no model, and is told as an error of the files. */
export function addedLines(changed: readonly ChangedFile[]): AddedLines[] {
  const files = changed.filter(({ path }) => path.startsWith(SNAPSHOTS))
  // A day's lines that were folded into one file stood somewhere before.
  const before = new Set(files.flatMap((file) => linesOf(file.before)))
  return [...files].sort(byPath).flatMap(({ path, after }) => {
    const lines = linesOf(after).flatMap((line) => (before.has(line) ? [] : (measuredIn(line) ?? [])))
    if (lines.length === 0) return []
    const [corrects, measures] = [true, false].map((is) =>
      modelsOf(lines.filter(({ isCorrection }) => isCorrection === is)),
    )
    return [{ path, models: modelsOf(lines), corrects: corrects ?? [], measures: measures ?? [] }]
  })
}

interface MeasuredLine {
  readonly model: string
  readonly isCorrection: boolean
}

function modelsOf(lines: readonly MeasuredLine[]): string[] {
  return [...new Set(lines.map(({ model }) => model))].sort(compareText)
}

function measuredIn(line: string): MeasuredLine | null {
  if (line === '') return null
  try {
    const { supersedes = null, model } = JSON.parse(Buffer.from(line, 'latin1').toString('utf8')) as {
      readonly supersedes?: unknown
      readonly model?: unknown
    }
    return typeof model === 'string' ? { model, isCorrection: supersedes !== null } : null
  } catch {
    return null
  }
}

/** Ids of the models whose card the change takes away; where the model goes on under another id, `formerly` says so. */
export function removedCards(changed: readonly ChangedFile[]): string[] {
  return changed
    .flatMap(({ path, before, after }) => {
      const [, model] = CARD.exec(path) ?? []
      return model === undefined || before === null || after !== null ? [] : [model]
    })
    .sort(compareText)
}

const byPath = (a: ChangedFile, b: ChangedFile) => compareText(a.path, b.path)

const CARD = /^models\/([^/]+)\/card\.yaml$/

const SNAPSHOTS = 'models/snapshots/'

/** `ledger/policy` says whom to trust, and is people's. A link in a folder's place is as bad as a file in it. */
function isRunFile(path: string): boolean {
  const [top] = path.split('/', 1)
  return (top === 'ledger' && path !== 'ledger/policy') || top === 'reports'
}

/** What Windows, HFS+ and APFS take for a governed folder: `Ledger/`, `reports./`, `mo\u200cdels/`. Removing one is good. */
function lookAlikes(files: readonly ChangedFile[]): ChangeProblem[] {
  return files.flatMap(({ path, after }) => {
    const like = plainName(path)
    const folder = GOVERNED.find((one) => like === one || like.startsWith(`${one}/`))
    const isDisguised = folder !== undefined && path !== folder && !path.startsWith(`${folder}/`)
    return isDisguised && after !== null ? [{ code: 'look-alike', path, like: folder } as const] : []
  })
}

/** The deeper one first. */
const GOVERNED = ['models/snapshots', 'models', 'ledger', 'reports', 'policies']

function plainName(path: string): string {
  return path
    .split('/')
    .map((name) =>
      name
        .normalize('NFKC')
        .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
        .replace(/[ .]+$/, '')
        .toUpperCase()
        .toLowerCase(),
    )
    .join('/')
}

/** Lines may be added, and the lines of a day may move, byte-equal, into the file of that day. */
function lostLines(files: readonly ChangedFile[]): ChangeProblem[] {
  const kept = new Map(files.map((file) => [file.path, new Set(linesOf(file.after))]))
  const days = new Map(
    files.filter(({ path }) => DAY.test(path)).map((file) => [file.path, new Set(linesOf(file.after))]),
  )
  return files.flatMap(({ path, before }) =>
    linesOf(before).flatMap((line, i) => {
      if (line === '' || kept.get(path)?.has(line) === true) return []
      const folded = days.get(dayFileOf(path) ?? '')
      return folded?.has(line) === true ? [] : [{ code: 'snapshot-changed', path, line: i + 1 } as const]
    }),
  )
}

const DAY = /^models\/snapshots\/\d{4}\/\d\d\/\d\d\.ndjson$/

/** `models/snapshots/2026/11/21T00/credit.ndjson` → `models/snapshots/2026/11/21.ndjson`. */
function dayFileOf(path: string): string | null {
  const match = /^(models\/snapshots\/\d{4}\/\d\d\/\d\d)T\d\d\/[^/]+\.ndjson$/.exec(path)
  return match === null ? null : `${match[1]}.ndjson`
}

/** Byte for byte: Latin-1 gives each byte a character. */
function linesOf(bytes: Uint8Array | null): string[] {
  return bytes === null
    ? []
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1').split('\n')
}
