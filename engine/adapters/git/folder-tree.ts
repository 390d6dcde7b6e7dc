// A folder that is in no Git repository, as a SourceTree: no commit, no ids, nothing dirty.
import { lstatSync, readlinkSync, type Stats, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Fault } from '../../base/fault.ts'
import { compareText } from '../../base/order.ts'
import type { SourceTree, TreeFile } from '../../world.ts'
import { mergeFolders, noSuchFile } from './commit-tree.ts'
import { readPlainFile } from './plain-file.ts'
import { requireSafePath } from './safe-path.ts'
import { lstatOrNull, scanFolder } from './scan-folder.ts'

/** Faults `git/no-folder` where there is no such folder. */
export function openFolderTree(directory: string): SourceTree {
  const root = resolve(directory)
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new Fault('git/no-folder', `\`${directory}\` is not a folder`, 'give a folder that exists')
  }
  const stats = new Map<string, Stats>()
  const scans = new Map<string, readonly TreeFile[]>()
  /** Each top folder is scanned once; a folder below it is a part of that. */
  const listOne = (folder: string): readonly TreeFile[] => {
    const [top = ''] = folder.split('/', 1)
    const files = scans.get(top) ?? scan(top)
    scans.set(top, files)
    return top === folder ? files : files.filter(({ path }) => path === folder || path.startsWith(`${folder}/`))
  }
  const scan = (folder: string): TreeFile[] => {
    const files: TreeFile[] = []
    scanFolder({ root, rules: null, isTracked: () => false }, folder, (path, stat) => {
      stats.set(path, stat)
      files.push({ path, id: null, mode: modeOf(stat) })
    })
    return files.sort((a, b) => compareText(a.path, b.path))
  }
  const find = (path: string): Stats | null => stats.get(path) ?? statBelow(root, path)
  return {
    label: `folder ${directory}`,
    commit: null,
    dirty: [],
    list: (folders) => mergeFolders(folders, listOne),
    has: (path) => find(path) !== null,
    read: (path) => {
      const stat = find(path)
      if (stat === null) throw noSuchFile(path, `the folder \`${directory}\``)
      // Safe paths are normal already, and `join` would look at each of their characters.
      const file = `${root}/${path}`
      return stat.isSymbolicLink() ? readlinkSync(file, 'buffer') : readPlainFile(file, path, stat)
    },
    treeId: () => null,
  }
}

function statBelow(root: string, path: string): Stats | null {
  requireSafePath(path)
  const names = path.split('/')
  for (let i = 1; i < names.length; i++) {
    const parent = join(root, ...names.slice(0, i))
    if (lstatSync(parent, { throwIfNoEntry: false })?.isDirectory() !== true) return null
  }
  const stat = lstatOrNull(join(root, path), path)
  return stat !== null && (stat.isFile() || stat.isSymbolicLink()) ? stat : null
}

function modeOf(stat: Stats): TreeFile['mode'] {
  if (stat.isSymbolicLink()) return 'link'
  return (stat.mode & 0o100) === 0 ? 'file' : 'executable'
}
