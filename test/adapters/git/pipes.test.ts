// A repository whose files are pipes, devices or includes without end: told, never waited for.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { createRepository } from '../../../engine/adapters/git/create-repository.ts'
import { Fault } from '../../../engine/base/fault.ts'
import { open, scratch } from './oracle.ts'

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
