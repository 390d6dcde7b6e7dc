// Where a folder is due but a file, a link or a submodule stands: nothing below it would be read, and a repository without
// models or policies would pass for a sound one.
import { compareText } from '../base/order.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { SourceTree, TreeFile } from '../world.ts'
import { problemOfFile } from './repository-files.ts'

const READ = ['models', 'models/snapshots', 'policies', 'policies/enforcement', 'policies/frameworks', 'policies/tests']
const DUE = [...READ, 'policies/waivers', 'ledger', 'reports']

/** Errors, in order of path. */
export function notFolders(tree: SourceTree): Diagnostic[] {
  // A submodule that is checked out is a folder on disk, so only the list tells it.
  const submodules = tree.list(['models', 'policies']).filter(({ mode }) => mode === 'submodule')
  const isOne = (path: string) => tree.has(path) || submodules.some((one) => one.path === path)
  return DUE.filter(isOne).sort(compareText).map(notAFolder)
}

/** A file, link or submodule in the place of a folder: an error at line 1. */
export function notAFolder(path: string): Diagnostic {
  return problemOfFile(path, {
    code: 'load/not-a-folder',
    message: `\`${path}\` is no folder of this repository`,
    hint: 'put the folder itself in its place: links and submodules are not followed',
  })
}

/** What stands in place of a model's folder: a submodule, or a link that leads to no file of the tree. */
export function isInPlaceOfFolder(tree: SourceTree, { path, mode }: TreeFile): boolean {
  if (mode !== 'link') return mode === 'submodule'
  const target = Buffer.from(tree.read(path)).toString('utf8')
  return target.startsWith('/') || target.startsWith('../') || !tree.has(`models/${target}`)
}
