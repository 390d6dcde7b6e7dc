// Repositories that are not as they should be, made from a sound one: for the tests of what the verbs say of them.
import { execFileSync } from 'node:child_process'
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { git } from './finished-run.ts'
import {
  copyOf,
  GOVERNANCE,
  GOVERNED_FILES,
  giveKey,
  governedRepository,
  ledgerPolicy,
  scratch,
  writeFiles,
} from './governed-repository.ts'

export const fresh = governedRepository()
const WHO = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.org']
export const RECORDED = { 'policies/governance.yaml': `${GOVERNANCE}record: { branch: side }\n` }
export const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n'

function commitAll(folder: string): void {
  git(folder, 'add', '-A')
  git(folder, ...WHO, 'commit', '-q', '-m', 'as it is')
}

/** A copy of the sound repository after `change`; committed where that is asked for. */
export const changed = (change: (folder: string) => void, isCommitted = true) => {
  const folder = copyOf(fresh)
  change(folder)
  if (isCommitted) commitAll(folder)
  return folder
}

export const initialised = (...options: string[]) => {
  const folder = scratch()
  git(folder, 'init', '-q', '-b', 'main', ...options)
  return folder
}

export const populated = (folder: string) => {
  writeFiles(folder, { ...GOVERNED_FILES, 'ledger/policy': ledgerPolicy() })
  giveKey(join(folder, '.git'))
  return folder
}

export const cloned = (...options: string[]) => {
  const folder = join(scratch(), 'clone')
  git(fresh, 'config', 'uploadpack.allowFilter', 'true')
  execFileSync('git', ['clone', '-q', ...options, `file://${fresh}`, folder], { stdio: 'pipe' })
  giveKey(join(folder, '.git'))
  git(folder, 'remote', 'remove', 'origin')
  return folder
}

export const linkOut = (path: string) => (folder: string) => {
  rmSync(join(folder, path), { recursive: true, force: true })
  symlinkSync('../../../elsewhere', join(folder, path))
}

export const addSubmodule = (path: string) => (folder: string) => {
  git(folder, 'rm', '-rq', '--cached', '--ignore-unmatch', path)
  rmSync(join(folder, path), { recursive: true, force: true })
  git(folder, 'update-index', '--add', '--cacheinfo', `160000,${git(folder, 'rev-parse', 'HEAD')},${path}`)
  git(folder, ...WHO, 'commit', '-q', '-m', 'a submodule')
}
