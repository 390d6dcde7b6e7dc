// The files that people wrote, as diagnostics show lines of them. Measurements, ledger and data are never shown: a line
// of a snapshot that went wrong may hold what must not be in a log, such as rows of people.
import { Fault } from '../base/fault.ts'
import { isDiagnostic, readTreeFile } from '../load/repository-files.ts'
import type { SourceTree, TreeFile } from '../world.ts'
import type { SourceLines } from './source-excerpt.ts'

/** The YAML of people, `other` standing in for a file of the tree (`--config`). */
export function sourceOf(
  tree: SourceTree,
  other?: { readonly file: string; readonly bytes: Uint8Array } | undefined,
): SourceLines {
  let files: ReadonlyMap<string, TreeFile> | undefined
  let last: { readonly file: string; readonly lines: readonly string[] | null } | undefined
  return (file) => {
    if (last?.file === file) return last.lines
    files ??= new Map(tree.list(['policies', 'models']).map((one) => [one.path, one]))
    const bytes = other?.file === file ? other.bytes : bytesOf(tree, files.get(file))
    // Diagnostics come by file, so the one before is all that is worth keeping.
    last = { file, lines: bytes === null ? null : linesOf(bytes) }
    return last.lines
  }
}

function bytesOf(tree: SourceTree, file: TreeFile | undefined): Uint8Array | null {
  if (file === undefined || !file.path.endsWith('.yaml') || file.path.startsWith('models/snapshots/')) return null
  try {
    const bytes = readTreeFile(tree, file)
    return isDiagnostic(bytes) ? null : bytes
  } catch (error) {
    // The file may have gone since; the diagnostic says what there is to say.
    if (error instanceof Fault) return null
    throw error
  }
}

/** Split as lines are counted: at LF, CRLF and CR, without a byte order mark. */
function linesOf(bytes: Uint8Array): readonly string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
  return (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text).split(/\r\n|\r|\n/)
}
