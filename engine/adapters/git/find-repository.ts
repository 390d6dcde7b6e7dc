// Finds the repository around a folder, as Git does: `.git` folders, `.git` files (submodules, linked worktrees) and bare
// repositories; and refuses the formats that this reader does not know, by name.
// Environment variables such as GIT_DIR play no part. Owners are not compared: nothing from a repository is executed.
import { existsSync, type Stats, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { errorCode, isAbsent } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import { type GitConfig, readConfig, userConfigFiles } from './config-file.ts'
import { readWholeFile } from './plain-file.ts'

/** Where a repository lies: a linked work tree shares the common folder. */
export interface Repository {
  /** Holds objects and refs; shared by linked worktrees. */
  readonly commonDir: string
  /** Holds HEAD and the index of this worktree; `commonDir` itself in the main one. */
  readonly gitDir: string
  /** Null for a bare one. */
  readonly workTree: string | null
  readonly config: GitConfig
}

/** Null where no folder upwards of `start` has one. Faults `git/…` for one that cannot be read. */
export function findRepository(start: string, options: { readonly userConfig?: boolean } = {}): Repository | null {
  const from = resolve(start)
  if (stateOf(from)?.isDirectory() !== true) {
    throw new Fault('git/no-folder', `\`${start}\` is not a folder`, 'give the folder of a Git repository')
  }
  for (let folder = from; ; folder = dirname(folder)) {
    const gitDir = gitDirIn(folder)
    if (gitDir !== null) return describe(gitDir, options.userConfig ?? true)
    if (folder === dirname(folder)) return null
  }
}

/** The Git directory that a folder has (`.git`) or is (bare, or inside `.git`). */
function gitDirIn(folder: string): { readonly gitDir: string; readonly folder: string } | null {
  const dotGit = join(folder, '.git')
  const state = stateOf(dotGit)
  if (state?.isFile() === true) return { gitDir: followGitFile(dotGit), folder }
  if (state?.isDirectory() === true) {
    if (isGitDir(dotGit)) return { gitDir: dotGit, folder }
    throw new Fault(
      'git/no-repository',
      `\`${dotGit}\` is no Git directory (HEAD, objects or refs is lacking)`,
      'run `git init`, or `git fsck` on a copy',
    )
  }
  return isGitDir(folder) ? { gitDir: folder, folder } : null
}

function followGitFile(file: string): string {
  const match = /^gitdir: (.+?)\r?\n?$/.exec(readText(file))
  const gitDir = match?.[1] === undefined ? null : resolve(dirname(file), match[1])
  if (gitDir !== null && isGitDir(gitDir)) return gitDir
  throw new Fault(
    'git/no-repository',
    `\`${file}\` points at \`${gitDir ?? 'nothing'}\`, which is no Git directory`,
    'the main repository was moved or the worktree removed: run `git worktree repair` there',
  )
}

function isGitDir(folder: string): boolean {
  if (!existsSync(join(folder, 'HEAD'))) return false
  const common = commonDirOf(folder)
  return existsSync(join(common, 'objects')) && existsSync(join(common, 'refs'))
}

function commonDirOf(gitDir: string): string {
  const file = join(gitDir, 'commondir')
  return existsSync(file) ? resolve(gitDir, readText(file).trim()) : gitDir
}

function describe({ gitDir, folder }: { gitDir: string; folder: string }, userConfig: boolean): Repository {
  const commonDir = commonDirOf(gitDir)
  const configFile = join(commonDir, 'config')
  readText(configFile, true)
  const own = readConfig([configFile], gitDir)
  requireKnownFormat(own, commonDir)
  const files = [...(userConfig ? userConfigFiles() : []), configFile]
  if (own.isOn('extensions.worktreeConfig') === true) files.push(join(gitDir, 'config.worktree'))
  const config = readConfig(files, gitDir)
  return { commonDir, gitDir, workTree: workTreeOf(config, gitDir, folder, commonDir), config }
}

function workTreeOf(config: GitConfig, gitDir: string, folder: string, commonDir: string): string | null {
  const isLinked = gitDir !== commonDir
  if (!isLinked) {
    const configured = config.get('core.worktree')
    if (configured !== null) return resolve(gitDir, configured)
    if (config.isOn('core.bare') === true) return null
  }
  if (folder !== gitDir) return folder
  if (isLinked) return dirname(readText(join(gitDir, 'gitdir')).trim())
  return basename(gitDir) === '.git' ? dirname(gitDir) : null
}

const KNOWN_EXTENSIONS = new Set([
  'noop',
  'noop-v1',
  'preciousobjects',
  'partialclone',
  'worktreeconfig',
  'relativeworktrees',
])

/** https://git-scm.com/docs/repository-version */
function requireKnownFormat(config: GitConfig, gitDir: string): void {
  const hash = config.get('extensions.objectFormat') ?? 'sha1'
  if (hash !== 'sha1') {
    throw unknownFormat(
      `names objects by ${hash.toUpperCase()}`,
      gitDir,
      'use a repository made with `--object-format=sha1`',
    )
  }
  const refs = config.get('extensions.refStorage') ?? 'files'
  if (refs !== 'files') {
    throw unknownFormat(`stores refs as ${refs}`, gitDir, 'run `git refs migrate --ref-format=files` there')
  }
  const version = config.get('core.repositoryFormatVersion') ?? '0'
  if (version !== '0' && version !== '1') {
    throw unknownFormat(`has format version ${version}`, gitDir, 'clone it with `git clone`, which writes version 0')
  }
  const unknown = config
    .names('extensions')
    .find((name) => !['objectformat', 'refstorage'].includes(name) && !KNOWN_EXTENSIONS.has(name))
  if (version === '1' && unknown !== undefined) {
    throw unknownFormat(`uses the extension \`${unknown}\``, gitDir, 'clone it without that extension')
  }
}

function unknownFormat(what: string, gitDir: string, hint: string): Fault {
  return new Fault('git/unknown-format', `the repository \`${gitDir}\` ${what}, which is not supported`, hint)
}

function readText(file: string, mayLack = false): string {
  try {
    return readWholeFile(file).toString('utf8')
  } catch (error) {
    if (mayLack && isAbsent(error)) return ''
    throw unreadable(file, error)
  }
}

function stateOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null
  } catch (error) {
    if (isAbsent(error)) return null
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): Fault {
  return new Fault(
    'git/unreadable',
    `cannot read \`${path}\` (${errorCode(error)})`,
    'check its owner and permissions',
    {
      cause: error,
    },
  )
}
