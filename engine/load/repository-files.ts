// Which files of a tree the loader reads, by folder, and their bytes; what cannot be read, or would silently not be, is told.
import { posix } from 'node:path'
import { nearestWord } from '../base/nearest-word.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { SourceTree, TreeFile } from '../world.ts'
import { type Problem, problemAt } from './source-text.ts'

/** Without it there is no governance repository. */
export const GOVERNANCE_FILE = 'policies/governance.yaml'

/** The files under policies/ by what they are, and those that would silently not be read. */
export interface PolicyFiles {
  readonly governance: TreeFile | null
  readonly policies: readonly TreeFile[]
  readonly enforcement: readonly TreeFile[]
  readonly waivers: readonly TreeFile[]
  readonly frameworks: readonly TreeFile[]
  readonly tests: readonly TreeFile[]
  readonly diagnostics: readonly Diagnostic[]
}

const FOLDERS = ['enforcement', 'frameworks', 'tests', 'waivers'] as const

/** The files under `policies/`, each list in order of path. */
export function listPolicyFiles(tree: SourceTree): PolicyFiles {
  const diagnostics: Diagnostic[] = []
  const found: Record<(typeof FOLDERS)[number] | 'policies', TreeFile[]> = {
    policies: [],
    enforcement: [],
    frameworks: [],
    tests: [],
    waivers: [],
  }
  let governance: TreeFile | null = null
  const folders = new Set<string>()
  for (const file of tree.list(['policies'])) {
    const above = folderNamedAsFile(file.path)
    if (above !== null) {
      folders.add(above)
      continue
    }
    const [folder, ...rest] = file.path.split('/').slice(1)
    const yaml = file.path.endsWith('.yaml')
    if (file.path === GOVERNANCE_FILE) governance = file
    else if (isYml(file.path)) diagnostics.push(problemOfFile(file.path, YML))
    else if (!yaml) continue
    else if (rest.length === 0) found.policies.push(file)
    else if (rest.length === 1 && isFolder(folder)) found[folder].push(file)
    else diagnostics.push(strayPolicy(file.path, folder ?? ''))
  }
  diagnostics.push(...[...folders].map(notAFile))
  return { governance, ...found, diagnostics }
}

/** The bytes of a file; a link is followed once, within the repository. */
export function readTreeFile(tree: SourceTree, file: TreeFile): Uint8Array | Diagnostic {
  const plain = plainFile(tree, file)
  return isDiagnostic(plain) ? plain : tree.read(plain.path)
}

/** The file whose bytes stand for this one: itself, or what it is a link to. */
export function plainFile(tree: SourceTree, file: TreeFile): TreeFile | Diagnostic {
  if (file.mode === 'submodule') return problemOfFile(file.path, SUBMODULE)
  if (file.mode !== 'link') return file
  const target = Buffer.from(tree.read(file.path)).toString('utf8')
  const path = posix.normalize(posix.join(posix.dirname(file.path), target))
  if (target.startsWith('/') || path.startsWith('../') || path === '..') {
    return problemOfFile(file.path, {
      code: 'load/link-outside',
      message: 'the file is a link that leaves the repository',
      hint: 'put the file itself in its place',
    })
  }
  const [top = ''] = path.split('/')
  const found = tree.list([top]).find((candidate) => candidate.path === path)
  if (found?.mode === 'file' || found?.mode === 'executable') return found
  return problemOfFile(file.path, {
    code: 'load/broken-link',
    message: 'the file is a link to no plain file',
    hint: 'put the file itself in its place',
  })
}

/** Whether a file could not be read, and this says why. */
export function isDiagnostic(answer: object): answer is Diagnostic {
  return 'severity' in answer
}

/** A problem of a file as a whole. */
export function problemOfFile(file: string, problem: Problem): Diagnostic {
  return problemAt({ file, line: 1, column: 1 }, problem)
}

/** Of `policies/x.yaml/y`, `policies/x.yaml`: nothing in it would be read, though its name says otherwise. */
function folderNamedAsFile(path: string): string | null {
  return /^.*?\.ya?ml(?=\/)/i.exec(path)?.[0] ?? null
}

/** A folder in the place of a file. */
export function notAFile(path: string): Diagnostic {
  return problemOfFile(path, {
    code: 'load/not-a-file',
    message: `\`${path}\` is a folder, so nothing in it is read`,
    hint: 'put the file itself in its place, or give the folder another name',
  })
}

/** `.yml`, which is refused: one ending, one meaning. */
export function isYml(path: string): boolean {
  return /\.yml$/i.test(path)
}

/** `policies/waivers/x.yaml` → `x`. */
export function fileName(path: string): string {
  return posix.basename(path, '.yaml')
}

/** A file that ends in `.yml`. */
export const YML: Problem = {
  code: 'load/yml-file',
  message: 'only `*.yaml` files are read',
  hint: 'rename it from `.yml` to `.yaml`',
}
const SUBMODULE: Problem = {
  code: 'load/submodule',
  message: 'the path is a submodule, not a file',
  hint: 'keep the file in this repository',
}

function isFolder(name: string | undefined): name is (typeof FOLDERS)[number] {
  return (FOLDERS as readonly (string | undefined)[]).includes(name)
}

function strayPolicy(path: string, folder: string): Diagnostic {
  const near = nearestWord(folder, FOLDERS)
  const hint =
    near === undefined || near === folder
      ? `YAML is read in policies/ and its folders ${FOLDERS.join(', ')}`
      : `did you mean \`policies/${near}/\`?`
  return problemOfFile(path, { severity: 'warning', code: 'load/stray-file', message: 'the file is not read', hint })
}
