// A small repository whose working folder tests change, and what `git status` says of it.
import assert from 'node:assert/strict'
import { existsSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { git, open } from './oracle.ts'

const FOLDERS = ['ledger', 'models', 'policies', 'reports']

/** What git status names below the governed folders. */
export function dirtyByGit(folder: string): string[] {
  const lines = git(
    folder,
    '-c',
    'core.quotePath=false',
    'status',
    '--porcelain',
    '-uall',
    '--no-renames',
    '--',
    ...FOLDERS,
  )
  const paths = lines
    .split('\n')
    .filter(Boolean)
    .map((line) => line.replace(/^.?.? ?/, '').replace(/^"(.*)"$/, '$1'))
    .map((line) => line.trim())
  return [...new Set(paths)].sort()
}

export function assertAsGit(folder: string): readonly string[] {
  const { dirty } = open(folder).workingTree()
  assert.deepEqual(dirty, dirtyByGit(folder))
  return dirty
}

export const FILES = {
  'policies/p.yaml': 'p\n',
  'models/a/card.yaml': 'id: a\n',
  'models/a/snapshots/1.ndjson': '{}\n',
  'models/b/card.yaml': 'id: b\n',
  'models/run.sh': '#!\n',
  'README.md': 'x\n',
} as const

/** Makes the index older than any change to come, so that stat alone decides. */
export function settle(folder: string): void {
  const past = new Date(Date.now() - 60_000)
  for (const path of Object.keys(FILES)) if (existsSync(join(folder, path))) utimesSync(join(folder, path), past, past)
  git(folder, 'update-index', '-q', '--refresh')
}
