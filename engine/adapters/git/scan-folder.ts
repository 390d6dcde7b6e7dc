// Walks folders of a working folder: each file with its stat, links not followed, ignored and nested repositories left out.
import { type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs'
import { isAbsent } from '../../base/durable-files.ts'
import { type IgnoreRule, isIgnored } from './ignore-rules.ts'
import { unreadableFile } from './plain-file.ts'
import type { WorktreeRules } from './worktree-rules.ts'

/** What decides whether a file of a folder is seen. */
export interface ScanContext {
  readonly root: string
  /** Null outside Git: nothing is ignored. */
  readonly rules: WorktreeRules | null
  /** Tracked files are found whatever the ignore rules say. */
  isTracked(path: string): boolean
}

/** Calls `found` for each file or link at or below `folder`, in no order. A folder that is absent yields nothing. */
export function scanFolder(context: ScanContext, folder: string, found: (path: string, stat: Stats) => void): void {
  const { rules } = context
  let inherited: readonly IgnoreRule[] = rules?.baseIgnoreRules() ?? []
  let ignored = false
  const names = folder === '' ? [] : folder.split('/')
  for (let i = 0; i < names.length; i++) {
    const above = names.slice(0, i).join('/')
    const path = names.slice(0, i + 1).join('/')
    if (rules !== null) inherited = [...inherited, ...rules.ignoreRulesIn(above)]
    const stat = lstatOrNull(`${context.root}/${path}`, path)
    if (stat === null) return
    if (!stat.isDirectory()) {
      if (i === names.length - 1 && isWanted(context, inherited, ignored, path, false)) found(path, stat)
      return
    }
    ignored ||= isIgnored(inherited, path, true)
  }
  walk(context, folder, inherited, ignored, found)
}

function walk(
  context: ScanContext,
  folder: string,
  inherited: readonly IgnoreRule[],
  ignored: boolean,
  found: (path: string, stat: Stats) => void,
): void {
  const entries = list(`${context.root}/${folder}`, folder)
  if (folder !== '' && entries.some(({ name }) => name === '.git')) return
  const hasRules = context.rules !== null && entries.some(({ name }) => name === '.gitignore')
  const rules = hasRules ? [...inherited, ...(context.rules?.ignoreRulesIn(folder) ?? [])] : inherited
  for (const entry of entries) {
    if (entry.name.toLowerCase() === '.git') continue
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) {
      walk(context, path, rules, ignored || isIgnored(rules, path, true), found)
    } else if ((entry.isFile() || entry.isSymbolicLink()) && isWanted(context, rules, ignored, path, false)) {
      // Names from a folder make a normal path, and `join` would look at each of its characters.
      const stat = lstatOrNull(`${context.root}/${path}`, path)
      if (stat !== null) found(path, stat)
    }
  }
}

function isWanted(
  context: ScanContext,
  rules: readonly IgnoreRule[],
  ignored: boolean,
  path: string,
  isFolder: boolean,
): boolean {
  return context.isTracked(path) || !(ignored || isIgnored(rules, path, isFolder))
}

function list(folder: string, path: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if (isAbsent(error)) return []
    throw unreadableFile(path === '' ? folder : path, error)
  }
}

/** The state of a file, null where it is absent; links are not followed. Faults `git/unreadable`. */
export function lstatOrNull(file: string, path: string): Stats | null {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) ?? null
  } catch (error) {
    if (isAbsent(error)) return null
    throw unreadableFile(path, error)
  }
}
