// A repository whose files are pipes, devices or includes without end: told, never waited for.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { createRepository } from '../../../engine/adapters/git/create-repository.ts'
import { Fault } from '../../../engine/base/fault.ts'
import { git, open, repository, scratch } from './oracle.ts'

function look(folder: string): void {
  const store = open(folder)
  store.headRef()
  store.listRefs('refs/')
  store.workingTree().list(['policies'])
}

const PIPES: readonly [path: string, isFault: boolean][] = [
  ['.git/HEAD', true],
  ['.git/packed-refs', true],
  ['.git/refs/tutela/x', true],
  ['.git/objects/info/alternates', true],
  ['.git/config', true],
  ['.git/info/exclude', false],
  ['.gitignore', false],
]

for (const [path, isFault] of PIPES) {
  test(`a pipe as \`${path}\` is ${isFault ? 'a fault' : 'as if it were empty'}`, { timeout: 10_000 }, () => {
    const folder = scratch()
    createRepository(folder)
    mkdirSync(join(folder, 'policies'))
    writeFileSync(join(folder, 'policies/a.yaml'), 'a')
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    rmSync(file, { force: true })
    execFileSync('mkfifo', [file])
    if (isFault) assert.throws(() => look(folder), Fault)
    else assert.doesNotThrow(() => look(folder))
  })
}

/** Files that are read when a commit is, or the index. */
const READ_LATER: readonly [what: string, place: (folder: string) => string][] = [
  ['the index', (folder) => join(folder, '.git/index')],
  ['a loose object', (folder) => looseFile(folder, git(folder, 'rev-parse', 'HEAD'))],
  ['the index of a pack', (folder) => packOf(folder, '.idx')],
  ['a pack', (folder) => packOf(folder, '.pack')],
]

const STAND_INS: readonly [what: string, put: (file: string) => void][] = [
  ['a pipe', (file) => execFileSync('mkfifo', [file])],
  ['a device', (file) => symlinkSync('/dev/zero', file)],
  ['a folder', (file) => mkdirSync(file)],
]

for (const [what, place] of READ_LATER) {
  for (const [standIn, put] of STAND_INS) {
    test(`${standIn} in the place of ${what} is a fault that names it`, { timeout: 10_000 }, () => {
      const folder = repository({ 'policies/a.yaml': 'a' })
      const file = place(folder)
      rmSync(file)
      put(file)
      assert.throws(
        () => open(folder).dirtyIn(['policies']),
        (error) => error instanceof Fault && error.message.includes(file) && error.hint !== undefined,
      )
    })
  }
}

function looseFile(folder: string, id: string): string {
  return join(folder, '.git/objects', id.slice(0, 2), id.slice(2))
}

function packOf(folder: string, extension: string): string {
  git(folder, 'repack', '-adq')
  const packs = join(folder, '.git/objects/pack')
  return join(packs, readdirSync(packs).find((name) => name.endsWith(extension)) ?? '')
}

test('a device that is included is as if it were empty, and includes without end are a fault', {
  timeout: 10_000,
}, () => {
  const folder = scratch()
  createRepository(folder)
  const config = join(folder, '.git/config')
  appendFileSync(config, '[include]\n\tpath = /dev/zero\n')
  assert.doesNotThrow(() => look(folder))
  appendFileSync(config, '[include]\n\tpath = config\n'.repeat(12))
  assert.throws(() => look(folder), { code: 'git/bad-config' })
})
